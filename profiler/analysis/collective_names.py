"""What a collective is called in its many spellings, and how many bytes it moves."""

from __future__ import annotations

import re

__all__ = ["PEER_TO_PEER", "SYNCHRONOUS", "bus_factor", "collective_type", "element_bytes"]

# Looked for in this order in a name without underscores: "ncclDevKernel_ReduceScatter_Sum_f32_RING_LL" and so on.
_TYPES = (
    ("reducescatter", "reduce_scatter"),
    ("allreduce", "all_reduce"),
    ("allgather", "all_gather"),
    ("alltoall", "all_to_all"),
    ("sendrecv", "send_recv"),
    ("broadcast", "broadcast"),
    ("barrier", "barrier"),
    ("gather", "gather"),
    ("scatter", "scatter"),
    ("reduce", "reduce"),
    ("send", "send"),
    ("recv", "recv"),
)
_NO_LETTERS = re.compile(r"[^a-z]+")
PEER_TO_PEER = frozenset({"send", "recv", "send_recv"})
# No rank can be done with these before all have begun; the others may leave some ranks early.
SYNCHRONOUS = frozenset({"all_reduce", "all_gather", "reduce_scatter", "all_to_all", "barrier"})

_BITS = re.compile(r"(?:float|int|complex|bfloat)(\d+)")
_BYTES = {
    "float": 4,
    "double": 8,
    "half": 2,
    "bfloat": 2,
    "long": 8,
    "longint": 8,
    "int": 4,
    "short": 2,
    "shortint": 2,
    "char": 1,
    "signedchar": 1,
    "unsignedchar": 1,
    "byte": 1,
    "bool": 1,
}


def collective_type(name: str) -> str:
    """One word for `nccl:all_reduce`, `ncclDevKernel_AllReduce_…`, `allreduce_coalesced`; "other" for unknown ones."""
    letters = _NO_LETTERS.sub("", name.split("(")[0].lower())
    return next((kind for spelling, kind in _TYPES if spelling in letters), "other")


def element_bytes(dtype: str) -> float:
    """Bytes of one element of "Float", "BFloat16", "c10::Half", "long int", "Float8_e4m3fn" …; NaN for unknown ones."""
    text = dtype.lower().replace("c10::", "").replace("complex<", "").replace(">", "")
    bits = _BITS.match(text)
    if bits:
        return int(bits[1]) / 8 if int(bits[1]) >= 8 else int(bits[1])
    size = _BYTES.get(text.replace(" ", "").replace("_", ""), float("nan"))
    return 2 * size if "complex" in dtype.lower() else size


def bus_factor(kind: str, ranks: int) -> float:
    """What a link of the slowest rank carries for each byte of the message, as nccl-tests define bus bandwidth:

    2 (n - 1) / n for an all_reduce, (n - 1) / n for all_gather, reduce_scatter and all_to_all, otherwise 1.
    """
    if ranks < 2:
        return 1.0
    if kind == "all_reduce":
        return 2 * (ranks - 1) / ranks
    return (ranks - 1) / ranks if kind in ("all_gather", "reduce_scatter", "all_to_all") else 1.0
