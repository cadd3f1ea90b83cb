"""The same answers as a running TensorBoard 2.21 on the same files."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from web_helpers import REAL_RUNS, START, get, get_json, running_tensorboard, write_run

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.logger.proto.event_pb2 import Event
from stepscope.logger.records import frame
from stepscope.webapp import Settings, create_app

pytest.importorskip("tensorboard")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs with scalars (NaN and infinity among them), histograms, images, described tags, text."""
    folder = tmp_path_factory.mktemp("written")
    for run, start in (("late", 2e9), ("early/one", 1e9)):
        with SummaryWriter(str(folder / run)) as writer:
            for step in range(1500):  # more than TensorBoard keeps by default
                writer.add_scalar("loss/train", 1 / (1 + step), step, walltime=start + step)
            for step, value in enumerate([np.nan, np.inf, -np.inf, 0.1]):
                writer.add_scalar("odd", value, step, walltime=start + step)
            writer.add_scalar("told", 1.0, 2**40, walltime=start, display_name="Shown", summary_description="a < b")
            writer.add_histogram("weights", np.linspace(-1, 2, 500), 3, walltime=start)
            writer.add_image("picture", np.zeros((3, 4, 5), np.uint8), 7, walltime=start)
            writer.add_text("note", "hello", 1, walltime=start)
            writer.add_event("not for TensorBoard", 5, wall_time=start)
    return folder


@pytest.fixture(scope="module", params=["written", "torch", "keras", "lightning", "tensorboardX_h16"])
def folder(request: pytest.FixtureRequest) -> Path:
    """A log directory: our own, and what users really have."""
    if request.param == "written":
        path: Path = request.getfixturevalue("written")
        return path
    real = REAL_RUNS / request.param
    if not real.is_dir():
        pytest.skip(f"{real} is not on this machine")
    return real


@pytest.fixture(scope="module")
def theirs(folder: Path) -> Iterator[str]:
    """Address of a TensorBoard that keeps every scalar."""
    with running_tensorboard(folder, "--samples_per_plugin", "scalars=1000000,images=1000") as url:
        yield url


@pytest.fixture(scope="module")
def ours(folder: Path) -> Iterator[FlaskClient]:
    with open_logdir(folder, index_dir=False) as log:
        settings = Settings(logdirs={"": str(folder)}, logdir_text=str(folder))
        yield create_app(log, settings).test_client()


def series_of(tags: dict[str, Any]) -> list[tuple[str, str]]:
    return [(run, tag) for run, names in tags.items() for tag in names]


@pytest.mark.parametrize(
    "path",
    [
        "logdir",
        "runs",
        "experiments",
        "experiment_runs",
        "window_properties",
        "plugin/scalars/tags",
        "plugin/timeseries/tags",
    ],
)
def test_same_json(theirs: str, ours: FlaskClient, path: str):
    assert ours.get(f"/data/{path}").json == get_json(f"{theirs}/data/{path}")
    assert ours.get(f"/experiment/some-id/data/{path}").json == get_json(f"{theirs}/data/{path}")


def test_environment(theirs: str, ours: FlaskClient):
    mine, other = (
        answer | {"debug": None}
        for answer in (ours.get("/data/environment").json, get_json(f"{theirs}/data/environment"))
    )
    assert mine == other


def test_plugins_listing(theirs: str, ours: FlaskClient):
    mine, other = ours.get("/data/plugins_listing").json, get_json(f"{theirs}/data/plugins_listing")
    other["projector"]["enabled"] = mine["projector"]["enabled"]  # theirs looks for it on a thread, some time later
    assert mine == other
    assert list(mine) == list(other)


def test_every_point_of_every_scalar(theirs: str, ours: FlaskClient):
    series = series_of(get_json(f"{theirs}/data/plugin/scalars/tags"))
    assert series
    for run, tag in series[:40]:
        query = "/data/plugin/scalars/scalars?" + urllib.parse.urlencode({"run": run, "tag": tag})
        assert ours.get(query).json == get_json(theirs + query)
    csv = query + "&format=csv"
    assert ours.get(csv).data == get(theirs + csv)
    assert ours.get(csv).content_type == "text/csv; charset=utf-8"


def test_multirun(theirs: str, ours: FlaskClient):
    series = series_of(get_json(f"{theirs}/data/plugin/scalars/tags"))
    form = {"tag": series[0][1], "runs": [*{run for run, _ in series}, "no such run"]}
    path = "/data/plugin/scalars/scalars_multirun"
    assert ours.post(path, data=form).json == json.loads(
        get(theirs + path, data=urllib.parse.urlencode(form, True).encode())
    )


def test_time_series(theirs: str, ours: FlaskClient):
    tags = get_json(f"{theirs}/data/plugin/timeseries/tags")
    wanted: list[dict[str, Any]] = [
        {"plugin": "scalars", "tag": tag}
        for tag in sorted({tag for _, tag in series_of(tags["scalars"]["runTagInfo"])})[:10]
    ]
    histograms = series_of(tags["histograms"]["runTagInfo"])[:5]
    wanted += [{"plugin": "histograms", "run": run, "tag": tag} for run, tag in histograms]
    images = [(run, tag) for tag, runs in tags["images"]["tagRunSampledInfo"].items() for run in runs]
    wanted += [{"plugin": "images", "run": run, "tag": tag, "sample": 0} for run, tag in images[:5]]
    wanted += [
        {"plugin": "scalars", "tag": "no such tag"},
        {"plugin": "histograms", "tag": "x"},
        {"plugin": "audio", "tag": "x"},
        {"plugin": "images", "tag": "x", "run": "y"},
        {"plugin": "scalars"},
    ]
    form = {"requests": json.dumps(wanted)}
    path = "/data/plugin/timeseries/timeSeries"
    mine = ours.post(path, data=form).json
    other = json.loads(get(theirs + path, data=urllib.parse.urlencode(form).encode()))
    for one, two in zip(mine, other, strict=True):
        if one["plugin"] == "histograms" and "runToSeries" in one:
            assert_all_of(two["runToSeries"], one["runToSeries"])  # theirs keeps at most 51 of them
        else:
            assert one == two


def assert_all_of(sampled: dict[str, Any], complete: dict[str, Any]) -> None:
    """Every point of a sample is in the complete series."""
    assert sampled.keys() == complete.keys()
    for run, steps in sampled.items():
        assert all(step in complete[run] for step in steps)


def test_images_behind_their_ids(theirs: str, ours: FlaskClient):
    tags = get_json(f"{theirs}/data/plugin/timeseries/tags")["images"]["tagRunSampledInfo"]
    if not tags:
        pytest.skip("no images here")
    tag, runs = next(iter(tags.items()))
    form = {"requests": json.dumps([{"plugin": "images", "tag": tag, "run": next(iter(runs)), "sample": 0}])}
    (answer,) = ours.post("/data/plugin/timeseries/timeSeries", data=form).json
    ((step, *_),) = answer["runToSeries"].values()
    query = f"/data/plugin/timeseries/imageData?imageId={step['imageId']}"
    assert ours.get(query).data == get(theirs + query)
    assert ours.get(query).content_type in ("image/png", "image/gif")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("plugin/scalars/scalars?run=a", 400),
        ("plugin/scalars/scalars?run=none&tag=none", 404),
        ("plugin/timeseries/timeSeries", 400),
        ("plugin/timeseries/timeSeries?requests=%7B", 400),
        ("plugin/timeseries/timeSeries?requests=7", 400),
        ("plugin/timeseries/imageData?imageId=../../etc/passwd", 400),
        ("plugin/timeseries/imageData?imageId=WyIiLCJhIiwiaW0iLDEsMl0", 404),
        ("plugin/scalars/scalars_multirun", 405),
    ],
)
def test_mistakes(client: FlaskClient, path: str, status: int):
    answer = client.get(f"/data/{path}")
    assert answer.status_code == status
    assert answer.json["error"]


def test_a_bad_value_hides_no_others(tmp_path: Path):
    with SummaryWriter(str(tmp_path)) as writer:
        for step in range(3):
            writer.add_histogram("h", np.arange(5.0), step)
    (path,) = tmp_path.glob("*tfevents*")
    bad = Event(step=3, wall_time=START)
    bad.summary.value.add(tag="h").histo.bucket.append(1.0)  # a count without a limit
    with path.open("ab") as file:
        file.write(frame(bad.SerializeToString()))
    with open_logdir(tmp_path, index_dir=False) as log:
        form = {"requests": json.dumps([{"plugin": "histograms", "run": ".", "tag": "h"}])}
        (answer,) = create_app(log).test_client().post("/data/plugin/timeseries/timeSeries", data=form).json
    assert sorted(step["step"] for step in answer["runToSeries"]["."]) == [0, 1, 2]


def test_restarts_show_the_latest_points_as_theirs(tmp_path: Path):
    write_run(tmp_path, {"x": [(step, 1.0) for step in range(10)]}, START, "0")
    write_run(tmp_path, {"x": [(step, 2.0) for step in range(5, 8)]}, START + 100, "1")
    with open_logdir(tmp_path, index_dir=False) as log:
        rows = create_app(log).test_client().get("/data/plugin/scalars/scalars?run=.&tag=x").json
    assert [(step, value) for _, step, value in rows] == [
        (0, 1),
        (1, 1),
        (2, 1),
        (3, 1),
        (4, 1),
        (5, 2),
        (6, 2),
        (7, 2),
    ]
