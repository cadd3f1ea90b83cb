"""Damaged and hostile values of our own plugins: a sentence, and no more memory than the value deserves."""

from __future__ import annotations

import json
import tracemalloc
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from stepscope.logger import FileWriter, SummaryWriter, open_logdir, plugins
from stepscope.logger.errors import CorruptRecord
from stepscope.logger.proto.event_pb2 import Summary, TensorProto
from stepscope.logger.reader import kinds
from stepscope.logger.reader.values import decode_blob
from stepscope.logger.tensors import string_tensor, tensor_proto


def _decode(kind: str, tensor: TensorProto, content: bytes = b"") -> object:
    return decode_blob(kind, 0, content, Summary.Value(tensor=tensor).SerializeToString())


def _parts(*parts: bytes, how: bytes = b"") -> TensorProto:
    return string_tensor([text for part in parts for text in (how, part)], (len(parts), 2))


def _bomb(size: int) -> bytes:
    """Zeros, compressed without ever being held."""
    packer = zlib.compressobj(9)
    chunk = bytes(1 << 20)
    return b"".join(packer.compress(chunk) for _ in range(size >> 20)) + packer.flush()


def test_what_unpacks_to_too_much_is_refused() -> None:
    bomb = _bomb(256 << 20)
    tracemalloc.start()
    with pytest.raises(CorruptRecord, match="bytes unpack to more than 67108864"):
        _decode(kinds.HTML, _parts(bomb, how=b"zlib"))
    assert tracemalloc.get_traced_memory()[1] < 200 << 20
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("tensor", "sentence"),
    [
        (_parts(b"not compressed", how=b"zlib"), "a compressed part is damaged"),
        (_parts(zlib.compress(b"x" * 9000)[:-9], how=b"zlib"), "ends too early"),
        (_parts(b"x", how=b"brotli"), "stored as b'brotli', which this version does not know"),
        (_parts(b"one", b"two"), "one text expected, got 2"),
        (string_tensor([b"x"], (1,)), r"packed parts have shape \(n, 2\), got \(1,\)"),
        (tensor_proto(np.zeros((1, 2))), "strings expected, got float64"),
        (TensorProto(), "unknown type"),
    ],
)
def test_texts_that_are_none(tensor: TensorProto, sentence: str) -> None:
    with pytest.raises(CorruptRecord, match=f"the stored value is no valid plotly: .*{sentence}"):
        _decode(kinds.PLOTLY, tensor)


def _header(rows: object, *columns: Sequence[object]) -> bytes:
    return json.dumps({"rows": rows, "columns": [{"name": name, "kind": kind} for name, kind in columns]}).encode()


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ([], "a table begins with JSON"),
        ([b"{"], "a table begins with JSON"),
        ([_header(-1)], "of another type"),
        ([_header(1, ("a", 5)), b""], "of another type"),
        ([_header(1, ("a", "int"))], "a table of 1 columns has 0 parts"),
        ([_header(1, ("a", "int")), b"\1"], "column 'a' of 1 rows has 1 bytes"),
        ([_header(10**18, ("a", "int")), b""], "column 'a' of 1000000000000000000 rows has 0 bytes"),
        ([_header(5_000_000, ("a", "text")), b"\0" * 25_000_000], "5000000 texts and images are too many"),
        ([_header(1, ("a", "film")), b"\1"], "of kind 'film', which this version does not know"),
        ([_header(1, ("a", "text")), b"\1\xff\xff\xff\xffabc"], "do not fill its 3 bytes"),
    ],
)
def test_tables_that_are_none(parts: list[bytes], sentence: str) -> None:
    with pytest.raises(CorruptRecord, match=sentence):
        _decode(kinds.TABLES, _parts(*parts))


def test_a_table_with_more_names_than_memory() -> None:
    columns = b'{"rows": 1, "columns": [' + b"{}," * 3_000_000 + b"{}]}"
    tracemalloc.start()
    with pytest.raises(CorruptRecord, match="columns take 9000028 bytes"):
        _decode(kinds.TABLES, _parts(zlib.compress(columns), how=b"zlib"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40e6


def test_matrices_and_curves_that_are_none() -> None:
    with pytest.raises(CorruptRecord, match=r"a confusion matrix has shape \(n, n\), got \(2, 3\)"):
        _decode(kinds.CONFUSION_MATRICES, tensor_proto(np.zeros((2, 3))))
    with pytest.raises(CorruptRecord, match=r"a ROC curve has shape \(5, n\), got \(6, 4\)"):
        _decode(kinds.ROC_CURVES, tensor_proto(np.zeros((6, 4))))
    huge = TensorProto(dtype=2, double_val=[1.0])
    for _ in range(2):
        huge.tensor_shape.dim.add().size = 200_000
    with pytest.raises(CorruptRecord, match=r"tensor of shape \(200000, 200000\) with 1 values: too many to fill in"):
        _decode(kinds.CONFUSION_MATRICES, huge)


@pytest.mark.parametrize(
    "kind",
    [kinds.TEXT, kinds.IMAGES, kinds.AUDIO, kinds.HTML, kinds.TABLES, kinds.HISTOGRAMS, kinds.PR_CURVES,
     kinds.ROC_CURVES, kinds.CONFUSION_MATRICES, kinds.MESHES],
)  # fmt: skip
def test_a_small_message_is_no_large_value(kind: str) -> None:
    """A tensor may leave out what its last value stands for: a page asks for thousands of such values at once."""
    shape = string_tensor([], (1_000_000, 3)).tensor_shape
    for tensor in (TensorProto(dtype=7, string_val=[b""]), TensorProto(dtype=2)):
        tensor.tensor_shape.CopyFrom(shape)
        with pytest.raises(CorruptRecord, match="too many to fill in"):
            _decode(kind, tensor)


@pytest.mark.parametrize("content", [b"", b"{", b'{"names": 5}', b'{"names": ["a"]}', b'{"names": [null, "b", "c"]}'])
def test_a_matrix_without_proper_names_has_numbers(content: bytes) -> None:
    found = _decode(kinds.CONFUSION_MATRICES, tensor_proto(np.eye(2)), content)
    assert len(found.names) == 2 and all(isinstance(name, str) for name in found.names)  # type: ignore[attr-defined]


def test_one_damaged_value_leaves_the_others(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_html("page", "first", 1)
    broken = Summary.Value(tag="page", metadata=plugins.metadata(plugins.HTML), tensor=_parts(b"no", how=b"zlib"))
    file = FileWriter(tmp_path)
    file.add_summary(Summary(value=[broken]), 2)
    file.close()
    pages = open_logdir(tmp_path).html(".", "page")
    assert pages[0] == "first"
    with pytest.raises(CorruptRecord, match="a compressed part is damaged"):
        pages[1]
