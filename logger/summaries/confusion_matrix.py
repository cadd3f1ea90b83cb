"""Confusion matrices: counted from labels and predictions, or counted elsewhere."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import plugins
from ..proto.event_pb2 import Summary
from ..tensors import tensor_proto
from ..values import array, described, is_torch_tensor

MOST_CLASSES = 4096
_IN_CACHE = 1 << 15  # numbers that are gone through twice


def checked_names(call: str, names: Any) -> list[str] | None:
    """The names of the classes. Raises TypeError when they are no list, ValueError when they are too many."""
    if names is None:
        return None
    if isinstance(names, (str, bytes)) or not isinstance(names, Iterable):
        raise TypeError(f"{call}: expected class_names as a list, got {described(names)}")
    found = [str(name) for name in names]
    if len(found) > MOST_CLASSES:
        raise ValueError(f"{call}: expected at most {MOST_CLASSES} classes, got {len(found)} names")
    return found


def frame_names(matrix: Any) -> list[str] | None:
    """The classes that a data frame names in its rows and, the same, in its columns: as pandas.crosstab makes them."""
    if not hasattr(matrix, "iloc") or not hasattr(matrix, "columns"):
        return None
    rows, columns = ([str(name) for name in names] for names in (matrix.index, matrix.columns))
    return rows if rows == columns else None


def check_matrix(call: str, matrix: Any, names: Sequence[str] | None) -> None:
    """Raises ValueError unless the shape is (n, n), with as many names where there are any; TypeError if no numbers."""
    shape = tuple(matrix.shape)
    if len(shape) != 2 or shape[0] != shape[1] or not 0 < shape[0] <= MOST_CLASSES:
        wanted = f"a matrix of shape (n, n) with n up to {MOST_CLASSES}, or labels and predictions"
        raise ValueError(f"{call}: expected {wanted}, got shape {shape}")
    if isinstance(matrix, np.ndarray) and matrix.dtype.kind not in "fiub":
        raise TypeError(f"{call}: expected a matrix of real numbers, got an array of type {matrix.dtype}")
    if names is not None and len(names) != shape[0]:
        raise ValueError(f"{call}: expected a name for each of {shape[0]} classes, got {len(names)}")


def taken_labels(call: str, labels: Any, predictions: Any) -> tuple[Any, Any]:
    """Copies of both. Raises ValueError unless there are as many predictions, or rows of scores, as labels.

    TypeError for labels that are neither whole numbers nor strings. Both may be one-hot.
    """
    truth = _taken_classes(call, labels)
    are_rows = len(getattr(predictions, "shape", ())) == 2 and predictions.shape[1] > 1
    guess = array(call, predictions) if are_rows else _taken_classes(call, predictions)
    _check_labels(call, truth, guess)
    return truth, guess


def _taken_classes(call: str, given: Any) -> Any:
    """A copy; whole numbers in 16 bits, which takes half the time of copying 64."""
    numbers = _looked_at(given)
    if numbers is None or numbers.dtype.kind not in "iu" or numbers.itemsize <= 2 or not numbers.size:
        return array(call, given)
    flat = numbers.reshape(-1)
    narrow = np.empty(flat.shape, np.int16)
    for start in range(0, flat.size, _IN_CACHE):
        some = flat[start : start + _IN_CACHE]
        plain = 0 <= np.bitwise_or.reduce(some) < MOST_CLASSES  # a power of two: none has a bit beyond it
        if not plain and (some.max() >= MOST_CLASSES or some.min() < np.iinfo(np.int16).min):
            return array(call, given)  # too many classes are refused later
        narrow[start : start + _IN_CACHE] = some
    return narrow.reshape(numbers.shape)


def _looked_at(given: Any) -> npt.NDArray[Any] | None:
    """The numbers where they are, of numpy or of torch; None for anything else."""
    if isinstance(given, np.ndarray):
        return given
    if not is_torch_tensor(given) or given.is_floating_point() or given.device.type != "cpu":
        return None
    return given.numpy() if str(given.layout) == "torch.strided" and not given.is_complex() else None


def _check_labels(call: str, labels: Any, predictions: Any) -> None:
    count, shape = math.prod(labels.shape), tuple(predictions.shape)
    scores = _are_scores(labels, predictions)
    if (shape[0] if scores else math.prod(shape)) != count:
        raise ValueError(f"{call}: expected a prediction for each of {count} labels, got shape {shape}")
    if scores and shape[1] > MOST_CLASSES:
        raise ValueError(f"{call}: expected scores of at most {MOST_CLASSES} classes, got {shape[1]}")
    if _are_one_hot(labels, predictions):
        return
    for what, taken in (("labels", labels), ("predictions", predictions)):
        if isinstance(taken, np.ndarray) and not (scores and what == "predictions"):
            _check_classes(call, what, taken)


def _are_scores(labels: Any, predictions: Any) -> bool:
    """Whether the predictions are a row of scores for each label rather than a class."""
    return len(predictions.shape) == 2 and predictions.shape[1] > 1 and math.prod(labels.shape) == predictions.shape[0]


def _are_one_hot(labels: Any, predictions: Any) -> bool:
    """Whether each label is a row of zeros and a one beside a row of scores, not classes of the pixels of a picture."""
    taken = (labels, predictions)
    if not all(isinstance(one, np.ndarray) and one.ndim == 2 for one in taken) or labels.shape != predictions.shape:
        return False
    if labels.shape[1] < 2 or not _has_a_one_in_each_row(labels):
        return False
    are_scores = predictions.dtype.kind == "f" and not (predictions == np.floor(predictions)).all()
    return are_scores or _has_a_one_in_each_row(predictions)


def _has_a_one_in_each_row(rows: npt.NDArray[Any]) -> bool:
    if rows.dtype.kind not in "biuf":
        return False
    return bool(((rows == 0) | (rows == 1)).all() and (np.count_nonzero(rows, axis=1) == 1).all())


def _check_classes(call: str, what: str, taken: npt.NDArray[Any]) -> None:
    if taken.dtype.kind == "f" and not np.all(taken == np.floor(taken)):
        raise TypeError(f"{call}: expected {what} as whole numbers or strings, got {taken.dtype} with fractions or NaN")
    if taken.dtype.kind not in "biufUS":
        raise TypeError(f"{call}: expected {what} as whole numbers or strings, got an array of type {taken.dtype}")
    if taken.dtype.kind in "iuf" and taken.size and taken.max() >= MOST_CLASSES:
        raise ValueError(f"{call}: expected {what} below {MOST_CLASSES}, got {taken.max()}")


def counted(labels: Any, predictions: Any, names: Sequence[str] | None) -> tuple[npt.NDArray[np.int64], list[str]]:
    """(matrix, names): row i holds what became of the labels of class i; scores predict their largest.

    Classes given as strings come in the order of `names`, those not among them behind, sorted. Negative numbers, by
    which frameworks mean "ignore", are not counted. Raises ValueError where there are too many classes.
    """
    truth, guess = np.asarray(labels), np.asarray(predictions)
    if _are_one_hot(truth, guess):
        truth = truth.argmax(axis=1)
    if _are_scores(truth, guess):
        guess = guess.argmax(axis=1)
    truth, guess = truth.reshape(-1), guess.reshape(-1)
    known = [str(name) for name in names or ()]
    if truth.dtype.kind in "US" or guess.dtype.kind in "US":
        truth, guess, known = _numbered(_texts(truth), _texts(guess), known)
    truth, guess = truth.astype(np.int64), guess.astype(np.int64)
    inside = (truth >= 0) & (guess >= 0)
    truth, guess = truth[inside], guess[inside]
    count = max(1, len(known), int(truth.max(initial=-1)) + 1, int(guess.max(initial=-1)) + 1)
    if count > MOST_CLASSES:
        raise ValueError(f"a matrix of {count} classes is too large; at most {MOST_CLASSES} are stored")
    cells = np.bincount(truth * count + guess, minlength=count * count)
    return cells.reshape(count, count).astype(np.int64), known


def _texts(classes: npt.NDArray[Any]) -> list[str]:
    return [one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in classes.tolist()]


def _numbered(truth: list[str], guess: list[str], names: list[str]) -> tuple[Any, Any, list[str]]:
    """Both as numbers, and the names these stand for."""
    names = names + sorted({*truth, *guess} - {*names})
    place = {name: i for i, name in enumerate(names)}
    return np.array([place[one] for one in truth], np.int64), np.array([place[one] for one in guess], np.int64), names


def confusion_matrix_summary(tag: str, matrix: Any, names: Sequence[str] | None) -> Summary:
    """Counts as int64, anything else as float64; the names go with each value, for they may change."""
    cells = np.asarray(matrix)
    cells = cells.astype(np.float64 if cells.dtype.kind == "f" else np.int64)
    content = json.dumps({"names": [str(name) for name in names or ()]}).encode()
    metadata = plugins.metadata(plugins.CONFUSION_MATRIX, content)
    return Summary(value=[Summary.Value(tag=tag, metadata=metadata, tensor=tensor_proto(cells))])
