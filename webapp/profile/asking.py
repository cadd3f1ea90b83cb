"""A question about a profile: which one, which rank, which stretch of time, and what else was said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from ..queries import Refused
from .opened import OpenedProfile
from .store import ProfileStore

if TYPE_CHECKING:
    from ...profiler.profile import Profile
    from ...profiler.trace import Trace

__all__ = ["Asked"]

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Asked:
    """rank    None: the first one
    window  ns on the trace's clock; None: all of it
    more    the further parameters, by name
    """

    store: ProfileStore
    opened: OpenedProfile
    rank: int | None = None
    window: tuple[int, int] | None = None
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def profile(self) -> Profile:
        """All ranks. Raises Refused for a file without a timeline."""
        if not self.opened.has_trace:
            raise Refused(f"{self.opened.found.name} is a {self.opened.kind_text}: it has no timeline", 422)
        return self.opened.profile

    @property
    def trace(self) -> Trace:
        """Of the rank. Raises Refused, and Waiting while it is being read."""
        self.profile  # noqa: B018  # raises
        return self.store.trace(self.opened, self.rank)

    def answer(self, question: str, make: Callable[[], Answer]) -> Answer:
        """What `make` works out for just these parameters, on a thread, once. Raises Refused, Waiting.

        Ask for `trace` before, where only one rank is needed: then the page is told how far reading is.
        """
        key = (question, self.rank, self.window, *sorted(self.more.items()))
        return self.store.answer(self.opened, key, f"Working out {question}", make)
