"""The hparams routes answer as a running TensorBoard 2.21 does: sessions without an experiment, and torch's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from tensorboard_answers import KEEP_ALL, Sides, write_events
from web_helpers import REAL_RUNS, running_tensorboard

from stepscope.logger import SummaryWriter, open_logdir, plugins
from stepscope.logger.proto.event_pb2 import Event
from stepscope.logger.proto.plugins_pb2 import HParamsPluginData, SessionEndInfo
from stepscope.webapp import create_app

pytest.importorskip("tensorboard")

EVERY = {"allowedStatuses": [f"STATUS_{name}" for name in ("UNKNOWN", "SUCCESS", "FAILURE", "RUNNING")]}
ALL = {**EVERY, "sliceSize": 1000}


def session(hparams: dict[str, Any], group: str = "", status: int | None = None, **scalars: float) -> list[Event]:
    """The events of one session, and the last values of scalars."""
    start, end = HParamsPluginData(), HParamsPluginData()
    start.session_start_info.group_name, start.session_start_info.start_time_secs = group, 1.7e9
    for name, value in hparams.items():
        kind = {bool: "bool_value", str: "string_value"}.get(type(value), "number_value")
        setattr(start.session_start_info.hparams[name], kind, value)
    messages = [(plugins.HPARAMS_SESSION_START_TAG, start)]
    if status is not None:
        end.session_end_info.status = status  # type: ignore[assignment]
        messages.append((plugins.HPARAMS_SESSION_END_TAG, end))
    events = []
    for tag, message in messages:
        event = Event(wall_time=1.7e9)
        event.summary.value.add(tag=tag, metadata=plugins.metadata(plugins.HPARAMS, message.SerializeToString()))
        events.append(event)
    for step, (tag, number) in enumerate(scalars.items()):
        events.append(scalar(tag, number, step))
    return events


def scalar(tag: str, number: float, step: int = 3) -> Event:
    event = Event(wall_time=1.7e9 + step, step=step)
    event.summary.value.add(tag=tag, simple_value=number)
    return event


def write_sessions(root: Path) -> None:
    """Sessions in a group and alone, with every type, missing values, NaN, and metrics in runs below them."""
    done, failed = SessionEndInfo.STATUS_SUCCESS, SessionEndInfo.STATUS_FAILURE
    one = {"lr": 0.1, "opt": "adam", "drop": True, "mixed": 1.0, "same": "x", "odd": float("nan")}
    two = {"lr": 0.01, "opt": 'sgd\n"q"', "drop": False, "mixed": "text", "same": "x"}
    write_events(root / "s/a", *session(one, "group", done, loss=0.5, acc=0.1))
    write_events(root / "s/a/eval", scalar("acc", 0.75))
    write_events(root / "s/b", *session(one, "group", failed, loss=0.25, acc=0.3))
    write_events(root / "s/e", *session(two))
    write_events(root / "s/c", *session({"lr": 1e-5, "opt": "a%b_c"}, loss=float("nan"), acc=float("inf")))
    write_events(root / "s/d", *session({}, "", SessionEndInfo.STATUS_RUNNING, acc=0.4))
    write_events(root / "no session", scalar("acc", 0.25))


@pytest.fixture(scope="module", params=["written", "torch"])
def sides(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    folder = REAL_RUNS / "torch"
    if request.param == "written":
        folder = tmp_path_factory.mktemp("sessions")
        write_sessions(folder)
    elif not folder.is_dir():
        pytest.skip(f"{folder} is not on this machine")
    with (
        running_tensorboard(folder, "--samples_per_plugin", KEEP_ALL) as url,
        open_logdir(folder, index_dir=False) as log,
    ):
        yield Sides(url, create_app(log).test_client())


def in_order(answer: dict[str, Any]) -> dict[str, Any]:
    """Theirs lists the values of a domain in no order."""
    for info in answer.get("hparamInfos", []):
        info.get("domainDiscrete", []).sort(key=str)
    return answer


@pytest.fixture(scope="module")
def columns(sides: Sides) -> list[dict[str, Any]]:
    """Every hyperparameter and metric."""
    answer = sides.same("hparams/experiment", in_order, request="{}")
    metrics = [{"metric": info["name"]} for info in answer["metricInfos"]]
    return [*({"hparam": info["name"]} for info in answer["hparamInfos"]), *metrics]


@pytest.mark.parametrize("body", [{}, {"includeMetrics": False}, {"hparamsLimit": 2}, {"no_such_field": 1}])
def test_experiment(sides: Sides, body: dict[str, Any]) -> None:
    sides.same_post("hparams/experiment", body, in_order)


@pytest.mark.parametrize(
    "body",
    [
        ALL,
        {"sliceSize": 10},
        {**ALL, "startIndex": 1, "sliceSize": 2},
        {**ALL, "includeMetrics": False},
        {**ALL, "allowedStatuses": ["STATUS_FAILURE"]},
        {**ALL, "colParams": [{}]},
        {**ALL, "aggregationType": 9},
    ],
)
def test_session_groups(sides: Sides, body: dict[str, Any]) -> None:
    sides.same_post("hparams/session_groups", body)


@pytest.mark.parametrize(
    "wish",
    [
        {"order": "ORDER_ASC"},
        {"order": "ORDER_DESC"},
        {"order": "ORDER_DESC", "missingValuesFirst": True},
        {"excludeMissingValues": True},
        {"filterInterval": {"minValue": 0, "maxValue": 0.3}},
        {"filterRegexp": "a"},
        {"filterDiscrete": [0.1, "adam", True]},
    ],
)
def test_columns(sides: Sides, columns: list[dict[str, Any]], wish: dict[str, Any]) -> None:
    for column in columns:
        if column != {"hparam": "mixed"} or "order" not in wish:  # theirs cannot compare a number with a text
            sides.same_post("hparams/session_groups", {**ALL, "colParams": [{**column, **wish}]})


def test_columns_that_are_left_out(sides: Sides, columns: list[dict[str, Any]]) -> None:
    hparams = [column for column in columns if "hparam" in column]
    for included in (True, False):
        asked = [{**hparams[0], "includeInResult": included}, *hparams[1:2]]
        sides.same_post("hparams/session_groups", {**ALL, "colParams": asked})


def test_one_session_can_stand_for_a_group(sides: Sides) -> None:
    answer = sides.same_post("hparams/session_groups", ALL)
    metrics = [[value["name"] for value in group["metricValues"]] for group in answer["sessionGroups"]]
    for metric in [name for name in metrics[0] if all(name in names for names in metrics)]:
        for kind in ("AVG", "MEDIAN", "MIN", "MAX"):
            wish = {"aggregationType": f"AGGREGATION_{kind}", "aggregationMetric": metric}
            sides.same_post("hparams/session_groups", {**ALL, **wish})


def test_metric_evaluations(sides: Sides) -> None:
    for group in sides.same_post("hparams/session_groups", ALL)["sessionGroups"]:
        for one in group["sessions"]:
            for value in one["metricValues"]:
                sides.same_post("hparams/metric_evals", {"sessionName": one["name"], "metricName": value["name"]})
    sides.same_post("hparams/metric_evals", {"sessionName": "nobody"})


@pytest.mark.parametrize("kind", ["csv", "json", "latex", "xlsx"])
def test_the_table_as_a_file(sides: Sides, columns: list[dict[str, Any]], kind: str) -> None:
    for visible in ([True] * len(columns), [True, False, True], []):
        answer = {"format": kind, "columnsVisibility": json.dumps(visible), "request": json.dumps(ALL)}
        sides.same("hparams/download_data", **answer)


def test_a_metric_that_a_group_lacks_leaves_it_empty(tmp_path: Path) -> None:
    write_sessions(tmp_path)
    with open_logdir(tmp_path, index_dir=False) as log:
        wish = {"aggregationType": "AGGREGATION_MAX", "aggregationMetric": {"tag": "loss"}}
        answer = create_app(log).test_client().post("/data/plugin/hparams/session_groups", json={**ALL, **wish})
    values = {group["name"]: group["metricValues"] for group in answer.json["sessionGroups"]}
    assert values["s/d"] == []
    assert {value["name"]["tag"]: value["value"] for value in values["group"] if not value["name"]["group"]} == {
        "loss": 0.5,
        "acc": pytest.approx(0.1),
    }


def test_experiments_that_differ_are_united(tmp_path: Path) -> None:
    """Theirs takes the first that it comes across."""
    for run, values in (("a", {"lr": 0.1}), ("b", {"depth": 3, "lr": 0.2})):
        with SummaryWriter(str(tmp_path / run)) as writer:
            writer.add_hparams(values, {f"score/{run}": 1.0}, run_name=".")
    with open_logdir(tmp_path, index_dir=False) as log:
        answer = create_app(log).test_client().post("/data/plugin/hparams/experiment", json={}).json
    assert [info["name"] for info in answer["hparamInfos"]] == ["depth", "lr"]
    assert [info["name"]["tag"] for info in answer["metricInfos"]] == ["score/a", "score/b"]


@pytest.mark.parametrize(
    "path",
    [
        "experiment",
        "experiment?request=%7B%22x%22%3A1%7D",
        "session_groups?request=[",
        "download_data",
        "download_data?format=csv&columnsVisibility=7&request=%7B%7D",
        'session_groups?request={"colParams":[{"hparam":"x","filterRegexp":"("}]}',
    ],
)
def test_mistakes(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/data/plugin/hparams/{path}")
    assert answer.status_code == 400
    assert answer.json["error"]
