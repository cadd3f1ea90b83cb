"""Statistics of histograms that were logged under the names of parameters and modules."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .named_parts import NamedParts, Part

if TYPE_CHECKING:
    from ...logger.reader.values import Histogram

__all__ = ["STATISTICS", "Moments", "families", "moments_of", "pooled"]

_KINDS = {
    "gradients": frozenset({"grad", "grads", "gradient", "gradients"}),
    "activations": frozenset({"act", "acts", "activation", "activations", "output", "outputs", "out"}),
    "parameters": frozenset({"weight", "weights", "param", "params", "parameter", "parameters", "variables"}),
}
_NOISE = frozenset({"histogram", "histograms", "hist", "value", "values", "distribution", "distributions", "train"})
_VARIABLE = re.compile(  # what Keras calls the variables of a layer
    r"(kernel|bias|gamma|beta|moving_mean|moving_variance|embeddings|weight|running_mean|running_var"
    r"|(recurrent|depthwise|pointwise)_kernel)([_:]\d+)?"
)


class Moments(NamedTuple):
    """Of some numbers: how many, their sum, the sum of their squares, the greatest absolute one."""

    numbers: float
    total: float
    squares: float
    extreme: float


STATISTICS: dict[str, tuple[str, Callable[[Moments], float]]] = {
    "mean": ("mean", lambda one: one.total / one.numbers),
    "std": (
        "standard deviation",
        lambda one: math.sqrt(max(0.0, one.squares / one.numbers - (one.total / one.numbers) ** 2)),
    ),
    "max": ("greatest absolute value", lambda one: one.extreme),
    "norm": ("norm", lambda one: math.sqrt(max(0.0, one.squares))),
}


def families(tags: Iterable[str], names: NamedParts) -> dict[str, dict[str, Sequence[Part]]]:
    """What kinds of histograms there are of a graph's parts: kind → tag → the parts that it is of."""
    found: defaultdict[str, dict[str, Sequence[Part]]] = defaultdict(dict)
    for tag in tags:
        said = names.within(tag)
        if said is not None:
            found[_family(said.rest, said.parts[0].kind == "parameter")][tag] = said.parts
    return dict(sorted(found.items()))


def _family(words: Sequence[str], of_parameter: bool) -> str:
    """ "gradients" for "grad"; words of its own stay: "ema gradients"."""
    variable = any(_VARIABLE.fullmatch(word) for word in words)
    left = [word.lower() for word in words if not _VARIABLE.fullmatch(word) and not word.isdecimal()]
    left = [word for word in left if word not in _NOISE]
    kind = next((kind for kind, known in _KINDS.items() if known.intersection(left)), "")
    own = [word for word in left if not any(word in known for known in _KINDS.values())]
    return " ".join((*own, kind or ("parameters" if of_parameter or variable else "activations")))


def moments_of(histogram: Histogram) -> Moments | None:
    """As the writer stored them, else from the buckets, whose numbers count as evenly spread. None for no numbers."""
    count = float(histogram.counts.sum())
    low, high = histogram.min, histogram.max
    if not count > 0 or not (math.isfinite(low) and math.isfinite(high)):
        return None
    total, squares = histogram.sum, histogram.sum_squares
    if not (math.isfinite(total) and math.isfinite(squares)):
        left, right = np.clip(histogram.left, low, high), np.clip(histogram.right, low, high)
        total = float((histogram.counts * (left + right) / 2).sum())
        squares = float((histogram.counts * (left * left + left * right + right * right) / 3).sum())
    if not math.isfinite(total + squares):
        return None
    return Moments(histogram.num if histogram.num > 0 else count, total, squares, max(abs(low), abs(high)))


def pooled(moments: Iterable[Moments]) -> Moments:
    """Of all the numbers together."""
    counts, totals, squares, extremes = zip(*moments, strict=True)
    return Moments(sum(counts), sum(totals), sum(squares), max(extremes))
