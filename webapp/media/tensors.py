"""Tensors, and values of plugins nobody here knows: figures, a small picture of them, and their bytes."""

from __future__ import annotations

import io
import math
from typing import Any

import numpy as np
import numpy.typing as npt

from ...logger.proto.event_pb2 import Summary
from ...logger.tensors import stored_type
from ..numbers import cleansed
from .forms import Answer, Asked, attachment, form, json_form

__all__ = ["bytes_told", "preview", "statistics"]

Array = npt.NDArray[Any]

_TABLE = (12, 12)  # rows and columns that are shown as numbers
_PICTURE = (48, 96)  # rows and columns of the picture of more than that
_STRINGS = 20  # shown of a tensor of strings
_STRING = 300  # characters shown of one
_BYTES = 256  # shown of a value that is no tensor
_LARGEST_NPY = 1 << 28  # bytes of a file of strings, where each takes as much as the longest


@form("other", "summary", cache=True)
def summary(asked: Asked) -> Answer:
    """What the value is: its type, shape, statistics and a preview, and what the log says of its tag."""
    value = _array_or_bytes(asked)
    if isinstance(value, np.ndarray):
        told = {**_tensor_told(value), **_stored_type(asked)}
    else:
        told = {"form": "bytes", **bytes_told(value)}
    meta = asked.series.metadata
    about = {"plugin": meta.plugin, "metadata": bytes_told(meta.content) if meta.content else None}
    return json_form({**told, **about, "stored": int(asked.series.nbytes[asked.index])})


@form("other", "npy")
def npy(asked: Asked) -> Answer:
    """The tensor as `numpy.load` reads it; strings become text.

    Raises ValueError where the value is no tensor, or one of strings that would take too much.
    """
    value = asked.value()
    if not isinstance(value, np.ndarray):
        raise ValueError("the value is no tensor, so there is no .npy of it; its bytes can be had as they are")
    if value.dtype == object:
        size = 4 * value.size * _longest(value)
        if size > _LARGEST_NPY:
            raise ValueError(f"as .npy the strings would take {size:,} bytes; their bytes can be had as they are")
        value = np.array([_text(item) for item in value.ravel()], dtype=str).reshape(value.shape)
    file = io.BytesIO()
    np.save(file, value, allow_pickle=False)
    return attachment(asked, file.getvalue(), ".npy")


@form("other", "bytes")
def content(asked: Asked) -> Answer:
    """What the value holds without its envelope: a tensor's numbers (C order, little-endian), or its one string."""
    value = _array_or_bytes(asked)
    if not isinstance(value, np.ndarray):
        return attachment(asked, value, ".bin")
    if value.dtype == object:
        return attachment(asked, b"\n".join(map(bytes, value.ravel())), ".bin")
    return attachment(asked, value.astype(value.dtype.newbyteorder("<"), copy=False).tobytes(), ".bin")


@form("other", "message")
def message(asked: Asked) -> Answer:
    """The Summary.Value as it stands in the event file, also where nothing can be made of it."""
    return attachment(asked, asked.message(), ".pb")


def _array_or_bytes(asked: Asked) -> Array | bytes:
    """Raises ValueError for the values of kinds that have pages of their own, such as histograms."""
    value = asked.value()
    if not isinstance(value, (np.ndarray, bytes)):
        raise ValueError(f"the value is no tensor; {asked.kind} can be had as the message that was stored")
    return value


def _stored_type(asked: Asked) -> dict[str, str]:
    """The type of a tensor in the log, which is another one than it is read as where numpy lacks it: bfloat16."""
    stored = Summary.Value.FromString(asked.message())
    return {"dtype": stored_type(stored.tensor.dtype)} if stored.HasField("tensor") else {}


def _tensor_told(tensor: Array) -> dict[str, Any]:
    shape = {"shape": list(tensor.shape), "count": tensor.size}
    if tensor.dtype == object:
        texts = [_text(item)[:_STRING] for item in tensor.ravel()[:_STRINGS]]
        return {"form": "strings", "dtype": "string", **shape, "strings": texts, "longest": _longest(tensor)}
    figures = {"statistics": statistics(tensor), "preview": preview(tensor)}
    return {"form": "numbers", "dtype": tensor.dtype.name, **shape, **figures}


def statistics(tensor: Array) -> dict[str, Any]:
    """Least, largest, mean and population standard deviation of the finite values; how many are NaN or infinite.

    Of complex values their magnitudes. Whole numbers beyond 2^53 are given as text: browsers would round them.
    """
    values = np.abs(tensor) if tensor.dtype.kind == "c" else tensor
    if values.dtype.kind == "f":
        finite = values[np.isfinite(values)]
        nan = int(np.isnan(values).sum())
    else:
        finite, nan = values.ravel(), 0
    counts = {"nan": nan, "inf": values.size - finite.size - nan}
    if finite.size == 0:
        return {"min": None, "max": None, "mean": None, "std": None, **counts}
    with np.errstate(over="ignore", invalid="ignore"):
        mean, spread = float(finite.mean(dtype=np.float64)), float(finite.std(dtype=np.float64))
    ends = {"min": _number(finite.min()), "max": _number(finite.max())}
    return {**ends, "mean": cleansed(mean), "std": cleansed(spread), **counts}


def preview(tensor: Array) -> dict[str, Any]:
    """`{rows, columns, of, exact, values}`: the tensor as a table, the first axes along its rows, the last ones along
    its columns.

    `of` are the rows and columns there are. Of a large tensor the values are means of blocks. What is not finite is
    text; NaN stands for a block without finite values, too.
    """
    values = np.abs(tensor) if tensor.dtype.kind == "c" else tensor
    table: Array = values.reshape(_table_shape(values.shape))
    exact = table.size == 0 or (table.shape[0] <= _TABLE[0] and table.shape[1] <= _TABLE[1])
    shown = table if exact else _block_means(table)
    if not table.size:
        shown = table[:0]  # a message of a few bytes may tell of 2^40 empty rows
    numbers = [[_cell(item) for item in row] for row in shown.tolist()]
    return {
        "rows": shown.shape[0],
        "columns": shown.shape[1],
        "of": list(table.shape),
        "exact": exact,
        "values": numbers,
    }


def _table_shape(shape: tuple[int, ...]) -> tuple[int, int]:
    """Rows and columns: axes are split where the table comes nearest to twice as wide as high."""
    splits = [(math.prod(shape[:at]), math.prod(shape[at:])) for at in range(1, len(shape))]
    return min(
        splits, key=lambda split: abs(math.log(max(1, split[1]) / max(1, split[0]) / 2)), default=(1, math.prod(shape))
    )


def _block_means(table: Array) -> Array:
    """Means of the finite values in at most 48 × 96 blocks; NaN where a block has none."""
    rows, columns = (_edges(size, most) for size, most in zip(table.shape, _PICTURE, strict=True))
    finite = np.isfinite(table)
    filled = table if finite.all() else np.where(finite, table, 0)
    sums, counts = _block_sums(filled, rows, columns), _block_sums(finite, rows, columns)
    with np.errstate(invalid="ignore", divide="ignore"):
        means: Array = sums / counts
    return means


def _block_sums(table: Array, rows: Array, columns: Array) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        return np.add.reduceat(np.add.reduceat(table, columns, axis=1, dtype=np.float64), rows, axis=0)


def _edges(size: int, most: int) -> Array:
    """Where at most `most` blocks of about one length begin."""
    blocks = min(size, most)
    return np.arange(blocks, dtype=np.int64) * size // max(1, blocks)


def _cell(value: float | int | bool) -> float | int | str:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value if abs(value) < 1 << 53 else str(value)
    if math.isnan(value):
        return "NaN"
    return float(f"{value:.6g}") if math.isfinite(value) else cleansed(value)


def _number(value: Any) -> float | int | str:
    """An extreme, exactly."""
    if value.dtype.kind == "f":
        return cleansed(float(value))
    whole = int(value)
    return whole if abs(whole) < 1 << 53 else str(whole)


def bytes_told(data: bytes) -> dict[str, Any]:
    """`{size, text}` of bytes that are UTF-8 text, `{size, hex}` of others: their beginning."""
    start = data[:_BYTES]
    try:
        text = start.decode("utf-8") if len(data) <= _BYTES else start.decode("utf-8", "ignore")
    except UnicodeDecodeError:
        text = ""
    printable = bool(text) and all(sign.isprintable() or sign in "\t\r\n" for sign in text)
    return {"size": len(data), "text": text} if printable else {"size": len(data), "hex": start.hex(" ")}


def _longest(strings: Array) -> int:
    """Bytes of the longest string."""
    return max((len(item) for item in strings.ravel()), default=0)


def _text(item: Any) -> str:
    return bytes(item).decode("utf-8", "replace")
