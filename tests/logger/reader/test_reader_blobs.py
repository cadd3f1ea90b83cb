"""Everything but scalars: read when asked for, decoded, checked."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from reader_logs import NAME, event, points, read, tensor_value, write

from stepscope.logger import plugins
from stepscope.logger.errors import BlobUnavailable, CorruptRecord
from stepscope.logger.proto import event_pb2 as pb
from stepscope.logger.proto import plugins_pb2 as ppb
from stepscope.logger.reader.media_values import Audio, Image
from stepscope.logger.reader.values import Histogram
from stepscope.logger.records import frame

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def value_with(tag: str, plugin: str, content: bytes = b"", array: object | None = None) -> pb.Summary.Value:
    value = pb.Summary.Value(tag=tag) if array is None else tensor_value(tag, array)
    value.metadata.CopyFrom(plugins.metadata(plugin, content, display_name="shown", description="what it is"))
    return value


def test_a_series_of_blobs(tmp_path: Path) -> None:
    write(tmp_path, *(event(tensor_value("t", np.arange(3) + s, plugins.TENSOR), step=s) for s in (2, 0, 1)))
    series = read(tmp_path).tensors(".", "t")
    assert series.step.tolist() == [0, 1, 2]
    assert series.wall_time.tolist() == [1000.0, 1001.0, 1002.0]
    assert len(series) == 3
    assert [array.tolist() for array in series] == [[0, 1, 2], [1, 2, 3], [2, 3, 4]]
    assert series[-1].tolist() == [2, 3, 4]
    assert [array.tolist() for array in series[1:]] == [[1, 2, 3], [2, 3, 4]]
    assert pb.Summary.Value.FromString(series.raw(0)).tag == "t"
    with pytest.raises(IndexError, match="tensors 't' has 3 values, got index 3"):
        series[3]


def test_many_values_of_a_series_in_one_pass(tmp_path: Path) -> None:
    """In the order of the files, across files and gaps; a value that was changed since is told as such."""
    gap = event(tensor_value("other", np.zeros(20_000)), step=0)
    later = "events.out.tfevents.1800000000.host"
    write(tmp_path, *(event(tensor_value("t", np.array([s, s])), step=s) for s in (4, 0)))
    write(
        tmp_path,
        event(tensor_value("t", np.array([1, 1])), step=1),
        gap,
        event(tensor_value("t", np.array([3, 3])), step=3),
        name=later,
    )
    series = read(tmp_path).tensors(".", "t")
    assert series.step.tolist() == [0, 1, 3, 4]
    found = [(index, series.decoded(index, message).tolist()[0]) for index, message in series.raws([0, 1, 2, 3])]
    assert found == [(3, 4), (0, 0), (1, 1), (2, 3)]
    assert list(series.raws([])) == []
    (tmp_path / later).write_bytes(bytes((tmp_path / later).stat().st_size))
    with pytest.raises(BlobUnavailable, match="was changed"):
        list(series.raws([1]))


def test_metadata_of_a_tag(tmp_path: Path) -> None:
    write(tmp_path, event(value_with("t", plugins.TENSOR, b"content", np.arange(2))))
    metadata = read(tmp_path).tensors(".", "t").metadata
    assert (metadata.plugin, metadata.content) == ("tensor", b"content")
    assert (metadata.display_name, metadata.description, metadata.data_class) == ("shown", "what it is", 2)


def test_histograms_of_both_forms(tmp_path: Path) -> None:
    stored = pb.HistogramProto(
        min=-1, max=3, num=6, sum=4, sum_squares=12, bucket_limit=[-2, 0, 3], bucket=[0, 2, 4]
    )  # fmt: skip
    table = np.array([[0.0, 1.0, 0.0], [1.0, 2.0, 5.0], [2.0, 3.0, 2.0]])
    write(
        tmp_path,
        event(pb.Summary.Value(tag="one", histo=stored)),
        event(value_with("two", plugins.HISTOGRAMS, array=table)),
        event(value_with("none", plugins.HISTOGRAMS, array=np.zeros((0, 3)))),
        event(value_with("single", plugins.HISTOGRAMS, array=np.array([[2.0, 2.0, 7.0]]))),
    )
    log = read(tmp_path)
    one: Histogram = log.histograms(".", "one")[0]
    assert (one.left.tolist(), one.right.tolist(), one.counts.tolist()) == ([-2, -2, 0], [-2, 0, 3], [0, 2, 4])
    assert (one.min, one.max, one.num, one.sum, one.sum_squares) == (-1, 3, 6, 4, 12)
    two: Histogram = log.histograms(".", "two")[0]
    assert (two.left.tolist(), two.right.tolist(), two.counts.tolist()) == ([0, 1, 2], [1, 2, 3], [0, 5, 2])
    assert (two.min, two.max, two.num) == (1.0, 3.0, 7.0)
    assert log.histograms(".", "none")[0].counts.tolist() == []
    assert log.histograms(".", "single")[0].counts.tolist() == [7.0]


def test_images_of_both_forms(tmp_path: Path) -> None:
    old = pb.Summary.Image(width=4, height=3, colorspace=3, encoded_image_string=PNG)
    new = np.array([b"4", b"3", PNG, b"\xff\xd8jpeg"], object)
    write(
        tmp_path,
        event(pb.Summary.Value(tag="old/image/0", image=old)),
        event(value_with("new", plugins.IMAGES, array=new)),
        event(value_with("bad", plugins.IMAGES, array=np.array([b"4"], object))),
    )
    log = read(tmp_path)
    assert log.tags(".") == {"images": ["bad", "new", "old/image/0"]}
    assert log.images(".", "old/image/0")[0] == Image(4, 3, "image/png", (PNG,))
    assert log.images(".", "new")[0].samples == (PNG, b"\xff\xd8jpeg")
    with pytest.raises(CorruptRecord, match="no valid images"):
        log.images(".", "bad")[0]


def test_audio_of_both_forms(tmp_path: Path) -> None:
    wave = b"RIFF" + struct.pack("<I", 44) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 2, 8000, 32000, 4, 16)
    wave += b"data" + struct.pack("<I", 8) + bytes(8)
    old = pb.Summary.Audio(
        sample_rate=8000, num_channels=1, length_frames=5, encoded_audio_string=b"sound", content_type="audio/wav"
    )
    write(
        tmp_path,
        event(pb.Summary.Value(tag="old", audio=old)),
        event(value_with("new", plugins.AUDIO, array=np.array([[wave, b"label"]], object))),
    )
    log = read(tmp_path)
    assert log.audio(".", "old")[0] == Audio("audio/wav", (b"sound",), ("",), 8000.0, 1, 5)
    assert log.audio(".", "new")[0] == Audio("audio/wav", (wave,), ("label",), 8000.0, 2, 2)


def test_text_of_any_shape(tmp_path: Path) -> None:
    write(
        tmp_path,
        event(value_with("one", plugins.TEXT, array=np.array("héllo"))),
        event(value_with("table", plugins.TEXT, array=np.array([["a", "b"], ["c", "d"]]))),
        event(value_with("bytes", plugins.TEXT, array=np.array([b"\xff"], object))),
    )
    log = read(tmp_path)
    assert log.text(".", "one")[0] == "héllo"
    assert log.text(".", "table")[0].tolist() == [["a", "b"], ["c", "d"]]
    assert log.text(".", "bytes")[0].tolist() == ["\ufffd"]


def test_hparams_with_different_kinds_of_values(tmp_path: Path) -> None:
    start = ppb.HParamsPluginData(session_start_info=ppb.SessionStartInfo(group_name="g"))
    hparams = start.session_start_info.hparams
    hparams["lr"].number_value = float("nan")
    hparams["opt"].string_value = "adam"
    hparams["amp"].bool_value = True
    end = ppb.HParamsPluginData(session_end_info=ppb.SessionEndInfo(status=1))
    write(
        tmp_path,
        event(value_with(plugins.HPARAMS_SESSION_START_TAG, plugins.HPARAMS, start.SerializeToString())),
        event(value_with(plugins.HPARAMS_SESSION_END_TAG, plugins.HPARAMS, end.SerializeToString())),
        event(value_with("old", plugins.HPARAMS, b"{}")),
    )
    log = read(tmp_path)
    info = log.hparams(".", plugins.HPARAMS_SESSION_START_TAG)[0]["session_start_info"]
    assert info["group_name"] == "g"
    assert (info["hparams"]["opt"], info["hparams"]["amp"]) == ("adam", True)
    assert np.isnan(info["hparams"]["lr"])
    assert log.hparams(".", plugins.HPARAMS_SESSION_END_TAG)[0] == {"session_end_info": {"status": "STATUS_SUCCESS"}}
    assert log.hparams(".", "old")[0] == {}


def test_meshes_and_pr_curves_and_layouts(tmp_path: Path) -> None:
    mesh = ppb.MeshPluginData(name="m", content_type=2, json_config='{"camera": 1}')
    layout = ppb.Layout(category=[ppb.Category(title="losses")])
    write(
        tmp_path,
        event(value_with("m_FACE", plugins.MESH, mesh.SerializeToString(), np.zeros((1, 5, 3), np.float32))),
        event(value_with("pr", plugins.PR_CURVES, array=np.arange(18, dtype=np.float32).reshape(6, 3))),
        event(value_with("layout", plugins.CUSTOM_SCALARS, array=np.array(layout.SerializeToString(), object))),
    )
    log = read(tmp_path)
    face = log.meshes(".", "m_FACE")[0]
    assert (face.name, face.part, face.data.shape, face.config) == ("m", "face", (1, 5, 3), {"camera": 1})
    assert log.pr_curves(".", "pr")[0].recall.tolist() == [15.0, 16.0, 17.0]
    assert log.custom_scalars(".", "layout")[0] == {"category": [{"title": "losses"}]}


def test_a_scalar_plugin_with_several_numbers_is_a_tensor(tmp_path: Path) -> None:
    write(tmp_path, event(tensor_value("x", np.arange(3.0), plugins.SCALARS)))
    log = read(tmp_path)
    assert log.tags(".") == {"tensors": ["x"]}
    assert log.tensors(".", "x")[0].tolist() == [0.0, 1.0, 2.0]


def test_a_file_that_changed_underneath_is_noticed(tmp_path: Path) -> None:
    path = write(tmp_path, event(tensor_value("t", np.arange(3), plugins.TENSOR)))
    series = read(tmp_path).tensors(".", "t")
    data = path.read_bytes()
    path.write_bytes(data[:-10] + bytes(10))
    with pytest.raises(BlobUnavailable, match="was changed"):
        series[0]
    path.unlink()
    with pytest.raises(BlobUnavailable, match="cannot be read"):
        series[0]


def test_blobs_of_many_files_and_appended_ones(tmp_path: Path) -> None:
    for number in range(3):
        values = (event(tensor_value("t", np.full(2, 10 * number + s), plugins.TENSOR), step=10 * number + s)
                  for s in range(4))  # fmt: skip
        write(tmp_path, *values, points("x", range(3)), name=f"{NAME}.{number}")
    series = read(tmp_path).tensors(".", "t")
    assert series.step.tolist() == [0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23]
    assert [array[0] for array in series] == series.step.tolist()


def test_values_that_are_not_what_their_kind_says(tmp_path: Path) -> None:
    """Each asks for an exception of its own, and none for another value's."""
    huge = pb.TensorProto(dtype=pb.DT_FLOAT, float_val=[1.0])
    huge.tensor_shape.dim.extend([pb.TensorShapeProto.Dim(size=1 << 50)])
    odd = pb.HistogramProto(min=0, max=1, bucket_limit=[1.0], bucket=[1.0, 2.0])
    write(
        tmp_path,
        event(pb.Summary.Value(tag="huge", tensor=huge, metadata=plugins.metadata(plugins.TENSOR))),
        event(pb.Summary.Value(tag="odd", histo=odd)),
        event(value_with("text", plugins.TEXT, array=np.arange(3))),
        event(value_with("pr", plugins.PR_CURVES, array=np.arange(3.0))),
        event(value_with("hp", plugins.HPARAMS, b"\xff\xff")),
        event(value_with("fine", plugins.TENSOR, array=np.arange(3))),
        frame(pb.Event(meta_graph_def=b"\xff\xff").SerializeToString()),
    )
    log = read(tmp_path)
    for kind, tag in [("tensors", "huge"), ("histograms", "odd"), ("text", "text"), ("pr_curves", "pr"),
                      ("hparams", "hp"), ("graphs", plugins.RUN_GRAPH_TAG)]:  # fmt: skip
        with pytest.raises(CorruptRecord, match=f"no valid {kind}"):
            log.blobs(".", kind, tag)[0]
    assert log.tensors(".", "fine")[0].tolist() == [0, 1, 2]


@pytest.mark.parametrize("plugin", [plugins.HISTOGRAMS, plugins.PR_CURVES, plugins.MESH])
@pytest.mark.parametrize("of", [b"7", 7j])
def test_what_is_drawn_from_numbers_has_numbers(tmp_path: Path, plugin: str, of: bytes | complex) -> None:
    content = ppb.MeshPluginData(name="m", content_type=1).SerializeToString() if plugin == plugins.MESH else b""
    array = np.full((6, 3), of, object if isinstance(of, bytes) else np.complex64)
    write(tmp_path, event(value_with("t", plugin, content, array)))
    log = read(tmp_path)
    (kind,) = log.tags(".")
    with pytest.raises(CorruptRecord, match=r"numbers expected, got (strings|complex64)"):
        log.blobs(".", kind, "t")[0]


def test_a_few_bytes_are_no_table_of_a_trillion_rows(tmp_path: Path) -> None:
    """As a list its empty rows would take all the memory."""
    tensor = pb.TensorProto(dtype=pb.DT_STRING)
    tensor.tensor_shape.dim.extend([pb.TensorShapeProto.Dim(size=1 << 40), pb.TensorShapeProto.Dim(size=0)])
    write(
        tmp_path,
        event(pb.Summary.Value(tag="rows", tensor=tensor, metadata=plugins.metadata(plugins.TEXT))),
        event(value_with("none", plugins.TEXT, array=np.zeros((2, 0), object))),
    )
    log = read(tmp_path)
    with pytest.raises(CorruptRecord, match="none of them is there"):
        log.text(".", "rows")[0]
    assert log.text(".", "none")[0].shape == (2, 0)
