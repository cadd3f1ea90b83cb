"""Several files in one folder and restarts: what is merged, what becomes a segment, what a restart supersedes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reader_logs import NAME, append, latest, points, read, scalar, session_start, steps, version, write

from stepscope.logger import SummaryWriter


def test_five_events_at_step_zero_are_five_points(tmp_path: Path) -> None:
    write(tmp_path, *(scalar("x", 0, float(i), wall=1000 + i) for i in range(5)))
    log = read(tmp_path)
    assert latest(log, "x") == [(0, 0.0), (0, 1.0), (0, 2.0), (0, 3.0), (0, 4.0)]
    assert set(log.scalars(".", "x").segment) == {0}


def test_two_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    even = b"".join(scalar("x", step, float(step), wall=1000 + step) for step in range(0, 10, 2))
    odd = b"".join(scalar("x", step, float(step), wall=1000 + step) for step in range(1, 10, 2))
    write(tmp_path, version(), even)
    write(tmp_path, version(), odd, name=NAME + ".2")
    log = read(tmp_path)
    assert latest(log, "x") == [(step, float(step)) for step in range(10)]
    assert len(log.scalars(".", "x").segments()) == 1


def test_a_later_file_that_fills_gaps_is_merged(tmp_path: Path) -> None:
    """Two processes may also take turns: wall times alone do not tell side by side from one after the other."""
    write(tmp_path, version(), points("x", range(0, 10, 2)))
    write(tmp_path, version(), points("x", range(1, 10, 2), wall=2000), name=NAME + ".2")
    assert latest(read(tmp_path), "x") == [(step, float(step)) for step in range(10)]


def test_a_later_file_that_fills_gaps_below_a_restart_stays_in_order(tmp_path: Path) -> None:
    write(tmp_path, version(), points("x", [0, 2, 3, 4]))
    write(tmp_path, version(), points("x", [3, 5, 15], wall=2000), name=NAME + ".2")
    write(tmp_path, version(), points("x", [1, 7], wall=3000), name=NAME + ".3")
    series = read(tmp_path).scalars(".", "x")
    assert [part.step.tolist() for part in series.segments()] == [[0, 1, 2, 3, 4], [3, 5, 7, 15]]
    assert series.latest().step.tolist() == [0, 1, 2, 3, 5, 7, 15]


def test_a_restart_in_the_same_file_is_a_segment(tmp_path: Path) -> None:
    write(tmp_path, version(), points("x", range(10)), points("x", range(5, 15), wall=2000, offset=100))
    log = read(tmp_path)
    series = log.scalars(".", "x")
    assert len(series) == 20
    assert [part.step.tolist() for part in series.segments()] == [list(range(10)), list(range(5, 15))]
    assert latest(log, "x") == [(s, float(s)) for s in range(5)] + [(s, s + 100.0) for s in range(5, 15)]


def test_a_restart_in_a_later_file_is_a_segment(tmp_path: Path) -> None:
    write(tmp_path, version(), points("x", range(10)))
    write(tmp_path, version(), points("x", range(5, 8), wall=2000, offset=100), name=NAME + ".2")
    log = read(tmp_path)
    assert log.scalars(".", "x").segment.tolist() == [0] * 10 + [1] * 3
    assert latest(log, "x") == [(s, float(s)) for s in range(5)] + [(s, s + 100.0) for s in range(5, 8)]


def test_a_later_file_that_goes_on_is_no_new_segment(tmp_path: Path) -> None:
    write(tmp_path, version(), points("x", range(10)))
    write(tmp_path, version(), points("x", range(10, 15), wall=2000), name=NAME + ".2")
    series = read(tmp_path).scalars(".", "x")
    assert series.step.tolist() == list(range(15))
    assert set(series.segment) == {0}


def test_file_names_are_ordered_by_their_number_not_as_text(tmp_path: Path) -> None:
    write(tmp_path, points("x", range(5)), name="events.out.tfevents.999999999.host")
    write(tmp_path, points("x", range(3, 8), offset=100), name="events.out.tfevents.1000000002.host")
    log = read(tmp_path)
    assert [Path(file.path).name for file in log.files(".")] == [
        "events.out.tfevents.999999999.host",
        "events.out.tfevents.1000000002.host",
    ]


def test_late_arrivals_are_sorted_in(tmp_path: Path) -> None:
    write(tmp_path, points("x", [0, 2, 4, 6, 8]), points("x", [1, 3, 5, 7, 9], wall=2000))
    series = read(tmp_path).scalars(".", "x")
    assert series.step.tolist() == list(range(10))
    assert set(series.segment) == {0}
    assert series.latest() is series


def test_a_session_start_supersedes_from_its_step_on_in_every_tag(tmp_path: Path) -> None:
    write(
        tmp_path,
        version(),
        points("x", range(10)),
        points("y", range(10)),
        session_start(5, wall=2000),
        points("x", range(5, 8), wall=2001, offset=100),
    )
    log = read(tmp_path)
    assert latest(log, "x") == [(s, float(s)) for s in range(5)] + [(s, s + 100.0) for s in range(5, 8)]
    assert latest(log, "y") == [(s, float(s)) for s in range(5)]
    assert steps(log, "y") == list(range(10))
    assert log.run_info(".").segments == 1


def test_a_session_start_in_a_new_file_as_purge_step_writes_it(tmp_path: Path) -> None:
    write(tmp_path, version(), points("x", range(10)), points("y", range(10)))
    write(
        tmp_path,
        version(2000),
        session_start(5, wall=2000),
        points("x", range(5, 8), wall=2001, offset=100),
        name=NAME + ".2",
    )
    log = read(tmp_path)
    assert latest(log, "x") == [(s, float(s)) for s in range(5)] + [(s, s + 100.0) for s in range(5, 8)]
    assert latest(log, "y") == [(s, float(s)) for s in range(5)]


def test_two_session_starts(tmp_path: Path) -> None:
    write(tmp_path, session_start(0, wall=999), points("x", range(10)))
    append(tmp_path / NAME, session_start(5, wall=2000), points("x", range(5, 10), wall=2001, offset=100))
    append(tmp_path / NAME, session_start(7, wall=3000), points("x", range(7, 9), wall=3001, offset=200))
    series = read(tmp_path).scalars(".", "x")
    assert [part.step.tolist() for part in series.segments()] == [list(range(10)), list(range(5, 10)), [7, 8]]
    assert series.latest().value.tolist() == [0, 1, 2, 3, 4, 105, 106, 207, 208]


def test_a_first_session_start_takes_nothing_away(tmp_path: Path) -> None:
    write(tmp_path, version(), session_start(0, wall=999), points("x", range(5)))
    log = read(tmp_path)
    assert latest(log, "x") == [(step, float(step)) for step in range(5)]
    assert set(log.scalars(".", "x").segment) == {0}


def test_three_restarts_of_a_restart(tmp_path: Path) -> None:
    write(tmp_path, *(points("x", range(20), wall=1000.0 * k, offset=100 * k) for k in range(1, 5)))
    series = read(tmp_path).scalars(".", "x")
    assert series.segment.tolist() == [0] * 20 + [1] * 20 + [2] * 20 + [3] * 20
    assert series.latest().value.tolist() == [400.0 + step for step in range(20)]


def test_columns_of_segments(tmp_path: Path) -> None:
    write(tmp_path / "a", points("x", range(10)), points("x", range(5, 15), wall=2000, offset=100))
    write(tmp_path / "b", points("x", range(3)))
    write(tmp_path / "c", points("other", range(3)))
    log = read(tmp_path)
    runs = ["c", "b", "missing", "a"]
    lengths: dict[str, Any] = {}
    for mode in ("latest", "all", "separate"):
        columns = log.scalar_columns("x", runs, mode)  # type: ignore[arg-type]
        lengths[mode] = np.diff(columns.offsets).tolist(), columns.run.tolist(), columns.segment.tolist()
    assert lengths == {
        "latest": ([3, 15], [1, 3], [0, 0]),
        "all": ([3, 20], [1, 3], [0, 0]),
        "separate": ([3, 10, 10], [1, 3, 3], [0, 0, 1]),
    }


def test_values_that_are_no_scalars_are_superseded_alike(tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        for step in range(6):
            writer.add_histogram("h", np.array([1.0]), step, walltime=1000 + step)
            writer.add_text("once", "before", step, walltime=1000 + step)
    with SummaryWriter(str(tmp_path), purge_step=3) as writer:
        for step in range(3, 5):
            writer.add_histogram("h", np.array([2.0]), step, walltime=2000 + step)
    log = read(tmp_path)
    every, latest = log.histograms(".", "h"), log.histograms(".", "h").latest()
    assert every.step.tolist() == [0, 1, 2, 3, 3, 4, 4, 5]
    assert [(int(step), value.max) for step, value in zip(latest.step, latest, strict=True)] == [
        (0, 1.0),
        (1, 1.0),
        (2, 1.0),
        (3, 2.0),
        (4, 2.0),
    ]
    assert latest.latest().wall_time.tolist() == [1000, 1001, 1002, 2003, 2004]
    assert log.text(".", "once/text_summary").latest().step.tolist() == [0, 1, 2]


def test_a_tag_that_was_not_superseded_keeps_all(tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        for step in range(3):
            writer.add_text("t", str(step), step)
    series = read(tmp_path).text(".", "t/text_summary")
    assert series.latest() is series


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, version(), scalar("x", 0, 1.0))
    series = read(tmp_path).scalars(".", "x")
    for package, method in (("pandas", series.to_pandas), ("pyarrow", series.to_arrow)):
        monkeypatch.setitem(sys.modules, package, None)
        with pytest.raises(ImportError, match=f"pip install {package}"):
            method()
