"""Finds words or patterns in all the texts of a log, a stretch of time at a time.

A search has a plan: the tags of the runs, in the order given. It goes through the values of one tag in order of step,
some thousand at a time, which are read in the order of their files. An answer ends when its time is over or it holds
enough; it says where to go on.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

import regex
from google.protobuf.message import DecodeError

from ...logger.errors import BlobUnavailable
from ...logger.proto.event_pb2 import Summary
from ...logger.reader.series import BlobSeries
from ..numbers import finite
from ..queries import Refused

__all__ = ["Finder", "Found", "Place", "Series", "excerpt", "readable_texts", "search"]

Mode = Literal["literal", "case", "regex"]

_STRETCH, _MOST_BYTES = 2_000, 8 << 20  # values that are read at once
_SECONDS = 0.3  # of one answer
_MOST_HITS = 200  # of one answer
_PATTERN_SECONDS = 0.5  # for one text; the pattern is refused when it takes longer
_BEFORE, _AFTER = 30, 210  # characters of an excerpt around its first find
_MOST_SPANS = 20  # places that are marked in an excerpt
_MOST_COUNTED = 1_000  # finds in one value
_LONGEST_QUERY = 1_000  # characters
_REPEATS = regex.compile(r"\{(\d*),?(\d*)\}")
_MOST_REPEATS = 10_000  # of all parts of a pattern, multiplied: it is written out in memory


@dataclass(frozen=True, slots=True)
class Series:
    """The texts of one tag of one run, found when the search comes to them; None when they are gone."""

    run: str
    tag: str
    open: Callable[[], BlobSeries | None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a search stands: `series` of its plan, `value` in its order of steps."""

    series: int = 0
    value: int = 0


class Finder:
    """What is looked for. Raises Refused for a pattern that is none."""

    def __init__(self, query: str, mode: Mode) -> None:
        if not query or len(query) > _LONGEST_QUERY:
            raise Refused(f"query: expected 1 to {_LONGEST_QUERY:,} characters, got {len(query):,}")
        text = query if mode == "regex" else regex.escape(query)
        if mode == "regex":
            _check_repeats(query)
        # A log has texts in any language: letters are compared as Unicode folds them, "ß" and "ss" included.
        flags = 0 if mode == "case" else regex.IGNORECASE | (regex.FULLCASE if mode == "literal" else 0)
        self._word = query if mode == "case" else query.casefold()
        self._mode = mode
        try:
            self._pattern = regex.compile(text, flags | regex.MULTILINE)
        except (regex.error, OverflowError, RecursionError) as error:
            position = getattr(error, "pos", None)
            span = (position, position + 1) if isinstance(position, int) else None
            raise Refused(f"{query[:80]!r} is no regular expression: {error}", span=span) from None

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where it is found, empty finds left out. Raises Refused for a pattern that takes too long."""
        found: list[tuple[int, int]] = []
        if not self._may_be_in(text):
            return found
        try:
            for match in self._pattern.finditer(text, timeout=_PATTERN_SECONDS, concurrent=len(text) > 100_000):
                if match.end() > match.start():
                    found.append(match.span())
                if len(found) >= _MOST_COUNTED:
                    break
        except TimeoutError:
            raise Refused(
                f"the pattern takes more than {_PATTERN_SECONDS:g} s in one text: it can match in too many ways; "
                "repeats within repeats, such as (a+)+, do that",
                422,
            ) from None
        return found

    def _may_be_in(self, text: str) -> bool:
        """Python's own search for words is many times as fast as a pattern's."""
        if self._mode == "regex":
            return True
        return self._word in (text if self._mode == "case" else text.casefold())


def _check_repeats(pattern: str) -> None:
    """Raises Refused where the counts in braces, one within the other, come to more than memory holds."""
    most = math.prod(max(1, *(int(end[:9] or 1) for end in ends)) for ends in _REPEATS.findall(pattern))
    if most > _MOST_REPEATS:
        raise Refused(f"{pattern[:80]!r} repeats its parts too often; counts multiplied may be {_MOST_REPEATS:,}")


@dataclass(slots=True)
class Found:
    """What one stretch of a search came to."""

    hits: list[dict[str, Any]] = field(default_factory=list)
    searched: int = 0  # values
    unreadable: int = 0  # values whose file changed meanwhile, or that are damaged
    next: Place | None = None  # None: that was all


def search(plan: Sequence[Series], finder: Finder, begin: Place, seconds: float = _SECONDS) -> Found:
    """Go on from `begin` until the time is over or the answer is full.

    Raises Refused, see `Finder.spans`.
    """
    found, end = Found(), time.monotonic() + seconds
    value = begin.value
    for number in range(begin.series, len(plan)):
        values = plan[number].open()
        while values is not None and value < len(values):
            before, value = value, _search_stretch(plan[number].run, values, value, finder, found, end)
            found.searched += value - before
            if time.monotonic() > end or len(found.hits) >= _MOST_HITS:
                found.next = Place(number, value)
                return found
        value = 0
        if time.monotonic() > end and number + 1 < len(plan):
            found.next = Place(number + 1)
            return found
    return found


def _search_stretch(run: str, values: BlobSeries, begin: int, finder: Finder, found: Found, end: float) -> int:
    """Look through the next values of a series; where to go on in it."""
    stop = begin + _stretch_of(values, begin)
    texts = dict(readable_texts(values, range(begin, stop)))
    found.unreadable += stop - begin - len(texts)
    for index in range(begin, stop):
        for element, text in enumerate(texts.pop(index, ())):
            spans = finder.spans(text)
            if spans:
                found.hits.append(_hit(run, values, index, element, text, spans))
        if len(found.hits) >= _MOST_HITS or time.monotonic() > end:
            return index + 1
    return stop


def _stretch_of(values: BlobSeries, begin: int) -> int:
    """How many values are read at once: as many as a few megabytes hold."""
    sizes = values.nbytes[begin : begin + _STRETCH].cumsum()
    return max(1, int(sizes.searchsorted(_MOST_BYTES, "right")))


def readable_texts(values: BlobSeries, indices: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
    """As `_texts_of`, without those that cannot be read."""
    try:
        yield from list(_texts_of(values, indices))
    except BlobUnavailable:  # one by one, to have the others
        for index in indices:
            with suppress(BlobUnavailable):
                yield from _texts_of(values, [index])


def _texts_of(values: BlobSeries, indices: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
    """(index, its texts in C order) of many values, in the order of the files, without damaged ones.

    Raises BlobUnavailable.
    """
    for index, message in values.raws(indices):
        try:
            # Not by way of arrays: for a hundred thousand short texts they cost more than the search.
            stored = Summary.Value.FromString(message)
        except DecodeError:
            continue
        yield index, [string.decode("utf-8", "replace") for string in stored.tensor.string_val]


def _hit(
    run: str, values: BlobSeries, index: int, element: int, text: str, spans: list[tuple[int, int]]
) -> dict[str, Any]:
    part, marks = excerpt(text, spans)
    return {
        "run": run,
        "tag": values.tag,
        "index": index,
        "step": int(values.step[index]),
        "wall_time": finite(float(values.wall_time[index])),
        "element": element,
        "count": len(spans),
        "excerpt": part,
        "spans": marks,
    }


def excerpt(text: str, spans: Sequence[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    """The text around the first find, in one line, and where the finds are in it, in UTF-16 units as browsers count."""
    start = max(0, spans[0][0] - _BEFORE)
    stop = min(len(text), start + _BEFORE + _AFTER)
    lead, tail = "…" if start else "", "…" if stop < len(text) else ""
    line = text[start:stop].translate(_ONE_LINE)

    def units(at: int) -> int:
        return len(lead) + len(line[: at - start].encode("utf-16-le", "replace")) // 2

    marks = [(units(a), units(min(b, stop))) for a, b in spans[:_MOST_SPANS] if a < stop]
    return lead + line + tail, marks


_ONE_LINE = dict.fromkeys(map(ord, "\n\r\t"), " ")
