"""What to say of a name that nothing has: which were most likely meant."""

from __future__ import annotations

import difflib
from collections.abc import Collection

from .nodes import ExpressionError
from .tokens import FIELDS

__all__ = ["unknown_name", "unknown_scalar"]

_MOST_COMPARED = 20_000
_LONGEST_COMPARED = 200  # characters
_OFFERED = 3


def unknown_name(name: str, known: Collection[str], start: int, end: int) -> ExpressionError:
    """The error of a name, or of the field behind the dot of one that is known; characters start:end are the name's."""
    stem, _, field = name.rpartition(".")
    if stem in known:
        near = difflib.get_close_matches(field, FIELDS, n=1)
        hint = f"did you mean `.{near[0]}`?" if near else f"there are {', '.join(FIELDS)} and at(…)"
        return ExpressionError(f"`{stem}` has no field `{field}`; {hint}", end - len(field) - 1, end)
    near = _nearest(name, known)
    hint = f"did you mean {_listed(near)}?" if near else f'a text goes in quotes: "{name}"'
    return ExpressionError(f"unknown name `{name}`; {hint}", start, end)


def unknown_scalar(name: str, known: Collection[str]) -> ExpressionError:
    """The error of a name where only a scalar's will do, not an expression."""
    stem, near = name.rpartition(".")[0], _nearest(name, known)
    near = [stem] if stem in known else near
    hint = f"; did you mean {_listed(near)}?" if near else ""
    return ExpressionError(f"no run has a scalar `{name}`{hint}", 0, len(name))


def _nearest(name: str, known: Collection[str]) -> list[str]:
    """Names spelled alike, whatever the case; else those that end in it, or hold it."""
    if not 0 < len(name) <= _LONGEST_COMPARED:
        return []
    by_fold: dict[str, str] = {}
    for other in sorted(known)[:_MOST_COMPARED]:
        by_fold.setdefault(other.casefold(), other)
    wanted = name.casefold()
    alike = difflib.get_close_matches(wanted, by_fold, n=_OFFERED, cutoff=0.65)
    if not alike:
        holding = [
            other for other in by_fold if len(wanted) > 1 and wanted in other and not other.startswith("hparams.")
        ]
        alike = sorted(holding, key=lambda other: (not other.endswith(wanted), len(other), other))[:_OFFERED]
    return [by_fold[other] for other in alike]


def _listed(names: list[str]) -> str:
    *most, last = [f"`{name}`" for name in names]
    return f"{', '.join(most)} or {last}" if most else last
