"""What a worker sends: facts as JSON and arrays by name, in one file that appears whole or not at all."""

from __future__ import annotations

import json
import math
import os
import secrets
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Delivery", "plain", "read_delivery", "read_facts", "write_delivery", "write_json"]

_FACTS = "facts"
_MOST_NUMBERS = 20_000  # of an array among the facts; larger ones are sent as arrays


@dataclass(frozen=True)
class Delivery:
    """facts: values that JSON holds (see `plain`). arrays: by any name but "facts"."""

    facts: dict[str, Any]
    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)


def write_delivery(path: Path, delivery: Delivery) -> None:
    """Put it in place of what is at `path`. Raises OSError; ValueError for facts that hold NaN."""
    text = json.dumps(delivery.facts, allow_nan=False).encode()
    temporary = _beside(path)
    try:
        arrays: dict[str, Any] = {_FACTS: np.frombuffer(text, np.uint8), **delivery.arrays}
        with temporary.open("wb") as file:
            np.savez(file, **arrays)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def read_delivery(path: Path) -> Delivery:
    """Raises OSError where there is none (any more), or not all of it."""
    with _opened(path) as stored:
        arrays = {name: stored[name] for name in stored.files}
        return Delivery(json.loads(arrays.pop(_FACTS).tobytes()), arrays)


def read_facts(path: Path) -> dict[str, Any]:
    """Only the facts, whatever the size of the arrays. Raises OSError."""
    with _opened(path) as stored:
        facts: dict[str, Any] = json.loads(stored[_FACTS].tobytes())
    return facts


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """A machine that stopped may have left a file that is cut off or empty: nothing waits for the disk here."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            yield stored
    except (EOFError, KeyError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise OSError(f"{path} cannot be read: {error}") from None


def write_json(path: Path, value: Any) -> None:
    """Put it in place of what is at `path`; not synchronised with the disk: jobs end with the machine."""
    temporary = _beside(path)
    temporary.write_text(json.dumps(value), "utf-8")
    os.replace(temporary, path)


def plain(value: Any) -> Any:
    """`value` in what JSON knows: arrays as lists, NaN and infinities as null, arrays of many numbers left out."""
    if isinstance(value, np.ndarray):
        return plain(value.tolist()) if value.size <= _MOST_NUMBERS else None
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(entry) for entry in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
