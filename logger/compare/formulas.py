"""Formulas over the scalars of one run: `log(train/loss) - log(val/loss)`, `ema(reward, 0.9)`.

Arithmetic (+ - * / % **, signs, brackets) over names of scalars, numbers, `step` (where no scalar has that name), and

    log log2 log10 exp sqrt abs sin cos tanh (x)      by point; NaN where not defined
    min max (a, b, …)   clip(x, low, high)            by point
    ema(x, weight)                                    debiased moving average, see curves.py
    rolling(x, n)                                     mean of this point and the n - 1 before it, NaNs left out
    diff(x)  delta(x)                                 change since the point before; since the first number
    cumsum cummin cummax (x)                          over the points so far, NaNs left out
    tag.min .max .first .last .mean                   one number: of the scalar's finite values

Scalars are aligned by step: the steps are all of theirs that lie within the range of each; between two points a scalar
is linear, NaN in it is a gap, and of points at the same step the last counts. Points that a restart superseded never
do, whatever a chart shows of the scalars themselves: they belong to no one line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bands import align
from .choices import Smoothing
from .curves import smooth
from .nodes import Binary, Call, ExpressionError, Member, Name, Node, Number, Unary, walk
from .series_compiled import kernels

__all__ = ["FUNCTIONS", "Points", "check_formula", "evaluate", "names_in"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
STEP = "step"


@dataclass(frozen=True)
class Points:
    """One scalar of one run, or what a formula makes of some. All arrays have one entry per point."""

    step: Ints
    wall_time: Floats
    value: Floats


def names_in(node: Node) -> list[str]:
    """The scalars that a formula needs, each once, in the order of the text."""
    found = [part for part in walk(node) if isinstance(part, (Name, Member))]
    found.sort(key=lambda part: part.start)
    return list(dict.fromkeys(part.text if isinstance(part, Name) else part.name for part in found))


def check_formula(node: Node) -> None:
    """Whether a tree can be evaluated. Raises ExpressionError with what cannot, and where."""
    if not names_in(node):
        raise ExpressionError("a formula names at least one scalar", node.start, node.end)
    for part in walk(node):
        if isinstance(part, Call):
            _check_call(part)
        elif isinstance(part, Member):
            if part.field not in _FIELDS or part.args:
                known = ", ".join(f".{name}" for name in _FIELDS)
                raise ExpressionError(f"formulas know {known} of a scalar, not .{part.field}", part.start, part.end)
        elif isinstance(part, Unary | Binary):
            if part.operator not in _OPERATORS:
                raise ExpressionError(f"`{part.operator}` makes no number", part.start, part.end)
        elif not isinstance(part, Name | Number):
            raise ExpressionError("formulas are made of numbers and scalars", part.start, part.end)


def evaluate(node: Node, scalars: Mapping[str, Points]) -> Points | None:
    """A formula over the scalars of one run, NaN where it is not defined; None where a scalar it names is missing.

    The node is one that `check_formula` passes.
    """
    names = [name for name in names_in(node) if name != STEP or STEP in scalars]
    own = [scalars[name] for name in names if name in scalars]
    if not own or len(own) < len(names):
        return None
    step, wall_time, columns = _together(own)
    values: dict[str, Any] = dict(zip(names, columns, strict=True))
    values.setdefault(STEP, step.astype(np.float64))
    with np.errstate(all="ignore"):
        value = _value(node, values, scalars)
    return Points(step, wall_time, np.ascontiguousarray(np.broadcast_to(value, step.shape), np.float64))


def _together(scalars: Sequence[Points]) -> tuple[Ints, Floats, list[Floats]]:
    """(steps, wall times, values of each) of several scalars on the steps they share."""
    first = scalars[0]
    if np.all(first.step[1:] > first.step[:-1]) and all(np.array_equal(first.step, other.step) for other in scalars):
        return first.step, first.wall_time, [other.value for other in scalars]
    offsets = np.cumsum([0, *(len(other.step) for other in scalars)]).astype(np.int64)
    aligned = align(np.concatenate([other.step for other in scalars]), offsets)
    ends = aligned.offsets.tolist()
    if min(ends[i + 1] - ends[i] for i in range(len(scalars))) == 0:
        return first.step[:0], first.wall_time[:0], [other.value[:0] for other in scalars]
    grid = np.unique(aligned.x)
    low = max(aligned.x[begin] for begin in ends[:-1])
    high = min(aligned.x[end - 1] for end in ends[1:])
    grid = grid[(grid >= low) & (grid <= high)]

    def on_grid(column: Floats) -> list[Floats]:
        out = [np.empty(len(grid)) for _ in scalars]
        for i in range(len(scalars)):
            kernels().interpolate(aligned.x, column, ends[i], ends[i + 1], grid, out[i])
        return out

    values = on_grid(aligned.take(np.concatenate([other.value for other in scalars])))
    walls = on_grid(aligned.take(np.concatenate([other.wall_time for other in scalars])))
    return grid.astype(np.int64) + aligned.origin, walls[0], values


def _value(node: Node, values: Mapping[str, Any], scalars: Mapping[str, Points]) -> Any:
    """A number, or an array with one entry per step."""
    if isinstance(node, Number):
        return np.float64(node.value)
    if isinstance(node, Name):
        return values[node.text]
    if isinstance(node, Member):
        finite = scalars[node.name].value
        finite = finite[np.isfinite(finite)]
        return _FIELDS[node.field](finite) if len(finite) else np.float64(np.nan)
    if isinstance(node, Unary):
        operand = _value(node.operand, values, scalars)
        return -operand if node.operator == "-" else operand
    if isinstance(node, Binary):
        return _OPERATORS[node.operator](_value(node.left, values, scalars), _value(node.right, values, scalars))
    assert isinstance(node, Call)
    return FUNCTIONS[node.name].work(*(_value(argument, values, scalars) for argument in node.args))


def _check_call(call: Call) -> None:
    function = FUNCTIONS.get(call.name)
    if function is None:
        known = ", ".join(FUNCTIONS)
        raise ExpressionError(f"there is no function {call.name}; there are {known}", call.start, call.end)
    low, high = function.takes
    if not low <= len(call.args) <= high:
        wanted = f"{low}" if low == high else f"at least {low}"
        raise ExpressionError(f"{call.name}: got {len(call.args)} arguments, want {wanted}", call.start, call.end)
    if function.amount is None:
        return
    last = call.args[-1]
    if not isinstance(last, Number) or not function.amount(last.value):
        raise ExpressionError(f"{call.name}: the last argument is {function.amount_is}", last.start, last.end)


# --- functions --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Function:
    """One function of the language."""

    work: Callable[..., Any]
    takes: tuple[int, int]  # fewest and most arguments
    amount: Callable[[float], bool] | None = None  # whether the last argument, a plain number, will do
    amount_is: str = ""


def _plainly(function: Callable[[Any], Any]) -> Function:
    return Function(function, (1, 1))


def _ema(x: Any, weight: Any) -> Any:
    return smooth(Smoothing("ema", float(weight)), np.atleast_1d(x))


def _rolling(x: Any, count: Any) -> Any:
    """Nothing is subtracted, so that a spike leaves no trace: a window is the end of one block and the start of the
    next, of blocks as long as itself."""
    x = np.atleast_1d(x)
    width = max(min(int(count), len(x)), 1)
    finite = np.isfinite(x)
    padded = np.zeros(-(-len(x) // width) * width)
    padded[: len(x)] = np.where(finite, x, 0.0)
    blocks = padded.reshape(-1, width)
    to_end = np.cumsum(blocks[:, ::-1], axis=1)[:, ::-1].ravel()
    totals = np.cumsum(blocks, axis=1).ravel()[: len(x)]
    first = np.arange(len(x)) + 1 - width
    apart = np.flatnonzero((first > 0) & (first % width != 0))
    totals[apart] += to_end[first[apart]]
    counts = np.concatenate([[0], np.cumsum(finite)])
    return totals / (counts[1:] - counts[np.maximum(first, 0)])


def _so_far(work: np.ufunc, neutral: float) -> Function:
    def run(x: Any) -> Any:
        x = np.atleast_1d(x)
        return np.where(np.isnan(x), np.nan, work.accumulate(np.where(np.isnan(x), neutral, x)))

    return Function(run, (1, 1))


def _diff(x: Any) -> Any:
    x = np.atleast_1d(x)
    return np.concatenate([np.full(min(len(x), 1), np.nan), np.diff(x)])


def _delta(x: Any) -> Any:
    x = np.atleast_1d(x)
    numbers = x[np.isfinite(x)]
    return x - (numbers[0] if len(numbers) else np.nan)


def _fold(work: np.ufunc) -> Function:
    def run(*arguments: Any) -> Any:
        value = arguments[0]
        for other in arguments[1:]:
            value = work(value, other)
        return value

    return Function(run, (2, 64))


_BY_POINT = ("log", "log2", "log10", "exp", "sqrt", "abs", "sin", "cos", "tanh")
FUNCTIONS: dict[str, Function] = {
    **{name: _plainly(getattr(np, name)) for name in _BY_POINT},
    "min": _fold(np.minimum),
    "max": _fold(np.maximum),
    "clip": Function(lambda x, low, high: np.minimum(np.maximum(x, low), high), (3, 3)),
    "ema": Function(_ema, (2, 2), lambda weight: 0.0 <= weight <= 0.9999, "a weight from 0 to 0.9999"),
    "rolling": Function(_rolling, (2, 2), lambda count: count >= 1 and count % 1 == 0, "a whole number of points"),
    "diff": _plainly(_diff),
    "delta": _plainly(_delta),
    "cumsum": _so_far(np.add, 0.0),
    "cummin": _so_far(np.minimum, np.inf),
    "cummax": _so_far(np.maximum, -np.inf),
}
_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "%": np.mod, "**": np.power,
}  # fmt: skip
_FIELDS: dict[str, Callable[[Floats], Any]] = {
    "min": np.min, "max": np.max, "first": lambda x: x[0], "last": lambda x: x[-1], "mean": np.mean,
}  # fmt: skip
