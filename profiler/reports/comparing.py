"""Two captures side by side for a report: one rank of each, or all ranks that both have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..analysis.diff import ProfileDiff, diff, diff_ranks
from ..analysis.wording import count_of
from ..discovery import FoundProfile
from ..profile import Profile, RankFile, open_found
from ..table import Table
from .inputs import Problem
from .problem_text import no_rank, sentence_of

__all__ = ["Comparison", "compare"]

Named = tuple[FoundProfile, Mapping[str, str]]


@dataclass(frozen=True)
class Comparison:
    """before, after: what the two are called. found: see analysis/diff.py.

    problems  ranks of the one before that cannot be read; those of the one after are told by its own report
    """

    before: str
    after: str
    found: ProfileDiff
    problems: tuple[Problem, ...] = ()

    @property
    def tables(self) -> list[Table]:
        """Of several ranks a row for each; steps, operators, kernels, modules, memory."""
        return list(self.found.tables.values())


def compare(
    before: Named,
    after: Named,
    ranks: Sequence[int] = (),
    *,
    index_dir: str | None = None,
) -> Comparison:
    """The ranks that both have, of them these alone; a single rank of each whatever its number.

    Raises OSError and ValueError for files that cannot be read, ValueError for ranks that are not there.
    """
    sides = [open_found(found, cache=index_dir != "", index_dir=index_dir or None) for found, _ in (before, after)]
    numbers = [_chosen(side, ranks) for side in sides]
    if len(numbers[0]) > 1 or len(numbers[1]) > 1:
        return _of_ranks(sides, numbers, (before[1], after[1]))
    traces = [side.trace(chosen[0]) for side, chosen in zip(sides, numbers, strict=True)]
    names = [named.get(trace.path, trace.path) for trace, (_, named) in zip(traces, (before, after), strict=True)]
    return Comparison(names[0], names[1], diff(traces[0], traces[1]))


def _of_ranks(
    sides: Sequence[Profile], numbers: Sequence[Sequence[int]], named: tuple[Mapping[str, str], Mapping[str, str]]
) -> Comparison:
    problems: list[Problem] = []

    def refused(file: RankFile, error: Exception) -> None:
        name = named[0].get(file.path, file.path)
        problems.append(Problem(name, sentence_of(error, name)))

    before, after = (_title(*told) for told in zip(sides, named, numbers, strict=True))
    found = diff_ranks(sides[0].by_rank(refused, numbers[0]), sides[1].by_rank(lambda *_: None, numbers[1]))
    return Comparison(before, after, found, tuple(problems))


def _chosen(profile: Profile, ranks: Sequence[int]) -> list[int]:
    there = [file.rank for file in profile.ranks]
    chosen = [rank for rank in there if not ranks or rank in ranks]
    if not chosen:
        raise ValueError(no_rank(profile.name, ranks, there))
    return chosen


def _title(profile: Profile, named: Mapping[str, str], ranks: Sequence[int]) -> str:
    first = next(file.path for file in profile.ranks if file.rank == ranks[0])
    more = f" and {count_of(len(ranks) - 1, 'further rank')}" if len(ranks) > 1 else ""
    return f"{named.get(first, first)}{more}"
