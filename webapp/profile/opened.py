"""A profile that questions are asked about."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, TypeVar

from ...profiler.reports.problem_text import sentence_of
from ..queries import Refused
from .weights import weight_of

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from ...profiler.discovery import FoundProfile
    from ...profiler.profile import Profile, RankFile

__all__ = ["TRACE_KINDS", "OpenedProfile"]

Read = TypeVar("Read")

TRACE_KINDS = ("kineto", "xplane", "execution_trace", "stacks")  # kinds of files that have a timeline


@dataclass(frozen=True)
class OpenedProfile:
    """id: as in addresses. stamps: tell one content of its files from the next.

    problems  rank → why its file cannot be read, as far as somebody tried
    """

    id: str
    found: FoundProfile
    stamps: tuple[tuple[int, ...], ...]
    index_dir: str | None
    executor: Executor | None = None
    problems: dict[int, str] = field(default_factory=dict)
    number: int = field(default_factory=count().__next__)  # no other one of this process has it

    @property
    def key(self) -> tuple[object, ...]:
        """Names this content."""
        return self.id, self.stamps

    @property
    def has_trace(self) -> bool:
        """Whether it has a timeline; other kinds of files are asked about by their paths."""
        return self.found.kind in TRACE_KINDS

    @property
    def kind_text(self) -> str:
        """In words."""
        return self.found.kind.replace("_", " ")

    @cached_property
    def profile(self) -> Profile:
        """Its ranks, read when they are asked for."""
        from ...profiler.profile import open_found

        cache = self.index_dir != ""
        return open_found(self.found, executor=self.executor, cache=cache, index_dir=self.index_dir or None)

    def file(self, rank: int | None) -> RankFile:
        """The file of a rank, the first one without any. Raises Refused (404)."""
        ranks = self.profile.ranks
        found = next((file for file in ranks if rank is None or file.rank == rank), None)
        if found is None:
            listed = ", ".join(str(file.rank) for file in ranks)
            raise Refused(f"{self.found.name} has no rank {rank}; there are {listed}", 404)
        return found

    def reading(self, file: RankFile, read: Callable[[], Read]) -> Read:
        """What `read` makes of a rank's file. Raises ValueError that names it; the sentence is kept in `problems`."""
        try:
            made = read()
        except (OSError, ValueError) as error:
            self.problems[file.rank] = sentence_of(error, os.path.basename(file.path))
            raise ValueError(self.problems[file.rank]) from error
        self.problems.pop(file.rank, None)
        return made

    @property
    def weight(self) -> int:
        """Bytes of the traces that are in memory."""
        return weight_of(self.profile.loaded()) if "profile" in self.__dict__ else 0
