"""PR and ROC curves: sent as stored, and figures that are scikit-learn's as far as the thresholds tell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score
from web_helpers import REAL_RUNS, Drawn, decode

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.logger.proto.event_pb2 import Event
from stepscope.logger.proto.plugins_pb2 import PrCurvePluginData
from stepscope.logger.records import frame
from stepscope.logger.summaries.pr_curve import curve, curve_summary
from stepscope.logger.tensors import tensor_proto
from stepscope.webapp import Settings, create_app
from stepscope.webapp.media import curve_frames
from stepscope.webapp.media.curve_areas import Areas, curve_areas
from stepscope.webapp.media.threshold_curves import ThresholdCurve, read_curve

Post = Callable[..., list[Drawn]]


def scores(seed: int, n: int = 2_000, share: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    """(labels, predictions) of a middling classifier."""
    random = np.random.default_rng(seed)
    labels = random.random(n) < share
    return labels, np.clip(random.normal(0.4 + 0.2 * labels, 0.15), 0, 1)


def stored(labels: Any, predictions: Any, thresholds: int = 127, weights: Any = None) -> ThresholdCurve:
    """The curve as a writer stores it."""
    rows = curve(labels, predictions, thresholds, weights).astype(np.float32)
    return ThresholdCurve(np.linspace(0, 1, thresholds), *rows)


@pytest.fixture
def post(tmp_path: Path) -> Post:
    """Ask for curves of a log: post(kind=…, tag=…, series=…) → entries of the frame."""

    def ask(**query: Any) -> list[Drawn]:
        with open_logdir(tmp_path, index_dir=False) as log:
            client = create_app(log, Settings(logdirs={"": str(tmp_path)}, logdir_text="", index_dir="")).test_client()
            answer = client.post("/api/curves", json={"kind": "pr_curves", **query})
        assert answer.status_code == 200, answer.json
        return decode(answer.data)[1]

    return ask


@pytest.mark.parametrize("thresholds", [31, 127, 1001])
@pytest.mark.parametrize("seed", range(4))
def test_figures_are_those_of_the_raw_scores_within_the_bounds(seed: int, thresholds: int) -> None:
    labels, predictions = scores(seed)
    areas = curve_areas(stored(labels, predictions, thresholds))
    for area, exact in (
        (areas.average_precision, average_precision_score(labels, predictions)),
        (areas.roc, roc_auc_score(labels, predictions)),
    ):
        assert area is not None
        assert area.low <= exact <= area.high
        assert area.value == pytest.approx(exact, abs=1.5 / thresholds)


def test_figures_are_exact_when_every_score_is_a_threshold() -> None:
    labels, predictions = scores(1)
    predictions = np.round(predictions * 126) / 126
    areas = curve_areas(stored(labels, predictions + 1e-9))
    assert areas.average_precision and areas.roc
    assert areas.average_precision.value == pytest.approx(average_precision_score(labels, predictions), abs=1e-6)
    assert areas.roc.value == pytest.approx(roc_auc_score(labels, predictions), abs=1e-6)


def test_weights_count() -> None:
    labels, predictions = scores(2)
    weights = np.random.default_rng(3).random(len(labels)) * 5
    area = curve_areas(stored(labels, predictions, 1001, weights)).average_precision
    assert area and area.low <= average_precision_score(labels, predictions, sample_weight=weights) <= area.high


def test_perfect_and_random_scores() -> None:
    labels = np.arange(1000) % 2 == 0
    perfect = curve_areas(stored(labels, labels * 0.8 + 0.1))
    assert perfect.average_precision == (1, 1, 1)
    assert perfect.roc == (1, 1, 1)
    assert perfect.precision_recall == 1
    same = curve_areas(stored(labels, np.full(1000, 0.5)))
    assert same.roc and same.roc.value == 0.5


@pytest.mark.parametrize(
    ("labels", "said"), [(np.zeros(10), "no positives"), (np.ones(10), "no negatives")], ids=["negatives", "positives"]
)
def test_one_class_alone_has_no_area_and_says_so(labels: np.ndarray, said: str) -> None:
    areas = curve_areas(stored(labels, np.linspace(0, 1, 10)))
    assert areas.roc is None
    assert said in areas.notes[0]


def test_counts_that_are_no_curve_have_no_area() -> None:
    numbers = np.array([1.0, 2.0])
    assert curve_areas(ThresholdCurve(numbers, numbers, numbers, numbers, numbers)) == Areas(
        notes=("positives or negatives are not as many at each threshold: no areas",)
    )
    bad = ThresholdCurve(numbers, np.array([np.nan, 1.0]), numbers, numbers, numbers)
    assert "1 thresholds hold no finite counts" in curve_areas(bad).notes[0]


def test_counts_at_the_end_of_all_numbers_have_the_areas_of_lesser_ones(recwarn: pytest.WarningsRecorder) -> None:
    thresholds, columns = np.array([0.0, 0.5, 1.0]), np.array([[8, 6, 0], [8, 1, 0], [0, 7, 8], [0, 2, 8]], float)
    usual = curve_areas(ThresholdCurve(thresholds, *columns))
    assert usual.roc and usual.roc.value == (6 * 1 / 2 + 7 * 6 + 7 * 2 / 2) / 64
    for scale in (2.0**400, 2.0**1020):  # the greatest is 1.1e308 or more
        assert curve_areas(ThresholdCurve(thresholds, *(columns * scale))) == usual
    curve_areas(ThresholdCurve(thresholds, *(-columns * 2.0**1020)))
    assert not recwarn.list


def test_one_threshold_is_a_curve() -> None:
    one = [np.array([value]) for value in (0.0, 3.0, 1.0, 0.0, 0.0)]
    areas = curve_areas(ThresholdCurve(*one))
    assert areas.average_precision and areas.average_precision.value == 0.75
    assert areas.roc and (areas.roc.low, areas.roc.high) == (0, 1)


def test_roc_curves_come_with_thresholds_rising() -> None:
    falling = SimpleNamespace(
        thresholds=np.array([0.9, 0.1]), true_positives=np.array([1, 4]), false_positives=np.array([0, 2]),
        true_negatives=np.array([2, 0]), false_negatives=np.array([3, 0]),
    )  # fmt: skip
    found = read_curve("roc_curves", falling)
    assert found.thresholds.tolist() == [0.1, 0.9]
    assert found.true_positives.tolist() == [4, 1]


def test_curves_are_sent_as_stored(tmp_path: Path, post: Post) -> None:
    labels, predictions = scores(0)
    with SummaryWriter(str(tmp_path)) as writer:
        for step in range(3):
            writer.add_pr_curve("pr", labels, predictions * (1 - step / 10), step, num_thresholds=51)
    (last,) = post(tag="pr", series=[{"run": "."}])
    with open_logdir(tmp_path, index_dir=False) as log:
        series = log.pr_curves(".", "pr")
        names = [f"{step}-{crc:08x}" for step, crc in zip(series.step, series.crc, strict=True)]
        kept = series[2]
    assert (last.step, last.id, last.drawn) == (2, names[2], 51)
    for name in ("true_positives", "false_positives", "true_negatives", "false_negatives", "precision", "recall"):
        assert last.arrays[name].dtype == np.float32
        assert np.array_equal(last.arrays[name], getattr(kept, name))
    assert last.thresholds[1] == pytest.approx(0.02)
    assert [entry.step for entry in post(tag="pr", series=[{"run": ".", "ids": names[:2]}])] == [0, 1]
    areas = post(tag="pr", series=[{"run": ".", "ids": names}], areas_only=True)
    assert [entry.arrays for entry in areas] == [{}, {}, {}]
    assert areas[2].header["areas"] == last.header["areas"]


def test_curves_of_other_writers_are_read(tmp_path: Path, post: Post) -> None:
    """As TensorFlow writes them: metadata on the first event only, and numbers of double precision or one by one."""
    labels, predictions = scores(5)
    rows = curve(labels, predictions, 21)
    first = curve_summary("pr", rows, 21)
    first.value[0].tensor.CopyFrom(tensor_proto(rows))  # DT_DOUBLE
    second = curve_summary("pr", rows, 21)
    second.value[0].ClearField("metadata")
    second.value[0].tensor.ClearField("tensor_content")
    second.value[0].tensor.float_val.extend(rows.ravel())
    events = [Event(step=i, wall_time=1.0 + i, summary=entry) for i, entry in enumerate((first, second))]
    (tmp_path / "events.out.tfevents.1.x").write_bytes(b"".join(frame(event.SerializeToString()) for event in events))
    with open_logdir(tmp_path, index_dir=False) as log:
        series = log.pr_curves(".", "pr")
        names = [f"{step}-{crc:08x}" for step, crc in zip(series.step, series.crc, strict=True)]
    double, single = post(tag="pr", series=[{"run": ".", "ids": names}])
    assert np.array_equal(double.true_positives, rows[0])
    assert np.array_equal(single.recall, rows[5].astype(np.float32))
    assert double.header["areas"]["average_precision"] == pytest.approx(
        single.header["areas"]["average_precision"], abs=1e-6
    )


@pytest.mark.skipif(not REAL_RUNS.is_dir(), reason=f"needs {REAL_RUNS}")
def test_curves_of_real_runs_have_figures_within_their_bounds() -> None:
    found = 0
    with open_logdir(REAL_RUNS, index_dir=False) as log:
        for run in log.runs:
            for tag in log.tags(run).get("pr_curves", ()):
                for value in log.pr_curves(run, tag):
                    areas = curve_areas(read_curve("pr_curves", value))
                    assert areas.notes == ()
                    assert areas.average_precision and areas.roc
                    for area in (areas.average_precision, areas.roc):
                        assert 0 <= area.low <= area.value <= area.high <= 1
                    found += 1
    assert found >= 30


def test_a_value_that_cannot_be_read_says_why_and_the_others_come(tmp_path: Path, post: Post) -> None:
    summary = curve_summary("pr", np.zeros((6, 3)), 3)
    bad = curve_summary("pr", np.zeros((5, 3)), 3)
    summary.value[0].metadata.plugin_data.content = PrCurvePluginData(version=3).SerializeToString()
    events = [Event(step=i, wall_time=1.0 + i, summary=entry) for i, entry in enumerate((summary, bad))]
    (tmp_path / "events.out.tfevents.1.x").write_bytes(b"".join(frame(event.SerializeToString()) for event in events))
    with open_logdir(tmp_path, index_dir=False) as log:
        series = log.pr_curves(".", "pr")
        names = [f"{step}-{crc:08x}" for step, crc in zip(series.step, series.crc, strict=True)]
    good, broken, gone = post(tag="pr", series=[{"run": ".", "ids": [*names, "7-00000000"]}])
    assert good.notes == [
        "no positives: precision and recall have no area",
        "no negatives: the ROC curve has no area",
        "written in version 3 of the format, read as version 0",
    ]
    assert "a PR curve has shape (6, n), got (5, 3)" in broken.error
    assert "has no value '7-00000000'" in gone.error


def test_a_file_that_is_gone_takes_no_other_runs_with_it(tmp_path: Path) -> None:
    for run in ("a", "b"):
        with SummaryWriter(tmp_path / run) as writer:
            writer.add_pr_curve("pr", *scores(0), 1)
    with open_logdir(tmp_path, index_dir=False) as log:
        client = create_app(log, Settings(logdirs={"": str(tmp_path)}, logdir_text="", index_dir="")).test_client()
        for file in (tmp_path / "a").iterdir():
            file.unlink()
        query = {"kind": "pr_curves", "tag": "pr", "series": [{"run": "a"}, {"run": "b"}]}
        gone, there = decode(client.post("/api/curves", json=query).data)[1]
    assert "cannot be read" in gone.error
    assert there.drawn == 127


def test_requests_that_make_no_sense_are_refused(client: Any) -> None:
    for query, said in (
        ({"kind": "scalars", "tag": "x", "series": []}, "kind: expected one of pr_curves, roc_curves"),
        ({"kind": "pr_curves", "tag": 1, "series": []}, "tag: expected a string"),
        ({"kind": "pr_curves", "tag": "x"}, "series: expected a list"),
        ({"kind": "pr_curves", "tag": "x", "series": [{"run": "a", "ids": ["1-0"] * 5000}]}, "5,000 curves asked for"),
    ):
        answer = client.post("/api/curves", json=query)
        assert said in answer.json["error"]
        assert answer.status_code in (400, 413)
    answer = client.post("/api/curves", json={"kind": "pr_curves", "tag": "x", "series": [{"run": "a"}]})
    assert decode(answer.data)[1] == []


def test_an_answer_has_an_end(tmp_path: Path, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """Curves that find no room say so in their places; the others are there."""
    with SummaryWriter(str(tmp_path / "run")) as writer:
        writer.add_pr_curve("pr", *scores(1), 1)
    monkeypatch.setattr(curve_frames, "_MOST_BYTES", 10_000)
    series = post(tag="pr", series=[{"run": "run"}] * 5)
    there = [bool(one.arrays) for one in series]
    assert there[0] and there == sorted(there, reverse=True) and not there[-1]
    assert "show fewer at once" in series[-1].error
