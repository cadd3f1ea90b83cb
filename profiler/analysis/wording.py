"""Figures as people read them in sentences."""

from __future__ import annotations

from ..trace import Remark

__all__ = ["count_of", "mean_of", "percent", "remark_text", "time_text"]


def percent(share: float) -> str:
    """0.1234 → "12.3 %"; what is above 0 never reads as 0, what is below 1 never as 100."""
    if 0 < share < 0.0005:
        return "< 0.1 %"
    if 0.9995 <= share < 1:
        return "> 99.9 %"
    return f"{100 * share:.1f} %"


def time_text(ns: float) -> str:
    """1234567 → "1.23 ms": three digits, from ns to s."""
    for unit, factor in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if abs(ns) >= 0.9995 * factor:
            value = ns / factor
            return f"{value:,.{max(0, 2 - _digits(value))}f} {unit}"
    return f"{ns:.0f} ns"


def count_of(count: int, one: str, many: str = "") -> str:
    """(2, "kernel") → "2 kernels"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def mean_of(mean: float, one: str, many: str = "") -> str:
    """(10.0, "wait") → "10 waits", (2.5, "wait") → "2.5 waits"."""
    if mean == round(mean) or mean >= 100:
        return count_of(round(mean), one, many)
    return f"{mean:,.1f} {many or one + 's'}"


def remark_text(remark: Remark) -> str:
    """A remark as a sentence, with how often and where."""
    place = f", first at byte {remark.offset:,}" if remark.offset >= 0 else ""
    times = f" ({remark.count:,} times{place})" if remark.count > 1 else f" ({place[2:]})" if place else ""
    return f"{remark.text[:1].upper()}{remark.text[1:]}{times}."


def _digits(value: float) -> int:
    """In front of the point, without the first."""
    return len(str(int(abs(value)))) - 1
