"""Hyperparameters, layouts, messages of other packages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils.tensorboard import SummaryWriter as TorchWriter
from writer_helpers import event_files, events, only_value, tensorboard_values

from stepscope.logger import SummaryWriter
from stepscope.logger.proto import plugins_pb2
from stepscope.logger.proto.event_pb2 import SessionLog
from stepscope.logger.summaries.hparams import session_start_summary


def test_custom_scalars_are_torchs(tmp_path: Path) -> None:
    layout = {"losses": {"both": ["Multiline", ["a", "b.*"]], "band": ["Margin", ["mean", "low", "high"]]}}
    for folder, writer_type in (("ours", SummaryWriter), ("theirs", TorchWriter)):
        with writer_type(str(tmp_path / folder)) as writer:
            writer.add_custom_scalars(layout)
            writer.add_custom_scalars_multilinechart(["a", "b"], title="lines")
            writer.add_custom_scalars_marginchart(["a", "b", "c"], category="bands")
    assert tensorboard_values(tmp_path / "ours") == tensorboard_values(tmp_path / "theirs")


@pytest.mark.parametrize(
    ("layout", "sentence"),
    [
        ({"c": {"chart": ["Margin", ["a", "b"]]}}, r"'c'/'chart': a margin chart takes 3 tags"),
        ({"c": {"chart": ["Pie", ["a"]]}}, r"'c'/'chart': expected \['Multiline', tags\]"),
        ({"c": {"chart": ["Multiline", "a"]}}, "expected a list of tags, got 'a'"),
        ({"c": ["Multiline"]}, "expected a dict of charts"),
        ("c", "expected a dict of categories"),
        ({5: {"chart": ["Multiline", ["a"]]}}, "titles must be of type str, got 5"),
        ({"c": {5: ["Multiline", ["a"]]}}, "'c'/5: titles must be of type str, got 5"),
        ({"c": {"chart": 5}}, r"expected \['Multiline', tags\]"),
        ({"c": {"chart": ["Multiline", 5]}}, "expected a list of tags, got 5"),
    ],
)
def test_a_wrong_layout_is_named(tmp_path: Path, layout: Any, sentence: str) -> None:
    with SummaryWriter(tmp_path) as writer, pytest.raises((TypeError, ValueError), match=sentence):
        writer.add_custom_scalars(layout)


def test_hparams_keep_their_types(tmp_path: Path) -> None:
    hparams = {"lr": np.float32(0.5), "flag": True, "npflag": np.bool_(False), "name": "adam", "n": 3, "none": None}
    with SummaryWriter(tmp_path) as writer:
        writer.add_hparams(hparams, {"acc": torch.tensor(0.75)}, {"n": [3, 4]}, run_name="trial")
    start = _hparams(tmp_path, "session_start_info").session_start_info.hparams
    assert {name: value.WhichOneof("kind") for name, value in start.items()} == {
        "lr": "number_value",
        "flag": "bool_value",
        "npflag": "bool_value",
        "name": "string_value",
        "n": "number_value",
    }
    assert (start["flag"].bool_value, start["npflag"].bool_value) == (True, False)
    experiment = _hparams(tmp_path, "experiment").experiment
    kinds = {info.name: plugins_pb2.HParamType.Name(info.type) for info in experiment.hparam_infos}
    assert kinds["flag"] == kinds["npflag"] == "DATA_TYPE_BOOL"
    assert [value.number_value for value in experiment.hparam_infos[-1].domain_discrete.values] == [3, 4]
    assert [info.name.tag for info in experiment.metric_infos] == ["acc"]
    assert _hparams(tmp_path, "session_end_info").session_end_info.status == plugins_pb2.SessionEndInfo.STATUS_SUCCESS
    assert only_value(tmp_path / "trial", "acc").simple_value == 0.75


def _hparams(folder: Path, name: str) -> plugins_pb2.HParamsPluginData:
    content = only_value(folder, f"_hparams_/{name}").metadata.plugin_data.content
    return plugins_pb2.HParamsPluginData.FromString(content)


def test_equal_hparams_give_equal_bytes() -> None:
    names = [f"name{index}" for index in range(50)]
    one = session_start_summary(dict.fromkeys(names, 1.0))
    other = session_start_summary(dict.fromkeys(reversed(names), 1.0))
    assert one == other


def test_hparams_the_way_of_tensorboardx(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_hparams({"lr": 0.1}, {"acc": 1.0}, "named", 5)
        writer.add_hparams({"lr": 0.1}, {"acc": 1.0}, name="also")
        writer.add_hparams({"lr": 0.1}, {"acc": 1.0})
    folders = {path.parent.name for path in event_files(tmp_path)} - {tmp_path.name}
    assert {"named", "also"} < folders and len(folders) == 3
    assert [event.step for event in events(tmp_path / "named")][-1] == 5


@pytest.mark.parametrize(
    ("hparams", "metrics", "domains", "sentence"),
    [
        ({"lr": [1, 2]}, {}, None, "add_hparams, 'lr': expected a bool, a number, a str or None, got a list of 2"),
        ({1: 2}, {}, None, "expected names of type str, got 1"),
        ({"lr": 1}, {"acc": "high"}, None, "metric 'acc': expected one number, got the string 'high'"),
        ({"lr": 1}, [], None, "expected a dict of metrics, got list"),
        ({"lr": 1}, {}, {"lr": 5}, r"hparam_domain_discrete\['lr'\] must be a list"),
        ({"lr": 1}, {}, {"lr": ["a"]}, "must hold values of"),
    ],
)
def test_wrong_hparams(tmp_path: Path, hparams: Any, metrics: Any, domains: Any, sentence: str) -> None:
    with SummaryWriter(tmp_path) as writer, pytest.raises((TypeError, ValueError), match=sentence):
        writer.add_hparams(hparams, metrics, domains)


def test_purge_step_marks_a_session_start(tmp_path: Path) -> None:
    for folder, writer_type in (("ours", SummaryWriter), ("theirs", TorchWriter)):
        with writer_type(str(tmp_path / folder), purge_step=5) as writer:
            writer.add_scalar("x", 1.0, 5)
    ours, theirs = (
        [(event.step, event.WhichOneof("what")) for event in events(tmp_path / folder)] for folder in ("ours", "theirs")
    )
    assert ours == theirs
    starts = [event for event in events(tmp_path / "ours") if event.HasField("session_log")]
    assert [(event.step, event.session_log.status) for event in starts] == [(5, SessionLog.START)]


def test_messages_of_other_packages_are_taken(tmp_path: Path) -> None:
    from tensorboard.compat.proto.event_pb2 import Event as TheirEvent
    from tensorboard.compat.proto.graph_pb2 import GraphDef as TheirGraph
    from tensorboard.compat.proto.summary_pb2 import Summary as TheirSummary

    with SummaryWriter(tmp_path) as writer:
        summary = TheirSummary(value=[TheirSummary.Value(tag="x", simple_value=0.5)])
        writer.file_writer.add_summary(summary, 3, 12.0)
        writer.file_writer.add_event(TheirEvent(summary=summary), 4, 13.0)
        writer.file_writer.add_graph((TheirGraph(), TheirGraph()), 14.0)
        summary.value[0].simple_value = 99  # a change after the call
    read = [(event.step, event.wall_time, event.summary.value[0].simple_value) for event in events(tmp_path)[1:3]]
    assert read == [(3, 12.0, 0.5), (4, 13.0, 0.5)]
