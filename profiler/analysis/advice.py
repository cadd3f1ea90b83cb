"""What a recommendation is made of."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Place", "Recommendation"]


@dataclass(frozen=True)
class Place:
    """Where to look at the evidence: a view of the page, and what to show there.

    window  ns, of the timeline; row: of `Trace.slices`, -1 for none; find: words for the filter of a table
    """

    view: str
    window: tuple[int, int] | None = None
    row: int = -1
    find: str = ""


@dataclass(frozen=True)
class Recommendation:
    """id        the same in every version
    title     what costs time, in a few words
    text      what to do
    evidence  sentences with the figures
    gain      ns per step that can be won at the most; NaN where nobody can tell. share: of the mean step
    """

    id: str
    title: str
    text: str
    evidence: tuple[str, ...]
    gain: float
    share: float
    place: Place = field(default_factory=lambda: Place("timeline"))
