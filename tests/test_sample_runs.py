"""The sample runs: the committed files are small and readable by everyone, and the scripts write them again."""

from __future__ import annotations

import inspect
import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from sample_runs.__main__ import SCRIPTS, build
from sample_runs.clock import START
from stepscope.logger import SummaryWriter, open_logdir
from stepscope.webapp.view_format import check_view, view_problems

FOLDER = Path(__file__).parent.parent / "sample_runs"
LOGS = FOLDER / "logs"
RUNS = sorted({path.parent.relative_to(LOGS).as_posix() for path in LOGS.rglob("*tfevents*")})

NEEDS_A_PACKAGE = {"every-kind/onnx", "every-kind/openvino", "every-kind/jax"}

# What TensorBoard's reader keeps apart from scalars, by the tags of our every-kind run.
TENSORBOARD_KINDS = {"images", "audio", "histograms", "scalars", "tensors", "graph"}


@pytest.fixture(scope="module")
def log():
    with open_logdir(LOGS, index_dir=False) as log:
        yield log


def tensorboard_reader(folder: Path):
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    reader = accumulator.EventAccumulator(str(folder), size_guidance={"scalars": 0})
    return reader.Reload()


def test_the_committed_files_are_small():
    assert 1e6 < sum(path.stat().st_size for path in LOGS.rglob("*") if path.is_file()) < 10e6


def test_every_script_has_its_committed_folder_and_its_line_in_the_readme():
    readme = (FOLDER / "README.md").read_text("utf-8")
    for script, folder in SCRIPTS.items():
        assert (LOGS / folder).is_dir()
        assert f"`{script}.py` | `logs/{folder}" in readme
        assert f"python -m sample_runs /tmp/runs {script}" in readme


def test_file_names_tell_nothing_of_the_machine_they_were_written_on():
    names = [path.name for path in LOGS.rglob("*tfevents*")]
    assert all(re.fullmatch(r"events\.out\.tfevents\.\d{10}\.sample\.\d+", name) for name in names)


@pytest.mark.parametrize(
    "method", [name for name, _ in inspect.getmembers(SummaryWriter, callable) if name[:4] == "add_"]
)
def test_every_add_method_is_used_in_a_script(method):
    scripts = "".join((FOLDER / f"{script}.py").read_text("utf-8") for script in SCRIPTS)
    assert f".{method}(" in scripts


def test_our_reader_finds_every_committed_run(log):
    assert sorted(log.runs) == RUNS
    assert log.status().scalar_points > 50_000


def test_wall_times_begin_with_the_clock_and_pass_with_the_steps(log):
    for run in log.runs:
        for tag in log.tags(run).get("scalars", []):
            points = log.scalars(run, tag)
            assert START <= points.wall_time[0] <= points.wall_time[-1] < START + 3 * 3600, (run, tag)
            assert (np.diff(points.wall_time) >= 0).all(), (run, tag)
            if len(np.unique(points.step)) > 1:
                assert np.ptp(points.wall_time) > 1, (run, tag)


def test_the_runs_of_the_sweep_follow_one_another(log):
    spans = [log.scalars(run, "loss/train").wall_time[[0, -1]] for run in log.runs if run.startswith("sweep/")]
    spans.sort(key=lambda span: span[0])
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    assert all(120 < end - start < 400 for start, end in spans)


def test_runs_that_ended_say_so(log):
    table = log.table(["run", "state"])
    states = dict(zip(table.runs, table.column("state"), strict=True))
    for run in ("troubles/truncated", "troubles/damaged"):
        states.pop(run)
    assert set(states.values()) == {"finished"}


def test_settings_of_the_sweep_come_with_three_seeds_each(log):
    table = log.table(["learning_rate", "hidden", "activation", "seed"], where='run ~ "^sweep/"')
    groups = Counter((row["learning_rate"], row["hidden"], row["activation"]) for row in table)
    assert len(groups) == 12
    assert set(groups.values()) == {3}


def test_the_training_marks_its_checkpoints(log):
    events = [(event.kind, event.step) for event in log.events("digits-cnn")]
    assert [step for kind, step in events if kind == "checkpoint"] == [500, 1000, 1500, 2000]
    assert ("note", 150) in events
    assert events[-1] == ("stop", 2000)


def test_the_view_beside_the_runs_can_be_shown():
    view = json.loads((LOGS / "views" / "sweep.view.json").read_text("utf-8"))
    assert [*check_view(view), *view_problems(view)] == []


def test_every_kind_of_data_is_there(log):
    kinds = {kind for run in log.runs for kind in log.tags(run)}
    assert kinds >= {"scalars", "histograms", "images", "audio", "text", "tensors", "pr_curves"}
    assert kinds >= {"meshes", "graphs", "hparams", "custom_scalars"}
    assert kinds >= {"plotly", "html", "tables", "confusion_matrices", "roc_curves"}


def test_only_the_troubles_are_in_trouble(log):
    states = {run: {status.state for status in log.files(run)} for run in log.runs}
    assert states.pop("troubles/truncated") == {"truncated"}
    assert states.pop("troubles/damaged") == {"damaged"}
    assert set().union(*states.values()) == {"ok"}


def test_the_damaged_run_loses_little_around_the_damage(log):
    points = log.scalars("troubles/damaged", "trouble/decay")
    (status,) = log.files("troubles/damaged")
    assert len(status.damage) == 2
    assert 495 <= len(points) < 500
    assert points.step[-1] == 499


def test_the_spike_is_kept(log):
    points = log.scalars("troubles/one-spike", "trouble/spike")
    assert points.value[points.step == 1234] == 100
    assert len(points) == 3000


def test_two_writers_of_one_run_are_merged(log):
    points = log.scalars("troubles/two-writers", "trouble/two_writers").latest()
    assert points.step.tolist() == list(range(500))


def test_restarts_are_segments_and_the_latest_wins(log):
    points = log.scalars("troubles/restarted", "trouble/restarted")
    assert len(points) == 600 + 400 + 300
    assert [len(segment) for segment in points.segments()] == [600, 400, 300]
    assert points.latest().step.tolist() == list(range(1000))


@pytest.mark.parametrize("run", [run for run in RUNS if run != "troubles/damaged"])
def test_tensorboard_and_we_read_the_same_scalars(log, run):
    reader = tensorboard_reader(LOGS / run)
    tags = reader.Tags()["scalars"]
    ours = log.tags(run).get("scalars", [])
    assert set(tags) <= set(ours)
    for tag in tags[:10]:
        points = log.scalars(run, tag)
        known = set(zip(points.wall_time.tolist(), points.step.tolist(), map(str, points.value.tolist()), strict=True))
        assert known >= {(event.wall_time, event.step, str(event.value)) for event in reader.Scalars(tag)}


def test_tensorboard_reads_every_kind():
    tags = tensorboard_reader(LOGS / "every-kind").Tags()
    assert {kind for kind in TENSORBOARD_KINDS if tags[kind]} == TENSORBOARD_KINDS


@pytest.mark.parametrize("script", ["every_kind", "troubles"])
def test_a_script_writes_its_runs_again(tmp_path, log, script):
    folder = build(tmp_path, script)
    with open_logdir(tmp_path, index_dir=False) as again:
        runs = [run for run in again.runs if run not in NEEDS_A_PACKAGE]
        assert runs == [run for run in log.runs if run.split("/")[0] == folder.name and run not in NEEDS_A_PACKAGE]
        for run in runs:
            assert again.tags(run) == log.tags(run)
            assert again.run_info(run).scalar_points == log.run_info(run).scalar_points
