"""The values of a column over all rows: numbers, or texts as codes into the distinct ones."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["Column", "ColumnInfo", "Kind", "Numbers", "Table", "Texts", "numbers", "texts"]

Kind: TypeAlias = Literal["number", "bool", "time", "duration", "text"]
_LAST_EXACT = 2**53  # float64 holds every whole number up to here

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Numbers:
    """`values` are NaN where there is none; `missing` tells that from a NaN that was logged.

    bool: 0 and 1. time: seconds since the epoch. duration: seconds.
    """

    values: Floats
    missing: Mask
    kind: Kind = "number"
    whole: npt.NDArray[np.int64] | None = None  # the values once more, where float64 cannot hold them (steps)

    def at(self, row: int) -> float | bool | None:
        """The value of one row, None where it is missing; an int where float64 would round."""
        if self.missing[row]:
            return None
        if self.whole is not None:
            return int(self.whole[row])
        value = float(self.values[row])
        return bool(value) if self.kind == "bool" else value

    def take(self, rows: npt.NDArray[np.intp]) -> Numbers:
        whole = None if self.whole is None else self.whole[rows]
        return Numbers(self.values[rows], self.missing[rows], self.kind, whole)

    def array(self) -> npt.NDArray[Any]:
        """float64 with NaN for missing ones."""
        return self.values


@dataclass(frozen=True, eq=False)
class Texts:
    """Row i holds strings[codes[i]]; code -1 is missing. Strings are distinct."""

    codes: npt.NDArray[np.int32]
    strings: list[str]
    kind: Kind = "text"

    @property
    def missing(self) -> Mask:
        return self.codes < 0

    @cached_property
    def as_numbers(self) -> Floats:
        """The texts that read as numbers, NaN for others: a hyperparameter may be 3 here and "auto" there."""
        found = np.array([*(_number(text) for text in self.strings), math.nan])
        return found[self.codes]

    def at(self, row: int) -> str | None:
        """The text of one row, None where it is missing."""
        code = int(self.codes[row])
        return self.strings[code] if code >= 0 else None

    def take(self, rows: npt.NDArray[np.intp]) -> Texts:
        return Texts(self.codes[rows], self.strings)

    def array(self) -> npt.NDArray[Any]:
        """Objects: str, or None for missing ones."""
        return np.array([*self.strings, None], object)[self.codes]


Column: TypeAlias = Numbers | Texts


@dataclass(frozen=True)
class ColumnInfo:
    """What heads a column."""

    name: str  # as it was asked for
    title: str
    kind: Kind


class Table(Protocol):
    """What is needed of a RunTable to write it in some format."""

    columns: list[ColumnInfo]
    runs: list[str]

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[dict[str, float | bool | str | None]]: ...
    def values(self, name: str) -> Column: ...


def numbers(values: Iterable[int | float | None], kind: Kind = "number") -> Numbers:
    """A column of numbers; None is missing."""
    listed = list(values)
    missing = np.array([value is None for value in listed], bool)
    whole = None
    if any(isinstance(value, int) and abs(value) > _LAST_EXACT for value in listed):
        whole = np.array([0 if value is None else value for value in listed], np.int64)
    floats = np.array([math.nan if value is None else value for value in listed], np.float64)
    return Numbers(floats, missing, kind, whole)


def texts(values: Sequence[str | None]) -> Texts:
    """A column of texts; None is missing."""
    code_of: dict[str, int] = {}
    codes = [-1 if value is None else code_of.setdefault(value, len(code_of)) for value in values]
    return Texts(np.array(codes, np.int32), list(code_of))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
