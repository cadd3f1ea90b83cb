"""Figures as people read them in sentences."""

from __future__ import annotations

from ..trace import Remark

__all__ = ["count_of", "kernel_title", "mean_of", "percent", "remark_text", "time_text"]


def percent(share: float) -> str:
    """0.1234 → "12.3 %"; what is above or below 0 never reads as 0, what is below 1 never as 100."""
    if 0 < abs(share) < 0.0005:
        return "< 0.1 %" if share > 0 else "> -0.1 %"
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


def kernel_title(name: str) -> str:
    """ "void scale<float, 4>(float*, int)" → "scale<float, 4>": without what it returns and takes, templates stay."""
    bare = name.replace("(anonymous namespace)::", "").partition(" [clone ")[0]
    begin = _outside(bare, "(") if bare.endswith(")") else len(bare)
    if begin <= 0 or bare[begin - 1].isspace():  # "Memcpy HtoD (Pageable -> Device)"
        return bare
    if begin < len(bare) or bare.startswith("void "):
        return bare[_outside(bare[:begin], " ") + 1 : begin]
    return bare


def _outside(text: str, wanted: str) -> int:
    """The last place of this letter outside of brackets; -1. ">" between round ones is no bracket."""
    round_ones = angles = 0
    for at in range(len(text) - 1, -1, -1):
        round_ones += {")": 1, "(": -1}.get(text[at], 0)
        if not round_ones:
            angles += {">": 1, "<": -1}.get(text[at], 0)
            if angles <= 0 and text[at] == wanted:
                return at
    return -1


def remark_text(remark: Remark) -> str:
    """A remark as a sentence, with how often and where."""
    place = f", first at byte {remark.offset:,}" if remark.offset >= 0 else ""
    times = f" ({remark.count:,} times{place})" if remark.count > 1 else f" ({place[2:]})" if place else ""
    return f"{remark.text[:1].upper()}{remark.text[1:]}{times}."


def _digits(value: float) -> int:
    """In front of the point, without the first."""
    return len(str(int(abs(value)))) - 1
