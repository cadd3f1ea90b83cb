"""The sample runs: the committed files are small and readable by everyone, and the scripts write them again."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from sample_runs.__main__ import SCRIPTS, build
from stepscope.logger import SummaryWriter, open_logdir

FOLDER = Path(__file__).parent.parent / "sample_runs"
LOGS = FOLDER / "logs"
RUNS = sorted({path.parent.relative_to(LOGS).as_posix() for path in LOGS.rglob("*tfevents*")})

NEEDS_A_PACKAGE = {"every-kind/onnx", "every-kind/openvino"}

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


def test_every_kind_of_data_is_there(log):
    kinds = {kind for run in log.runs for kind in log.tags(run)}
    assert kinds >= {"scalars", "histograms", "images", "audio", "text", "tensors", "pr_curves"}
    assert kinds >= {"meshes", "graphs", "hparams", "custom_scalars"}


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
