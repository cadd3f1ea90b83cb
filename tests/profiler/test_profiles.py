"""Which files are one profile, and opening it."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from kineto_files import event, write_trace

from stepscope.profiler.discovery import find_profiles
from stepscope.profiler.profile import open_profile, open_profiles
from stepscope.profiler.reading.formats import kind_of


def write(folder: Path, *names: str, **members: object) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_trace(folder / name, event(name), **members)


def found(folder: Path) -> list[tuple[str, tuple[int | None, ...]]]:
    return [(profile.run, profile.ranks) for profile in find_profiles(folder)]


@pytest.mark.parametrize(
    "names",
    [
        ["rank0.1795248494537968943.pt.trace.json", "rank1.1795248494999968943.pt.trace.json"],
        ["worker0_step_12.1694128201545.pt.trace.json", "worker1_step_12.1694128201557.pt.trace.json"],
        ["iteration_10/rank0_trace.json", "iteration_10/rank1_trace.json"],
        ["profile_0.json", "profile_1.json"],
        ["rank0.3.pt.trace.json", "rank1.3.pt.trace.json"],
        ["1767-TP-0.trace.json", "1767-TP-1.trace.json"],
        ["dp0_pp0_tp0_rank0.1767000000000.pt.trace.json", "dp0_pp0_tp1_rank1.1767000000001.pt.trace.json"],
        ["rank-0.Apr_03_18_51_38.1102.pt.trace.json", "rank-1.Apr_03_18_51_39.1103.pt.trace.json"],
    ],
)
def test_ranks_of_one_capture_are_one_profile(tmp_path: Path, names: list[str]) -> None:
    write(tmp_path, *names)
    assert [ranks for _, ranks in found(tmp_path)] == [(0, 1)]


@pytest.mark.parametrize(
    "names",
    [
        ["worker0.1623143089861.pt.trace.json", "worker0.1623143566756.pt.trace.json"],
        ["iteration_10/rank0_trace.json", "iteration_20/rank0_trace.json"],
        ["rank0.3.pt.trace.json", "rank0.7.pt.trace.json"],
        ["control.json", "test.json"],
        ["host_11.1623143089861.pt.trace.json", "host_12.1623143089999.pt.trace.json"],
    ],
)
def test_captures_of_other_times_are_other_profiles(tmp_path: Path, names: list[str]) -> None:
    write(tmp_path, *names)
    assert len(found(tmp_path)) == 2


def test_captures_of_several_ranks_are_told_apart_by_their_order(tmp_path: Path) -> None:
    times = {0: (1623143089000, 1623143099000), 1: (1623143089100, 1623143099100)}
    write(tmp_path, *(f"rank{rank}.{time}.pt.trace.json" for rank, both in times.items() for time in both))
    profiles = find_profiles(tmp_path)
    assert [profile.ranks for profile in profiles] == [(0, 1), (0, 1)]
    assert [profile.wall_time for profile in profiles] == [1623143089.0, 1623143099.0]


def test_ranks_that_only_the_files_tell_are_one_profile(tmp_path: Path) -> None:
    for rank in (1, 0):
        distributed = {"backend": "nccl", "rank": rank, "world_size": 2}
        write(tmp_path, f"host_{40 - rank}.162314308986{rank}.pt.trace.json", distributedInfo=distributed)
    assert found(tmp_path) == [(".", (0, 1))]


def test_a_profile_belongs_to_the_run_above_it(tmp_path: Path) -> None:
    write(tmp_path, "run1/profile_traces/iteration_5/rank0_trace.json", "other/deep/rank0_trace.json")
    (tmp_path / "run1" / "events.out.tfevents.1.host").write_bytes(b"")
    assert sorted(run for run, _ in found(tmp_path)) == ["other/deep", "run1"]


def test_other_json_is_no_profile(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"lr": 0.1}')
    (tmp_path / "table.json").write_text("[[1, 2], [3, 4]]".replace("[[1", '[["1"'))
    (tmp_path / "notes.txt").write_text("nothing; here\n")
    assert find_profiles(tmp_path) == []
    with pytest.raises(ValueError, match="no profile in this folder"):
        open_profile(tmp_path)
    with pytest.raises(FileNotFoundError, match="no such file"):
        open_profile(tmp_path / "gone.json")


def test_what_files_are_is_told_by_their_first_bytes(tmp_path: Path) -> None:
    for name, text, kind in (
        ("a.json", '{"schema": "1.1.1-chakra.0.0.4", "nodes": []}', "execution_trace"),
        ("b.raw.json", "[[-1, 1, 37888, 7], [-1, 1, 512, 7]]", "memory_timeline"),
        ("c.txt", "main;forward;linear 17\n", "stacks"),
        ("d.json", '[{"name": "x", "ph": "X", "ts": 1, "dur": 1}]', "kineto"),
        ("e.json", "{", None),
    ):
        (tmp_path / name).write_text(text)
        assert kind_of(tmp_path / name) == kind, name


def processes(count: int) -> Executor:
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"))


@pytest.mark.parametrize("executor", [None, ThreadPoolExecutor, processes])
def test_ranks_are_read_apart_and_a_broken_one_costs_no_other(
    tmp_path: Path, executor: Callable[[int], Executor] | None
) -> None:
    write(tmp_path, *(f"rank{rank}.1623143089861.pt.trace.json" for rank in (0, 2, 10)))
    broken = tmp_path / "rank1.1623143089861.pt.trace.json"
    broken.write_text("")
    profile = open_profile(tmp_path, index_dir=tmp_path / "cache")
    assert [file.rank for file in profile.ranks] == [0, 1, 2, 10]
    if executor is None:
        ranks = [trace.rank for trace in profile.traces()]
    else:
        with executor(2) as workers:
            ranks = [trace.rank for trace in profile.traces(workers)]
    assert ranks == [0, 2, 10]
    assert len(profile.problems) == 1
    assert str(broken) in profile.problems[0]


def test_an_empty_file_among_ranks_is_named(tmp_path: Path) -> None:
    write(tmp_path, "rank0.json", "rank1.json")
    (tmp_path / "rank2.json").write_text("")
    profile = open_profile(tmp_path, cache=False)
    assert [trace.rank for trace in profile.traces()] == [0, 1]
    assert profile.problems == [f"{tmp_path / 'rank2.json'}: no events: the file is empty"]


def test_a_trace_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, "rank0.json", "rank1.json")
    profile = open_profile(tmp_path, cache=False)
    assert profile.trace(1) is profile.trace(1)
    assert profile.trace() is profile.trace(0)
    with pytest.raises(KeyError, match="no rank 5: there are 0, 1"):
        profile.trace(5)


def test_the_newest_capture_of_a_folder_is_opened_and_the_others_named(tmp_path: Path) -> None:
    write(tmp_path, "worker0.1623143089861.pt.trace.json", "worker0.1623143566756.pt.trace.json")
    profile = open_profile(tmp_path, cache=False)
    assert profile.name == "worker0.1623143566756.pt.trace.json"
    assert [other.name for other in profile.others] == ["worker0.1623143089861.pt.trace.json"]
    assert [each.name for each in open_profiles(tmp_path, cache=False)] == [profile.others[0].name, profile.name]


def test_files_that_do_not_tell_their_rank_get_their_place(tmp_path: Path) -> None:
    write(tmp_path, "a.json", "b.json")
    profile = open_profile([tmp_path / "b.json", tmp_path / "a.json"], cache=False)
    assert [(file.rank, os.path.basename(file.path)) for file in profile.ranks] == [(0, "b.json"), (1, "a.json")]


def test_reading_tells_how_far_it_is(tmp_path: Path) -> None:
    write(tmp_path, "rank0.json")
    told: list[tuple[int, int]] = []
    open_profile(tmp_path, cache=False).trace(progress=lambda done, size: told.append((done, size)))
    size = (tmp_path / "rank0.json").stat().st_size
    assert told[-1] == (size, size)
