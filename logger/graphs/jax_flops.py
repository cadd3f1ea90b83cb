"""Floating-point operations of JAX's primitives, of those that take nearly all of a network's time.

A multiply-add counts as two: a product of m×k and k×n matrices takes 2·m·k·n, a convolution 2·(outputs)·(numbers that
each output is made of).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["primitive_flops"]


def primitive_flops(name: str, inputs: Sequence[Any], output: Any, settings: Mapping[str, Any]) -> float | None:
    """Of shapes of inputs and output; None for other primitives, or where a size is no number."""
    try:
        if name == "dot_general":
            (contracted, _), _ = settings["dimension_numbers"]
            return float(2 * math.prod(output) * math.prod(inputs[0][axis] for axis in contracted))
        if name == "conv_general_dilated":
            kernel = inputs[1]
            outputs = settings["dimension_numbers"].rhs_spec[0]  # the dimension of output features
            return float(2 * math.prod(output) * math.prod(kernel) // kernel[outputs])
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, ZeroDivisionError):
        return None
    return None
