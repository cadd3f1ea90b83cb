"""Importance of hyperparameters, against sweeps whose truth is known."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from flask.testing import FlaskClient

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.webapp import Settings, create_app, importance_jobs
from stepscope.webapp.importance import Cancelled, Importance, Ranking, rank
from stepscope.webapp.importance_jobs import ImportanceJobs, Superseded

Sweep = tuple[np.ndarray, dict[str, list[object]]]


def sweep(runs: int, seed: int = 0) -> Sweep:
    """A metric that lr rules (bent, over four decades), the optimizer moves, adam nudges, and nothing else touches."""
    random = np.random.default_rng(seed)
    lr = 10 ** random.uniform(-5, -1, runs)
    warmup = random.random(runs) < 0.5
    optimizer = random.choice(["sgd", "adamw", "lion"], runs)
    depth = random.integers(2, 12, runs)
    metric = 3 - (np.log10(lr) + 3) ** 2 + 2.0 * (optimizer == "lion") + warmup + 0.1 * random.standard_normal(runs)
    columns: dict[str, list[object]] = {
        "depth": depth.tolist(),
        "warmup": warmup.tolist(),
        "optimizer": optimizer.tolist(),
        "lr": lr.tolist(),
        "epochs": [10] * runs,
        "host": [f"node{run}" for run in range(runs)],
    }
    return metric, columns


def of(ranking: Ranking, name: str) -> Importance:
    return next(one for one in ranking.importances if one.name == name)


@pytest.fixture(scope="module")
def large() -> Ranking:
    return rank(*sweep(200))


def test_the_order_of_the_truth_is_found(large: Ranking) -> None:
    assert [one.name for one in large.importances] == ["lr", "optimizer", "warmup", "depth"]
    assert large.explained is not None and large.explained > 0.8
    assert large.warning == ""
    assert all(one.runs == 200 for one in large.importances)


def test_what_does_not_matter_is_near_nought(large: Ranking) -> None:
    depth = of(large, "depth")
    assert depth.importance is not None and abs(depth.importance) < 0.03
    assert depth.direction == ""


def test_what_cannot_matter_is_left_out_and_said(large: Ranking) -> None:
    assert dict(large.left_out) == {
        "epochs": "the same in all runs",
        "host": "200 different texts: hardly any two runs share one",
    }


def test_correlation_is_spearmans_and_only_for_what_has_an_order() -> None:
    metric, columns = sweep(50)
    ranking = rank(metric, {"squared": (metric**2 + 1e3 * metric).tolist(), "against": (-metric).tolist(), **columns})
    assert of(ranking, "squared").correlation == pytest.approx(1)
    assert of(ranking, "against").correlation == pytest.approx(-1)
    assert of(ranking, "squared").direction == "up" and of(ranking, "against").direction == "down"
    assert of(ranking, "optimizer").correlation is None and of(ranking, "optimizer").direction == ""
    assert of(ranking, "warmup").correlation is not None


def test_the_same_question_has_the_same_answer() -> None:
    assert rank(*sweep(40)) == rank(*sweep(40))


def test_missing_is_a_value_of_its_own() -> None:
    """Runs without the key are better: the forest learns it, and the count says how many have the key."""
    random = np.random.default_rng(1)
    present = random.random(120) < 0.5
    columns = {"clip": [1.0 if there else None for there in present], "x": random.random(120).tolist()}
    ranking = rank(np.where(present, 0.0, 1.0) + 0.01 * random.random(120), columns)
    assert ranking.importances[0].name == "clip"
    assert ranking.importances[0].runs == present.sum()
    assert ranking.importances[0].correlation is None  # of one value with itself


def test_runs_without_a_finite_metric_are_left_out_and_counted() -> None:
    metric, columns = sweep(60)
    metric[:3] = [np.nan, np.inf, -np.inf]
    ranking = rank(metric, columns)
    assert (ranking.runs, ranking.without) == (57, 3)


def test_few_runs_get_correlations_and_a_warning() -> None:
    ranking = rank(*sweep(8))
    assert ranking.warning.startswith("Only 8 runs have this metric")
    assert ranking.explained is None
    assert all(one.importance is None for one in ranking.importances)
    assert of(ranking, "lr").correlation is not None


def test_a_forest_that_explains_nothing_says_so() -> None:
    _, columns = sweep(60)
    ranking = rank(np.random.default_rng(5).random(60), columns)
    assert "on runs it has not seen: the order means little" in ranking.warning


@pytest.mark.parametrize(
    ("metric", "columns", "sentence"),
    [
        ([], {}, "No run has this metric."),
        ([1.0, 2.0], {"a": [1, 1]}, "No hyperparameter differs between these runs."),
        ([1.0] * 20, {"a": list(range(20))}, "This metric is the same in all runs: no hyperparameter can matter."),
    ],
)
def test_nothing_to_compare_is_a_sentence(metric: list[float], columns: dict[str, list[object]], sentence: str) -> None:
    assert rank(metric, columns).warning == sentence


def test_numbers_and_texts_under_one_name_are_texts() -> None:
    ranking = rank(np.arange(20.0), {"size": ["large" if run >= 10 else 7 for run in range(20)]})
    assert ranking.importances[0].importance is not None and ranking.importances[0].importance > 0.3
    assert ranking.importances[0].correlation is None


def test_columns_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="expected 2 values"):
        rank([1.0, 2.0], {"a": [1]})


def test_it_ends_when_nobody_waits() -> None:
    with pytest.raises(Cancelled):
        rank(*sweep(40), cancelled=lambda: True)


ANSWER = Ranking(1, 0, None, "", (), ())


class SlowRank:
    """Stands for rank(): runs until it is let go or cancelled, and counts."""

    def __init__(self) -> None:
        self.begun, self.go, self.calls = threading.Event(), threading.Event(), 0

    def __call__(self, metric: object, columns: object, cancelled: object, told: object) -> Ranking:
        self.calls += 1
        self.begun.set()
        while not self.go.wait(0.005):
            if cancelled():  # type: ignore[operator]
                raise Cancelled
        return ANSWER


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> SlowRank:
    stand_in = SlowRank()
    monkeypatch.setattr(importance_jobs, "rank", stand_in)
    return stand_in


def test_a_newer_question_of_the_same_page_ends_the_older(slow: SlowRank) -> None:
    jobs, told = ImportanceJobs(), []

    def older() -> None:
        try:
            jobs.rank("page", [1.0], {})
        except Superseded:
            told.append("superseded")

    thread = threading.Thread(target=older)
    thread.start()
    assert slow.begun.wait(10)
    slow.begun.clear()
    newer = threading.Thread(target=lambda: told.append(jobs.rank("page", [2.0], {})))
    newer.start()
    thread.join(10)
    assert told == ["superseded"]
    slow.go.set()
    newer.join(10)
    assert told == ["superseded", ANSWER]


def test_an_answer_is_computed_once(slow: SlowRank) -> None:
    slow.go.set()
    jobs = ImportanceJobs()
    assert jobs.rank("a", [1.0], {}) == jobs.rank("b", [1.0], {}) == ANSWER
    assert slow.calls == 1
    jobs.rank("b", [1.5], {})
    assert slow.calls == 2


# --- POST /api/importance ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Twelve runs: depth makes the accuracy, clip is a boolean that some runs lack."""
    folder = tmp_path_factory.mktemp("sweep")
    for run in range(12):
        values = {"depth": run, "name": "same", **({"clip": run % 2 == 0} if run > 3 else {})}
        with SummaryWriter(str(folder / f"run{run}")) as writer:
            writer.add_scalar("val/acc", run / 12, 0)
            writer.add_text("note", "hello", 0)
            writer.add_hparams(values, {"hparam/acc": run / 12})
    with open_logdir(folder, index_dir=False) as log:
        yield create_app(log, Settings(logdirs={"": str(folder)}, index_dir="")).test_client()


def test_any_column_is_a_metric(client: FlaskClient) -> None:
    answer = client.post("/api/importance", json={"metric": "val/acc.max"}).get_json()
    assert answer["metric"] == "val/acc.max" and answer["runs"] == 12
    first = answer["importances"][0]
    assert (first["name"], first["runs"], first["direction"]) == ("depth", 12, "up")
    assert first["correlation"] == pytest.approx(1)
    assert next(one for one in answer["importances"] if one["name"] == "clip")["runs"] == 8
    assert answer["left_out"] == [{"name": "name", "why": "the same in all runs"}]
    assert "few" in answer["warning"]


def test_runs_and_keys_may_be_chosen(client: FlaskClient) -> None:
    body = {"metric": "hparam/acc", "runs": ["run4", "run5", "gone"], "keys": ["depth"]}
    answer = client.post("/api/importance", json=body).get_json()
    assert answer["runs"] == 2
    assert [one["name"] for one in answer["importances"]] == ["depth"]
    assert answer["warning"].startswith("Only 2 runs have this metric")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ([], 'the body: expected an object with "metric"'),
        ({}, 'the body: expected an object with "metric"'),
        ({"metric": "nothing.max"}, "metric: "),
        ({"metric": "note"}, "only a column of numbers can be explained"),
        ({"metric": "val/acc", "runs": "a"}, "runs: expected a list of strings"),
        ({"metric": "val/acc", "keys": [1]}, "keys: expected a list of strings"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(client: FlaskClient, body: object, sentence: str) -> None:
    answer = client.post("/api/importance", json=body)
    assert answer.status_code == 400
    assert sentence in answer.get_json()["error"]


def test_progress_is_told_while_a_ranking_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = ImportanceJobs()
    heard: list[float | None] = []

    def ranked(metric: object, columns: object, cancelled: object, told: Callable[[float], None]) -> Ranking:
        for share in (0.2, 1.0):
            told(share)
            heard.append(jobs.progress("page"))
        return Ranking(0, 0, None, "", (), ())

    monkeypatch.setattr(importance_jobs, "rank", ranked)
    jobs.rank("page", [1.0], {})
    assert heard == [0.2, 1.0]
    assert jobs.progress("page") is None
    assert jobs.progress("another") is None
