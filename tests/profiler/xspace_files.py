"""XSpace files written field by field: what a GPU's profile of JAX holds."""

from __future__ import annotations

from collections.abc import Iterable

Stat = tuple[int, int, int | str]  # id of its name, number of the value's field, the value


def varint(number: int) -> bytes:
    number &= (1 << 64) - 1
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes(out) + bytes([number])


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def content(field: int, value: bytes | str) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return varint(field << 3 | 2) + varint(len(raw)) + raw


def stat(name: int, field: int, value: int | str) -> bytes:
    told = number(field, value) if isinstance(value, int) else content(field, value)
    return number(1, name) + told


def event(metadata: int, offset_ps: int, duration_ps: int, stats: Iterable[Stat] = ()) -> bytes:
    told = number(1, metadata) + number(2, offset_ps) + number(3, duration_ps)
    return told + b"".join(content(4, stat(*each)) for each in stats)


def line(identity: int, name: str, zero_ns: int, events: Iterable[bytes]) -> bytes:
    told = number(1, identity) + content(2, name) + number(3, zero_ns)
    return told + b"".join(content(4, each) for each in events)


def plane(name: str, lines: Iterable[bytes], events: dict[int, str], stats: dict[int, str]) -> bytes:
    told = content(2, name) + b"".join(content(3, each) for each in lines)
    for field, names in ((4, events), (5, stats)):
        for key, text in names.items():
            told += content(field, number(1, key) + content(2, number(1, key) + content(2, text)))
    return told


def xspace(*planes: bytes) -> bytes:
    return b"".join(content(1, each) for each in planes)


def gpu_profile() -> bytes:
    """A call of the driver that launches a kernel, a copy and the span that TensorFlow's tools derive from both."""
    zero = 1_700_000_000_000_000_000
    calls = [event(1, 1_000, 2_000_500, [(1, 3, 77)])]
    kernel = [(1, 3, 77), (2, 5, "regs:32 static_shared:1024 dynamic_shared:512 grid:4,2,1 block:256,1,1 occ_pct:62.5")]
    stream = [
        event(1, 5_000_999, 3_000_000, kernel),
        event(2, 9_000_000, 1_000_000, [(3, 5, "kind_src:pinned kind_dst:device size:4096 dest:0 async:1")]),
    ]
    derived = [event(3, 5_000_999, 4_999_001)]
    gpu_names = {1: "gemm_fusion_dot", 2: "MemcpyH2D", 3: "jit_step(1)"}
    return xspace(
        plane("/host:CUPTI", [line(9, "123", zero, calls)], {1: "cuLaunchKernel"}, {1: "correlation_id"}),
        plane(
            "/device:GPU:0",
            [line(13, "Stream #13(Compute)", zero, stream), line(2, "XLA Modules", zero, derived)],
            gpu_names,
            {1: "correlation_id", 2: "kernel_details", 3: "memcpy_details"},
        ),
    )
