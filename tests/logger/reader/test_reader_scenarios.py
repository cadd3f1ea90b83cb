"""What a log directory may hold, and what the reader makes of it: one test per situation that loses data elsewhere."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from reader_logs import (
    append,
    event,
    latest,
    points,
    read,
    scalar,
    steps,
    tensor_value,
    version,
    write,
)

from stepscope.logger import plugins
from stepscope.logger.proto import event_pb2 as pb
from stepscope.logger.records import frame

# --- values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "dtype", ["float32", "float64", "float16", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
)
@pytest.mark.parametrize("shape", [(), (1,), (1, 1)])
def test_a_scalar_of_any_numeric_type_and_any_shape_of_one_element(
    tmp_path: Path, dtype: str, shape: tuple[int, ...]
) -> None:
    array = np.full(shape, 3, dtype)
    write(tmp_path, version(), event(tensor_value("x", array, plugins.SCALARS), step=7))
    log = read(tmp_path)
    assert log.tags(".") == {"scalars": ["x"]}
    assert latest(log, "x") == [(7, 3.0)]


def test_scalars_of_double_precision_keep_it(tmp_path: Path) -> None:
    write(tmp_path, event(tensor_value("x", np.float64(0.1), plugins.SCALARS)), scalar("y", 1, 0.5))
    log = read(tmp_path)
    assert log.scalars(".", "x").value[0] == 0.1
    assert log.scalar_columns("x", ["."]).exact32.tolist() == [False]
    assert log.scalar_columns("y", ["."]).exact32.tolist() == [True]


def test_bool_and_bfloat16_scalars(tmp_path: Path) -> None:
    bfloat = pb.TensorProto(dtype=pb.DT_BFLOAT16, half_val=[0x3FC0])  # 1.5
    write(
        tmp_path,
        event(tensor_value("flag", np.bool_(True), plugins.SCALARS)),
        event(pb.Summary.Value(tag="b", tensor=bfloat, metadata=plugins.metadata(plugins.SCALARS))),
    )
    log = read(tmp_path)
    assert latest(log, "flag") == [(0, 1.0)]
    assert latest(log, "b") == [(0, 1.5)]


def test_not_a_number_and_infinities_are_values(tmp_path: Path) -> None:
    values = [float("nan"), float("inf"), float("-inf"), 1e-45]
    write(tmp_path, *(scalar("x", step, value) for step, value in enumerate(values)))
    expected = np.array(values, np.float32).astype(np.float64)
    np.testing.assert_array_equal(read(tmp_path).scalars(".", "x").value, expected)


def test_steps_beyond_two_to_the_53_and_negative_steps(tmp_path: Path) -> None:
    extremes = [-(2**63), -5, 0, 2**53 + 1, 2**63 - 1]
    write(tmp_path, *(scalar("x", step, 1.0) for step in extremes))
    assert steps(read(tmp_path), "x") == extremes


def test_wall_time_that_is_no_number(tmp_path: Path) -> None:
    write(tmp_path, scalar("x", 0, 1.0), scalar("x", 1, 2.0, wall=float("nan")), scalar("x", 2, 3.0))
    log = read(tmp_path)
    assert steps(log, "x") == [0, 1, 2]
    assert np.isnan(log.scalars(".", "x").wall_time).tolist() == [False, True, False]
    assert log.files(".")[0].state == "ok"
    assert log.run_info(".").last_wall_time == 1002.0


# --- tags, plugins, kinds ---------------------------------------------------------------------------------------------


def test_metadata_on_the_first_event_only(tmp_path: Path) -> None:
    write(
        tmp_path,
        event(tensor_value("loss", np.float32(1), plugins.SCALARS), step=0),
        event(tensor_value("loss", np.float32(2)), step=1),
        event(tensor_value("weights", np.float32(5), plugins.TENSOR), step=0),
        event(tensor_value("weights", np.float32(6)), step=1),
    )
    log = read(tmp_path)
    assert log.tags(".") == {"scalars": ["loss"], "tensors": ["weights"]}
    assert latest(log, "loss") == [(0, 1.0), (1, 2.0)]
    assert [float(value) for value in log.tensors(".", "weights")] == [5.0, 6.0]


def test_metadata_of_the_first_event_are_remembered_as_the_file_grows(tmp_path: Path) -> None:
    path = write(tmp_path, event(tensor_value("weights", np.float32(5), plugins.TENSOR), step=0))
    log = read(tmp_path)
    append(path, event(tensor_value("weights", np.float32(6)), step=1))
    log.refresh()
    assert log.tags(".") == {"tensors": ["weights"]}
    assert len(log.tensors(".", "weights")) == 2


def test_a_number_without_any_metadata_is_a_scalar(tmp_path: Path) -> None:
    write(tmp_path, event(tensor_value("x", np.float32(1)), step=0), event(tensor_value("x", np.float32(2)), step=1))
    log = read(tmp_path)
    assert log.tags(".") == {"scalars": ["x"]}
    assert latest(log, "x") == [(0, 1.0), (1, 2.0)]


def test_the_plugin_scalars_without_a_data_class(tmp_path: Path) -> None:
    write(tmp_path, event(tensor_value("x", np.float32(1), plugins.SCALARS, data_class=0)))
    assert read(tmp_path).tags(".") == {"scalars": ["x"]}


@pytest.mark.parametrize(("data_class", "kind"), [(1, "scalars"), (0, "my_plugin"), (2, "my_plugin")])
def test_an_unknown_plugin_is_a_kind_of_its_own_unless_it_says_scalar(
    tmp_path: Path, data_class: int, kind: str
) -> None:
    write(tmp_path, event(tensor_value("x", np.float32(1), "my_plugin", data_class)))
    log = read(tmp_path)
    assert log.tags(".") == {kind: ["x"]}
    if kind != "scalars":
        assert log.blobs(".", kind, "x")[0] == 1.0
        assert log.blobs(".", kind, "x").metadata.plugin == "my_plugin"


def test_one_tag_with_a_scalar_and_a_histogram_has_both_kinds(tmp_path: Path) -> None:
    histogram = pb.HistogramProto(min=0, max=1, num=1, sum=1, sum_squares=1, bucket_limit=[1.0], bucket=[1.0])
    write(tmp_path, scalar("x", 0, 1.0), event(pb.Summary.Value(tag="x", histo=histogram), step=1))
    log = read(tmp_path)
    assert log.tags(".") == {"scalars": ["x"], "histograms": ["x"]}
    assert steps(log, "x") == [0]
    assert log.histograms(".", "x")[0].counts.tolist() == [1.0]


def test_one_tag_under_two_plugins_has_both_kinds(tmp_path: Path) -> None:
    text = tensor_value("x", np.array("hello"), plugins.TEXT)
    write(tmp_path, event(tensor_value("x", np.float32(1), plugins.SCALARS)), event(text, step=1))
    log = read(tmp_path)
    assert log.tags(".") == {"scalars": ["x"], "text": ["x"]}
    assert log.text(".", "x")[0] == "hello"


def test_a_summary_with_a_node_name_only_hurts_nobody(tmp_path: Path) -> None:
    write(tmp_path / "old", event(pb.Summary.Value(node_name="conv/loss", simple_value=1.0), step=3))
    write(tmp_path / "new", scalar("loss", 0, 1.0))
    log = read(tmp_path)
    assert log.tags("old") == {"scalars": ["conv/loss"]}
    assert log.tags("new") == {"scalars": ["loss"]}


def test_unicode_tags_and_runs(tmp_path: Path) -> None:
    write(tmp_path / "прогон 🚀", scalar("損失/訓練", 0, 1.0))
    log = read(tmp_path)
    assert log.runs == ["прогон 🚀"]
    assert steps(log, "損失/訓練", "прогон 🚀") == [0]


def test_tags_that_are_no_utf8_are_shown_escaped_and_stay_apart(tmp_path: Path) -> None:
    def raw(name: bytes) -> bytes:
        value = b"\x0a" + bytes([len(name)]) + name + b"\x15" + struct.pack("<f", 1.0)
        return frame(b"\x2a" + bytes([len(value) + 2]) + b"\x0a" + bytes([len(value)]) + value)

    write(tmp_path, raw(b"a\xff"), raw(b"a\xfe"))
    assert read(tmp_path).tags(".") == {"scalars": ["a\\xfe", "a\\xff"]}


def test_tags_and_runs_are_in_natural_order(tmp_path: Path) -> None:
    for run in ("run10", "run2", "run1"):
        write(tmp_path / run, scalar("layer10/w", 0, 1.0), scalar("layer9/w", 0, 1.0))
    log = read(tmp_path)
    assert log.runs == ["run1", "run2", "run10"]
    assert log.tags("run1")["scalars"] == ["layer9/w", "layer10/w"]


def test_several_values_in_one_event_and_several_events_per_step(tmp_path: Path) -> None:
    values = [pb.Summary.Value(tag=f"t{i}", simple_value=i) for i in range(300)]
    write(tmp_path, event(*values, step=1), event(*values, step=1))
    log = read(tmp_path)
    assert len(log.tags(".")["scalars"]) == 300
    assert latest(log, "t299") == [(1, 299.0), (1, 299.0)]


def test_thousands_of_tags(tmp_path: Path) -> None:
    write(tmp_path, *(scalar(f"tag/{i}", i, float(i)) for i in range(5000)))
    log = read(tmp_path)
    assert len(log.tags(".")["scalars"]) == 5000
    assert latest(log, "tag/4321") == [(4321, 4321.0)]


# --- empty things -----------------------------------------------------------------------------------------------------


def test_a_file_with_nothing_but_its_version_is_a_run(tmp_path: Path) -> None:
    write(tmp_path / "a", version())
    log = read(tmp_path)
    assert log.runs == ["a"]
    assert log.tags("a") == {}
    assert np.isnan(log.run_info("a").first_wall_time)
    assert log.run_info("a").first_event_time == 1.0


def test_a_file_of_zero_bytes_is_a_run_without_data(tmp_path: Path) -> None:
    write(tmp_path / "a")
    log = read(tmp_path)
    assert log.runs == ["a"]
    assert log.files("a")[0].state == "ok"


def test_a_file_without_a_version_record(tmp_path: Path) -> None:
    write(tmp_path, points("x", range(3)))
    assert steps(read(tmp_path), "x") == [0, 1, 2]


# --- graphs and other events ------------------------------------------------------------------------------------------


def test_graphs_run_metadata_and_meta_graphs(tmp_path: Path) -> None:
    meta_graph = b"\x0a\x02hi" + b"\x12\x05graph"  # MetaGraphDef{meta_info_def, graph_def}
    tagged = pb.TaggedRunMetadata(tag="step_1", run_metadata=b"stats")
    write(
        tmp_path,
        frame(pb.Event(wall_time=1.0, graph_def=b"the graph").SerializeToString()),
        frame(pb.Event(wall_time=2.0, step=1, meta_graph_def=meta_graph).SerializeToString()),
        frame(pb.Event(wall_time=3.0, tagged_run_metadata=tagged).SerializeToString()),
    )
    log = read(tmp_path)
    assert log.tags(".") == {"graphs": ["__run_graph__", "step_1"]}
    assert [graph.data for graph in log.graphs(".", "__run_graph__")] == [b"the graph", b"graph"]
    assert log.graphs(".", "step_1")[0].data == b"stats"
    assert log.graphs(".", "step_1")[0].format == "run_metadata"
