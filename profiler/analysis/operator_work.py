"""The arithmetic and the bytes of matrix products, convolutions and attention, from the shapes of their arguments.

Multiplying and adding count as two operations. Bytes are those of each operand and of the result, once: the least that
must move. Arguments stand as in PyTorch's native_functions.yaml.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = ["Arguments", "Work", "operator_work"]

Shape = Sequence[int]

_SIZES = {
    "double": 8,
    "float": 4,
    "c10::half": 2,
    "c10::bfloat16": 2,
    "long int": 8,
    "long": 8,
    "int": 4,
    "short int": 2,
    "signed char": 1,
    "unsigned char": 1,
    "bool": 1,
    "c10::complex<float>": 8,
    "c10::complex<double>": 16,
}


@dataclass(frozen=True)
class Work:
    """Of one call: floating-point operations, bytes that move at least, and bytes of a number of its matrices."""

    flops: int
    bytes: int
    item: int


@dataclass(frozen=True)
class Arguments:
    """shapes, types and values as the trace tells them, one an argument; a value that it does not tell is ""."""

    shapes: Sequence[Shape]
    types: Sequence[str]
    values: Sequence[str]

    def flag(self, place: int) -> bool:
        return place < len(self.values) and self.values[place] == "True"

    def number(self, place: int) -> int:
        """Raises ValueError where the trace does not tell it."""
        return int(self.values[place])

    def sides(self, place: int, count: int) -> list[int]:
        """A list like "[1, 1]", one number for all sides allowed. Raises ValueError where the trace has none."""
        told = json.loads(self.values[place])
        sides = [int(side) for side in (told if isinstance(told, list) else [told])]
        return sides * count if len(sides) == 1 else sides

    @property
    def item(self) -> int:
        """Bytes of a number of the first tensor whose type is known."""
        return next((size for size in map(item_size, self.types) if size), 0)


def item_size(type: str) -> int:
    """Bytes of a number of a type as Kineto writes it; 0 for what is no tensor."""
    text = type.lower()
    return 1 if "float8" in text else _SIZES.get(text, 0)


def operator_work(name: str, arguments: Arguments) -> Work | None:
    """None for operators of other kinds, and where the trace tells too little."""
    formula = _FORMULAS.get(name.removesuffix("_out"))
    if formula is None or not arguments.shapes:
        return None
    try:
        flops, elements = formula(arguments)
    except (ValueError, IndexError, TypeError):
        return None
    item = arguments.item
    return Work(flops, elements * item, item) if flops > 0 and item else None


def _count(shape: Shape) -> int:
    return math.prod(shape)


def _product(place: int) -> Callable[[Arguments], tuple[int, int]]:
    """mm, bmm and what adds to them: the matrices are arguments `place` and `place` + 1, before them what is added."""

    def work(arguments: Arguments) -> tuple[int, int]:
        left, right = arguments.shapes[place], arguments.shapes[place + 1]
        if len(left) < 2 or len(left) != len(right) or left[-1] != right[-2]:
            raise ValueError(f"shapes {left} and {right} do not fit")
        *batch, rows, inner = left
        result = math.prod(batch) * rows * right[-1]
        flops = 2 * result * inner + result * place
        added = _count(arguments.shapes[0]) if place else 0
        return flops, _count(left) + _count(right) + result + added

    return work


def _linear(arguments: Arguments) -> tuple[int, int]:
    data, weight = arguments.shapes[:2]
    if len(weight) != 2 or data[-1] != weight[1]:
        raise ValueError(f"shapes {data} and {weight} do not fit")
    bias = _count(arguments.shapes[2]) if len(arguments.shapes) > 2 and arguments.shapes[2] else 0
    result = math.prod(data[:-1]) * weight[0]
    return 2 * result * weight[1] + (result if bias else 0), _count(data) + _count(weight) + result + bias


def _convolution(
    stride: int, padding: int, dilation: int, groups: int, transposed: int | None = None
) -> Callable[[Arguments], tuple[int, int]]:
    """Data and weight come first; the numbers are the places of the other arguments."""

    def work(arguments: Arguments) -> tuple[int, int]:
        data, weight = arguments.shapes[:2]
        spatial = len(weight) - 2
        if spatial < 1 or len(data) != len(weight):
            raise ValueError(f"shapes {data} and {weight} do not fit")
        if transposed is not None and arguments.flag(transposed):
            # Each number of the input is multiplied with the whole kernel of all outputs of its group.
            result = data[0] * weight[1] * arguments.number(groups)
            return 2 * _count(data) * weight[1] * _count(weight[2:]), _count(data) + _count(weight) + result
        steps, pads, spread = (arguments.sides(place, spatial) for place in (stride, padding, dilation))
        sides = [
            (data[2 + i] + 2 * pads[i] - spread[i] * (weight[2 + i] - 1) - 1) // steps[i] + 1 for i in range(spatial)
        ]
        result = data[0] * weight[0] * math.prod(sides)
        return 2 * result * _count(weight[1:]), _count(data) + _count(weight) + result

    return work


def _convolution_backward(arguments: Arguments) -> tuple[int, int]:
    """Each of the two gradients that are asked for takes what forward takes."""
    gradient, data, weight = arguments.shapes[:3]
    mask = json.loads(arguments.values[-1].lower()) if arguments.values and arguments.values[-1] else [True, True]
    wanted = int(mask[0]) + int(mask[1])
    one = 2 * _count(gradient) * _count(weight[1:])
    return one * wanted, _count(gradient) + wanted * (_count(data) + _count(weight))


def _attention(
    query: int, causal: int, *, heads_last: bool = False, backward: bool = False
) -> Callable[[Arguments], tuple[int, int]]:
    """query, key and value stand at `query` and behind; (batch, heads, tokens, size), heads behind tokens if so told.

    Two products forward; five backward, which makes the scores anew. A causal mask halves them where both sides are
    of one length.
    """

    def work(arguments: Arguments) -> tuple[int, int]:
        shapes = [arguments.shapes[query + place] for place in range(3)]
        if any(len(shape) != 4 for shape in shapes):
            raise ValueError(f"shapes {shapes} are not of four sides")
        if heads_last:
            shapes = [(shape[0], shape[2], shape[1], shape[3]) for shape in shapes]
        (batch, heads, tokens, size), (_, _, others, _), (*_, size_out) = shapes
        flops = 2 * batch * heads * tokens * others * (size + size_out)
        if arguments.flag(causal) and tokens == others:
            flops //= 2
        result = batch * heads * tokens * size_out
        elements = sum(map(_count, shapes)) + result
        return (flops * 5 // 2, 2 * elements) if backward else (flops, elements)

    return work


_FORMULAS: dict[str, Callable[[Arguments], tuple[int, int]]] = {
    "aten::mm": _product(0),
    "aten::bmm": _product(0),
    "aten::_scaled_mm": _product(0),
    "aten::_int_mm": _product(0),
    "aten::addmm": _product(1),
    "aten::_addmm_activation": _product(1),
    "aten::baddbmm": _product(1),
    "aten::linear": _linear,
    "aten::conv1d": _convolution(3, 4, 5, 6),
    "aten::conv2d": _convolution(3, 4, 5, 6),
    "aten::conv3d": _convolution(3, 4, 5, 6),
    "aten::convolution": _convolution(3, 4, 5, 8, 6),
    "aten::_convolution": _convolution(3, 4, 5, 8, 6),
    "aten::convolution_overrideable": _convolution(3, 4, 5, 8, 6),
    "aten::cudnn_convolution": _convolution(3, 2, 4, 5),
    "aten::miopen_convolution": _convolution(4, 3, 5, 6),
    "aten::mkldnn_convolution": _convolution(4, 3, 5, 6),
    "aten::convolution_backward": _convolution_backward,
    "aten::scaled_dot_product_attention": _attention(0, 5),
    "aten::_scaled_dot_product_flash_attention": _attention(0, 4),
    "aten::_scaled_dot_product_cudnn_attention": _attention(0, 6),
    "aten::_scaled_dot_product_efficient_attention": _attention(0, 6),
    "aten::_scaled_dot_product_flash_attention_for_cpu": _attention(0, 4),
    "aten::_scaled_dot_product_flash_attention_backward": _attention(1, 12, backward=True),
    "aten::_scaled_dot_product_efficient_attention_backward": _attention(1, 10, backward=True),
    "aten::_flash_attention_forward": _attention(0, 8, heads_last=True),
    "flash_attn::_flash_attn_forward": _attention(0, 5, heads_last=True),
}
