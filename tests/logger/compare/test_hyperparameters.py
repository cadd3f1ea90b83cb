"""Hyperparameters in every encoding, and which runs they join."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.struct_pb2 import Value

from stepscope.logger import SummaryWriter, open_logdir, plugins
from stepscope.logger.compare.comparison import Snapshot, compare
from stepscope.logger.proto import event_pb2, plugins_pb2
from stepscope.logger.records import frame

NAME = "events.out.tfevents.1700000000.host"


def snapshot(folder: Path) -> Snapshot:
    with open_logdir(folder, index_dir=False) as log:
        return compare(log)


def message(tag: str, data: plugins_pb2.HParamsPluginData, wall: float = 1.0) -> bytes:
    metadata = plugins.metadata(plugins.HPARAMS, data.SerializeToString())
    summary = event_pb2.Summary(value=[event_pb2.Summary.Value(tag=tag, metadata=metadata)])
    return frame(event_pb2.Event(wall_time=wall, summary=summary).SerializeToString())


def start(group: str = "", **values: Any) -> bytes:
    info = plugins_pb2.SessionStartInfo(group_name=group)
    for name, value in values.items():
        kind = "bool_value" if isinstance(value, bool) else "string_value" if isinstance(value, str) else "number_value"
        info.hparams[name].CopyFrom(value if isinstance(value, Value) else Value(**{kind: value}))
    return message("_hparams_/session_start_info", plugins_pb2.HParamsPluginData(session_start_info=info))


def experiment(**kinds: int) -> bytes:
    infos = [plugins_pb2.HParamInfo(name=name, type=kind) for name, kind in kinds.items()]
    data = plugins_pb2.HParamsPluginData(experiment=plugins_pb2.Experiment(hparam_infos=infos))
    return message("_hparams_/experiment", data)


def scalar(tag: str, step: int, value: float) -> bytes:
    summary = event_pb2.Summary(value=[event_pb2.Summary.Value(tag=tag, simple_value=value)])
    return frame(event_pb2.Event(wall_time=2.0 + step, step=step, summary=summary).SerializeToString())


def write(folder: Path, *records: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAME).write_bytes(b"".join(records))


def test_a_run_below_a_run_with_scalars_joins_it(tmp_path: Path) -> None:
    write(tmp_path / "a", scalar("loss", 0, 1.0), scalar("loss", 1, 0.5))
    write(tmp_path / "a" / "1700000000.5", start(lr=0.5), scalar("hp/acc", 0, 0.9))
    found = snapshot(tmp_path)
    assert (found.rows, found.hparams) == (("a",), {"a": {"lr": 0.5}})
    assert found.scalars_of("a") == ("hp/acc", "loss")


def test_the_root_run_takes_what_lies_below_it(tmp_path: Path) -> None:
    write(tmp_path, scalar("loss", 0, 1.0))
    write(tmp_path / "1700000000.5", start(lr=0.5))
    assert snapshot(tmp_path).hparams == {".": {"lr": 0.5}}


def test_sessions_of_a_sweep_stay_rows(tmp_path: Path) -> None:
    """A loop over add_hparams of one writer: the run around them holds nothing, or a text only."""
    with SummaryWriter(tmp_path / "sweep") as writer:
        writer.add_text("note", "grid search")
    for number in range(3):
        write(tmp_path / "sweep" / str(number), start(lr=10.0**-number), scalar("acc", 0, 0.5))
    assert snapshot(tmp_path).rows == ("sweep", "sweep/0", "sweep/1", "sweep/2")


def test_a_run_with_series_of_its_own_stays_a_row(tmp_path: Path) -> None:
    write(tmp_path / "a", scalar("loss", 0, 1.0))
    write(tmp_path / "a" / "b", start(lr=0.5), scalar("loss", 0, 1.0), scalar("loss", 1, 1.0))
    assert snapshot(tmp_path).rows == ("a", "a/b")


def test_hyperparameters_in_the_run_itself(tmp_path: Path) -> None:
    """As Lightning and TensorFlow's hparams.api write them; the experiment lies elsewhere, or nowhere."""
    write(tmp_path, experiment(amp=2, lr=3))
    write(tmp_path / "a", start(amp=1.0, lr=0.1), scalar("loss", 0, 1.0), scalar("loss", 1, 1.0))
    write(tmp_path / "b", start(amp=0.0, lr=1.0, group="g"), scalar("loss", 0, 1.0))
    found = snapshot(tmp_path)
    assert found.hparams["a"] == {"amp": True, "lr": 0.1} and found.hparams["b"] == {"amp": False, "lr": 1.0}
    assert found.hparams["a"]["amp"] is True
    assert found.facts["b"].group == "g"


def test_a_number_is_a_boolean_where_another_run_says_so(tmp_path: Path) -> None:
    write(tmp_path / "torch", start(amp=1.0, layers=2.0, seed=1.0))
    write(tmp_path / "tf", start(amp=False, layers=3.0, seed=0.5))
    found = snapshot(tmp_path).hparams
    assert found["torch"] == {"amp": True, "layers": 2, "seed": 1.0}
    assert [type(value) for value in found["torch"].values()] == [bool, int, float]
    kinds = {info.name: info.kind for info in snapshot(tmp_path).hparam_infos.values()}
    assert kinds == {"amp": "bool", "layers": "number", "seed": "number"}


def test_two_as_a_boolean_stays_a_number(tmp_path: Path) -> None:
    write(tmp_path / "a", experiment(n=2), start(n=2.0))
    assert snapshot(tmp_path).hparams["a"] == {"n": 2}


def test_keys_differ_values_are_odd(tmp_path: Path) -> None:
    nothing, listed = Value(null_value=0), Value()
    listed.list_value.extend([1.0, "two"])
    write(tmp_path / "a", start(lr=math.nan, none=nothing, sizes=listed, **{"a key/with = signs": "x" * 20_000}))
    write(tmp_path / "b", start(lr="auto", name="shadow", other=math.inf))
    found = snapshot(tmp_path)
    assert math.isnan(found.hparams["a"]["lr"]) and found.hparams["a"]["sizes"] == '[1.0, "two"]'  # type: ignore[arg-type]
    assert "none" not in found.hparams["a"] and len(str(found.hparams["a"]["a key/with = signs"])) == 10_000
    info = found.hparam_infos["lr"]
    assert (info.kind, info.distinct, info.differs, info.missing) == ("mixed", 2, True, 0)
    assert found.hparam_infos["other"].missing == 1


def test_messages_that_are_no_messages_say_nothing(tmp_path: Path) -> None:
    bad = plugins.metadata(plugins.HPARAMS, b"\xff\xff\xff")
    old = plugins.metadata(plugins.HPARAMS, b"{}")
    values = [
        event_pb2.Summary.Value(tag="_hparams_/session_start_info", metadata=bad),
        event_pb2.Summary.Value(tag="_hparams_/experiment", metadata=old),
    ]
    event = event_pb2.Event(wall_time=1.0, summary=event_pb2.Summary(value=values))
    write(tmp_path / "a", frame(event.SerializeToString()), scalar("loss", 0, 1.0))
    assert snapshot(tmp_path).hparams == {"a": {}}


def test_the_last_of_several_messages_counts(tmp_path: Path) -> None:
    write(tmp_path / "a", start(lr=0.1), start(lr=0.2), scalar("loss", 0, 1.0))
    assert snapshot(tmp_path).hparams == {"a": {"lr": 0.2}}


@pytest.mark.parametrize("module", ["torch.utils.tensorboard", "tensorboardX"])
def test_what_other_writers_write(tmp_path: Path, module: str) -> None:
    other = pytest.importorskip(module)
    writer = other.SummaryWriter(str(tmp_path / "a"))
    writer.add_scalar("loss", 1.0, 0)
    writer.add_hparams({"lr": 0.1, "layers": 3, "amp": True, "opt": "adam"}, {"hp/acc": 0.5})
    writer.close()
    with SummaryWriter(tmp_path / "b") as ours:  # says what a boolean is
        ours.add_hparams({"amp": False}, {})
    found = snapshot(tmp_path)
    assert found.rows[0] == "a" and found.hparams["a"] == {"lr": 0.1, "layers": 3, "amp": True, "opt": "adam"}
    assert found.hparams["a"]["amp"] is True


def test_a_sweep_by_tensorflow() -> None:
    """`hparams.api`: the experiment lies in the root, and no session has all keys (see data/make_tensorflow.py)."""
    found = snapshot(Path(__file__).parents[2] / "data" / "tensorflow" / "sweep")
    sessions = {run: found.hparams[run] for run in ("a", "b", "c")}
    assert sessions == {
        "a": {"lr": 0.01, "units": 16, "optimizer": "adam", "nesterov": True},
        "b": {"lr": 0.1, "units": 32, "optimizer": "sgd", "nesterov": False},
        "c": {"lr": 0.1, "units": 32, "optimizer": "sgd", "größe": "wörld", "layers": 3},
    }
    assert type(sessions["a"]["units"]) is int and sessions["a"]["nesterov"] is True
    assert {name: info.kind for name, info in found.hparam_infos.items()} == {
        "größe": "text", "layers": "number", "lr": "number", "nesterov": "bool", "optimizer": "text", "units": "number",
    }  # fmt: skip
    assert found.facts["."].metrics == ("accuracy", "loss") and found.facts["."].bools == {"nesterov"}
    assert [found.facts[run].group for run in ("a", "b", "c")] == ["first", "second", "second"]
    assert found.facts["a"].start == 1_700_000_000
    assert found.scalars == ["loss", "validation/accuracy"]


def test_train_and_validation_are_parts_of_their_session(tmp_path: Path) -> None:
    """As Keras writes them: the session's folder holds hyperparameters only, the scalars lie below it."""
    write(tmp_path, experiment(lr=3))
    for name, lr in (("a", 0.1), ("b", 0.01)):
        write(tmp_path / name, start(lr=lr))
        write(tmp_path / name / "train", scalar("loss", 0, lr), scalar("loss", 9, lr / 2))
        write(tmp_path / name / "validation", scalar("loss", 0, 2 * lr), scalar("loss", 8, lr))
    with open_logdir(tmp_path, index_dir=False) as log:
        found = compare(log)
        assert found.rows == ("a", "b")  # the root, which holds the experiment only, is none
        assert found.scalars == ["train/loss", "validation/loss"]
        assert found.joins.parent["b/validation"] == "b"
        assert found.whole("a").info.last_step == 9 and found.whole("a").info.scalar_points == 4
        columns = ["lr", "validation/loss", "validation/loss.max", "train/loss.at(validation/loss.min)", "loss"]
        assert next(iter(log.table([*columns, "last_step"], where="train/loss < 0.01"))) == {
            "lr": 0.01,
            "validation/loss": pytest.approx(0.01),
            "validation/loss.max": pytest.approx(0.02),
            "train/loss.at(validation/loss.min)": pytest.approx(0.01),
            "loss": pytest.approx(0.005),  # the first part's
            "last_step": 9,
        }


def test_only_known_names_are_parts_of_a_session_with_scalars_of_its_own(tmp_path: Path) -> None:
    """Others may be runs that somebody keeps there; an experiment can name them, too."""
    metric = plugins_pb2.MetricInfo(name=plugins_pb2.MetricName(group="held_out", tag="acc"))
    data = plugins_pb2.HParamsPluginData(experiment=plugins_pb2.Experiment(metric_infos=[metric]))
    write(tmp_path / "described", message("_hparams_/experiment", data))
    write(tmp_path / "a", start(lr=0.1), scalar("loss", 0, 1.0), scalar("loss", 1, 1.0))
    for name in ("eval_small", "held_out", "ablation"):
        write(tmp_path / "a" / name, scalar("acc", 0, 0.5))
    assert snapshot(tmp_path).rows == ("a", "a/ablation")
    assert snapshot(tmp_path).scalars_of("a") == ("eval_small/acc", "held_out/acc", "loss")


def test_a_log_directory_that_is_a_session_does_not_swallow_its_runs(tmp_path: Path) -> None:
    write(tmp_path, start(lr=0.1))
    for name in ("first", "second", "train"):
        write(tmp_path / name, scalar("loss", 0, 0.5))
    assert snapshot(tmp_path).rows == (".", "first", "second")


def test_an_experiment_with_other_data_is_a_row(tmp_path: Path) -> None:
    write(tmp_path / "a", experiment(lr=3), scalar("loss", 0, 1.0))
    write(tmp_path / "b", experiment(lr=3))
    assert snapshot(tmp_path).rows == ("a",)
