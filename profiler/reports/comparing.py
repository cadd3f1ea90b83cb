"""Two captures side by side for a report: one rank of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..analysis.diff import ProfileDiff, diff
from ..discovery import FoundProfile
from ..profile import open_found
from ..table import Table

__all__ = ["Comparison", "compare"]

Named = tuple[FoundProfile, Mapping[str, str]]


@dataclass(frozen=True)
class Comparison:
    """before, after: the two files. found: see analysis/diff.py."""

    before: str
    after: str
    found: ProfileDiff

    @property
    def tables(self) -> list[Table]:
        """Steps, operators, kernels, modules, memory."""
        return list(self.found.tables.values())


def compare(before: Named, after: Named, rank: int | None, index_dir: str | None) -> Comparison:
    """The rank of both, by default the first of each. Raises OSError, and ValueError for a rank that is not there."""
    traces, names = [], []
    for found, shown in (before, after):
        profile = open_found(found, cache=index_dir != "", index_dir=index_dir or None)
        try:
            trace = profile.trace(rank)
        except KeyError as error:
            raise ValueError(str(error.args[0])) from None
        traces.append(trace)
        names.append(shown.get(trace.path, trace.path))
    return Comparison(names[0], names[1], diff(traces[0], traces[1]))
