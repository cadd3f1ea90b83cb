"""Event files for the benchmarks: many scalars, written fast, the same bytes for the same arguments.

The framing, the checksums and the protobuf encoding are done here with numpy, all steps of a run at once, and not with
our writer: the readers are measured on files that owe nothing to stepscope.

    python -m benchmarks.make_logdir 500 20 1000        # → bench_out/logdirs/runs500-tags20-steps1000
"""

import argparse
import struct
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from google_crc32c import value as crc32c

CACHE = Path("bench_out") / "logdirs"
START = 1_700_000_000.0  # wall time of the first event, s

_PREFIXES = ("train", "eval", "optim", "grad_norm", "perf")
_NAMES = ("loss", "accuracy", "learning_rate", "layer", "images_per_second")
_MASK_DELTA = 0xA282EAD8
_NOISE = 0.05


def scalar_logdir(runs: int, tags: int, steps: int, *, cache: Path = CACHE) -> Path:
    """The folder with `runs` runs of `tags` scalars at steps 1…`steps`, one file each; written unless it is there."""
    folder = cache / f"runs{runs}-tags{tags}-steps{steps}"
    if not folder.exists():
        with _in_one_piece(folder) as building:
            for i in range(runs):
                write_run(building / run_name(i), tag_names(tags), steps, seed=i)
    return folder


def image_logdir(images: int, size: int, *, tags: int = 1, cache: Path = CACHE) -> Path:
    """The folder with one run of `images` images of about `size` bytes each; written unless it is there.

    With several tags they take turns: image i is value i // tags of tag i % tags.
    """
    folder = cache / f"images{images}-bytes{size}{f'-tags{tags}' if tags > 1 else ''}"
    if not folder.exists():
        with _in_one_piece(folder) as building:
            _write_images(building / "run", images, size, tags)
    return folder


def histogram_logdir(histograms: int, buckets: int, *, cache: Path = CACHE) -> Path:
    """The folder with one run and one tag, `weights`, a histogram a step; written unless it is there.

    The buckets of each are even from its least to its greatest value, as those of most writers.
    """
    folder = cache / f"histograms{histograms}-buckets{buckets}"
    if not folder.exists():
        with _in_one_piece(folder) as building:
            _write_histograms(building / "run", histograms, buckets)
    return folder


def run_name(i: int) -> str:
    """A name like those of real sweeps: `lr0.0003-wd0.1-seed017`."""
    return f"lr{(0.0001, 0.0003, 0.001, 0.003)[i % 4]}-wd{(0.0, 0.1)[i // 4 % 2]}-seed{i // 8:03d}"


def tag_names(n: int) -> list[str]:
    """`n` different tags in about `n / 20` groups, at least one group per prefix."""
    groups = max(1, n // 20)
    names = []
    for i in range(n):
        prefix = _PREFIXES[i % len(_PREFIXES)]
        group = i % groups
        names.append(f"{prefix}{'' if groups == 1 else f'_{group:04d}'}/{_NAMES[i // 5 % 5]}_{i // groups}")
    return names


def write_run(folder: Path, tags: list[str], steps: int, *, seed: int) -> None:
    """Write one event file: a version event, then at each step every tag once, as torch's writer does."""
    folder.mkdir(parents=True)
    values = _curves(len(tags), steps, np.random.default_rng(seed))
    wall_times = START + seed + 0.25 * np.arange(steps)
    with open(folder / f"events.out.tfevents.{START + seed:010.0f}.bench.1.0", "wb") as file:
        file.write(frame(b"\x09" + struct.pack("<d", START + seed) + b"\x1a\x0dbrain.Event:2"))
        for lo, hi in _equal_varint_lengths(1, steps + 1):
            rows = slice(lo - 1, hi - 1)
            file.write(_scalar_events(tags, np.arange(lo, hi), wall_times[rows], values[rows]).tobytes())


def frame(data: bytes) -> bytes:
    """One record: u64 length, its masked CRC-32C, the data, their masked CRC-32C."""
    length = struct.pack("<Q", len(data))
    return length + struct.pack("<I", _mask(crc32c(length))) + data + struct.pack("<I", _mask(crc32c(data)))


def _curves(tags: int, steps: int, rng: np.random.Generator) -> np.ndarray:
    """Noisy decays and saturations with rare spikes, float32 of shape (steps, tags)."""
    x = np.arange(1, steps + 1)[:, None] / steps
    rate, floor, sign = rng.uniform(2, 20, tags), rng.uniform(0, 0.5, tags), np.where(np.arange(tags) % 2, 1.0, -1.0)
    noise = rng.normal(0, _NOISE, (steps, tags)) + (rng.random((steps, tags)) < 0.001)
    return (floor + 0.5 + sign * (0.5 - np.exp(-rate * x)) + noise).astype(np.float32)


def _equal_varint_lengths(lo: int, hi: int) -> Iterator[tuple[int, int]]:
    """Cut [lo, hi) where the varint of a step grows by a byte, so that all records of a piece have one size."""
    while lo < hi:
        end = min(hi, 1 << (7 * ((lo.bit_length() + 6) // 7)))
        yield lo, end
        lo = end


def _scalar_events(tags: list[str], steps: np.ndarray, wall_times: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The framed events of some steps, uint8 of shape (steps, bytes of one step)."""
    varint = _varints(steps)
    blocks = []
    for i, tag in enumerate(tags):
        name = tag.encode()
        value = b"\x0a" + bytes([len(name)]) + name + b"\x15"  # Value: tag = 1, simple_value = 2
        summary = b"\x0a" + bytes([len(value) + 4]) + value
        head = b"\x2a" + bytes([len(summary) + 4]) + summary  # Event: summary = 5
        pieces = [
            _repeat(b"\x09", len(steps)),
            _little_endian(wall_times, "<f8"),
            _repeat(b"\x10", len(steps)),
            varint,
            _repeat(head, len(steps)),
            _little_endian(values[:, i], "<f4"),
        ]
        blocks.append(_framed(np.concatenate(pieces, axis=1)))
    return np.concatenate(blocks, axis=1)


def _framed(data: np.ndarray) -> np.ndarray:
    """Frame equally long records, uint8 of shape (records, bytes)."""
    length = struct.pack("<Q", data.shape[1])
    header = length + struct.pack("<I", _mask(crc32c(length)))
    crc = _column_crc32c(data)
    masked = ((crc >> np.uint32(15)) | (crc << np.uint32(17))) + np.uint32(_MASK_DELTA)
    return np.concatenate([_repeat(header, len(data)), data, _little_endian(masked, "<u4")], axis=1)


def _column_crc32c(data: np.ndarray) -> np.ndarray:
    """CRC-32C of every row, a byte of all rows at a time."""
    crc = np.full(len(data), 0xFFFFFFFF, np.uint32)
    for column in np.ascontiguousarray(data.T):
        crc = _TABLE[(crc ^ column) & np.uint32(0xFF)] ^ (crc >> np.uint32(8))
    return ~crc


def _crc_table() -> np.ndarray:
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> np.uint32(1)) ^ np.uint32(0x82F63B78), table >> np.uint32(1))
    return table.astype(np.uint32)


_TABLE = _crc_table()


def _mask(crc: int) -> int:
    return (((crc >> 15) | (crc << 17)) + _MASK_DELTA) & 0xFFFFFFFF


def _varints(numbers: np.ndarray) -> np.ndarray:
    """Varints of numbers that need equally many bytes, uint8 of shape (numbers, bytes)."""
    size = (int(numbers[-1]).bit_length() + 6) // 7
    parts = np.stack([(numbers >> (7 * k)) & 0x7F for k in range(size)], axis=1)
    parts[:, :-1] |= 0x80
    return parts.astype(np.uint8)


def _repeat(data: bytes, n: int) -> np.ndarray:
    return np.broadcast_to(np.frombuffer(data, np.uint8), (n, len(data)))


def _little_endian(numbers: np.ndarray, dtype: str) -> np.ndarray:
    return np.ascontiguousarray(numbers.astype(dtype)).view(np.uint8).reshape(len(numbers), -1)


def _write_images(folder: Path, images: int, size: int, tags: int) -> None:
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    side = int((size / 3) ** 0.5)
    with open(folder / f"events.out.tfevents.{START:010.0f}.bench.1.0", "wb") as file:
        file.write(frame(b"\x09" + struct.pack("<d", START) + b"\x1a\x0dbrain.Event:2"))
        for i in range(images):
            step, tag = i // tags, b"samples/noise" if tags == 1 else b"samples/%03d" % (i % tags)
            png = _png(rng.integers(0, 256, (side, side, 3), dtype=np.uint8))
            image = b"\x08" + _varint(side) + b"\x10" + _varint(side) + b"\x18\x03" + _field(4, png)
            summary = _field(1, _field(1, tag) + _field(4, image))
            file.write(frame(b"\x09" + struct.pack("<d", START + i) + b"\x10" + _varint(step) + _field(5, summary)))


def _write_histograms(folder: Path, histograms: int, buckets: int) -> None:
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    with open(folder / f"events.out.tfevents.{START:010.0f}.bench.1.0", "wb") as file:
        file.write(frame(b"\x09" + struct.pack("<d", START) + b"\x1a\x0dbrain.Event:2"))
        for step in range(histograms):
            values = rng.normal(step / histograms, 0.3 + 0.3 * step / histograms, 10_000)
            counts, edges = np.histogram(values, buckets)
            moments = (values.min(), values.max(), values.size, values.sum(), values @ values)
            message = b"".join(struct.pack("<Bd", i << 3 | 1, moment) for i, moment in enumerate(moments, start=1))
            message += _field(6, edges[1:].tobytes()) + _field(7, counts.astype(float).tobytes())
            summary = _field(1, _field(1, b"weights") + _field(5, message))
            file.write(frame(b"\x09" + struct.pack("<d", START + step) + b"\x10" + _varint(step) + _field(5, summary)))


def _png(pixels: np.ndarray) -> bytes:
    """An uncompressed PNG of uint8 pixels, shape (height, width, 3)."""
    height, width, _ = pixels.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), pixels.reshape(height, -1)], axis=1)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 0)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _field(number: int, data: bytes) -> bytes:
    """A length-delimited protobuf field."""
    return bytes([number << 3 | 2]) + _varint(len(data)) + data


@contextmanager
def _in_one_piece(folder: Path) -> Iterator[Path]:
    """Build a folder beside its place and rename it at the end: an interrupted run leaves nothing half-written."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        building = Path(temporary) / folder.name
        yield building
        building.rename(folder)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.make_logdir", description=__doc__.splitlines()[0])
    parser.add_argument("runs", type=int)
    parser.add_argument("tags", type=int)
    parser.add_argument("steps", type=int)
    parser.add_argument("--cache", type=Path, default=CACHE, help="where the folders are kept (%(default)s)")
    args = parser.parse_args()
    start = time.perf_counter()
    print(scalar_logdir(args.runs, args.tags, args.steps, cache=args.cache))
    print(f"{time.perf_counter() - start:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
