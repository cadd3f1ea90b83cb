"""Several ranks: collectives matched, who is waited for, clocks, and what their files disagree on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_traces import annotation, call, kernel, op
from reference_traces import TRACES

from stepscope.profiler.analysis.collective_names import bus_factor, collective_type, element_bytes
from stepscope.profiler.analysis.collectives import clock_offsets, collective_sizes, collectives, stragglers
from stepscope.profiler.analysis.ranks import Distributed, distributed, overlap, rank_steps
from stepscope.profiler.profile import open_profile

_EPOCH = 1_700_000_000_000_000


def _step(number: int, start: float) -> dict[str, Any]:
    return annotation(f"ProfilerStep#{number}", start, 100)


def _all_reduce(start: float, duration: float, correlation: int, **args: Any) -> list[dict[str, Any]]:
    told = {"Collective name": "allreduce", "dtype": "Float", "In msg nelems": 1000, "Out msg nelems": 1000, **args}
    return [
        call(start - 5, 2, correlation),
        kernel(
            "ncclDevKernel_AllReduce_Sum_f32_RING_LL(ncclDevKernelArgsStorage)", start, duration, correlation, **told
        ),
    ]


def _write(folder: Path, rank: int, events: list[Any], world: int = 2, offset: float = 0, host: str = "a") -> None:
    events = [event for each in events for event in (each if isinstance(each, list) else [each])]
    for event in events:
        event["ts"] += _EPOCH + offset
    top = {"distributedInfo": {"rank": rank, "world_size": world, "backend": "nccl"}, "host_name": host}
    (folder / f"rank{rank}.1.pt.trace.json").write_text(json.dumps({**top, "traceEvents": events}))


def _opened(folder: Path) -> Distributed:
    return distributed(open_profile(folder, cache=False))


def test_waiting_ends_when_the_last_rank_is_there(tmp_path):
    _write(tmp_path, 0, [_step(1, 0), _all_reduce(10, 50, 1)])
    _write(tmp_path, 1, [_step(1, 0), _all_reduce(40, 21, 1)])
    table = collectives(_opened(tmp_path))

    (row,) = table.rows()
    assert (row["type"], row["ranks"], row["last"]) == ("all_reduce", 2, 1)
    assert (row["wait"], row["mean_wait"], row["transfer"]) == (30_000, 15_000, 20_000)
    assert row["bytes"] == 4000
    assert row["algorithm"] == pytest.approx(4000 / 20e-6)
    assert row["bus"] == pytest.approx(row["algorithm"])  # 2 (n - 1) / n = 1 for two ranks


def test_sequence_numbers_match_what_the_order_would_not(tmp_path):
    first, second = ({"Seq": number, "Process Group Name": "0"} for number in (7, 8))
    _write(tmp_path, 0, [_all_reduce(10, 10, 1, **first), _all_reduce(40, 10, 2, **second)])
    _write(tmp_path, 1, [_all_reduce(42, 8, 2, **second)])
    found = _opened(tmp_path)

    assert list(collectives(found)["ranks"]) == [1, 2]
    assert collectives(found)["wait"][1] == 2000
    assert any("on some of their ranks only" in note for note in found.notes)


def test_without_numbers_steps_keep_ranks_together(tmp_path):
    _write(tmp_path, 0, [_step(1, 0), _all_reduce(10, 10, 1), _step(2, 200), _all_reduce(210, 10, 2)])
    _write(tmp_path, 1, [_step(2, 200), _all_reduce(215, 5, 2)])
    found = _opened(tmp_path)

    assert list(collectives(found)["ranks"]) == [1, 2]
    assert [note for note in found.notes if note.startswith("Rank 1")] == [
        "Rank 1 has 1 step (ProfilerStep#2); most ranks have 2 steps (ProfilerStep#1 to ProfilerStep#2)."
    ]
    assert [(row["rank"], row["step"]) for row in rank_steps(found).rows()] == [
        (0, "ProfilerStep#1"),
        (0, "ProfilerStep#2"),
        (1, "ProfilerStep#2"),
    ]


def test_ranks_that_are_missing_or_broken_are_named_and_the_rest_is_shown(tmp_path):
    _write(tmp_path, 0, [_all_reduce(10, 10, 1)], world=4)
    _write(tmp_path, 1, [_all_reduce(12, 8, 1)], world=4)
    (tmp_path / "rank2.1.pt.trace.json").write_text('{"traceEvents": 5}')
    found = _opened(tmp_path)

    assert len(overlap(found)) == 2
    assert any("rank2.1.pt.trace.json" in note for note in found.notes)
    assert any(note.startswith("Ranks 2, 3 of 4 are missing") for note in found.notes)


def test_a_rank_whose_file_is_cut_off_is_named_and_matched_as_far_as_it_goes(tmp_path):
    for rank in (0, 1):
        _write(tmp_path, rank, [_all_reduce(start + rank, 20, start) for start in (100, 200, 300)])
    path = tmp_path / "rank1.1.pt.trace.json"
    path.write_text(path.read_text()[: path.read_text().rindex('{"ph"')])
    found = _opened(tmp_path)

    assert list(collectives(found)["ranks"]) == [2, 2, 1]
    assert "Rank 1: cut off, what stood behind the cut is missing." in found.notes


def test_ranks_that_disagree_are_shown_alone(tmp_path):
    _write(tmp_path, 0, [_all_reduce(10, 10, 1)])
    _write(tmp_path, 1, [_all_reduce(10, 10, 1, **{"Collective name": "reduce_scatter"})])
    found = _opened(tmp_path)

    assert sorted(collectives(found)["type"]) == ["all_reduce", "reduce_scatter"]
    assert any("disagree" in note for note in found.notes)


def test_groups_of_one_name_but_other_ranks_are_apart(tmp_path):
    for rank in range(4):
        members = "[0, 1]" if rank < 2 else "[2, 3]"
        told = {"Seq": 1, "Process Group Name": "tp", "Process Group Ranks": members, "Group size": 2}
        _write(tmp_path, rank, [_all_reduce(10 + rank, 20 - rank, 1, **told)], world=4)
    found = _opened(tmp_path)

    assert list(collectives(found)["ranks"]) == [2, 2]
    assert list(collectives(found)["wait"]) == [1_000, 1_000]
    assert list(collectives(found)["size"]) == [2, 2]


def test_more_ranks_than_a_group_has_are_not_one_collective(tmp_path):
    for rank in range(4):
        _write(tmp_path, rank, [_all_reduce(10, 20, 1, **{"Seq": 1, "Group size": 2})], world=4)
    found = _opened(tmp_path)

    assert list(collectives(found)["ranks"]) == [1, 1, 1, 1]
    assert any("disagree" in note for note in found.notes)


def test_clocks_of_other_hosts_are_put_right_by_the_common_end(tmp_path):
    for rank, offset, host in ((0, 0, "a"), (1, 5000, "b")):
        late = 20 * rank
        events = [_all_reduce(start + late, 50 - late, start) for start in (10, 110, 210)]
        _write(tmp_path, rank, events, offset=offset, host=host)
    found = _opened(tmp_path)
    clocks = clock_offsets(found)

    np.testing.assert_allclose(clocks["offset"], [0, 5_000_000])
    assert list(clocks["corrected"]) == ["no", "yes"]
    np.testing.assert_allclose(collectives(found)["wait"], 20_000)
    assert any("+5,000.0 µs off that of rank 0" in note for note in found.notes)


def test_ranks_of_another_host_have_one_clock(tmp_path):
    for rank, (host, offset, late) in enumerate((("a", 0, 0), ("b", 3000, 0), ("b", 3000, 4))):
        events = [_all_reduce(start, 50 + late, start) for start in (10, 110)]
        _write(tmp_path, rank, events, world=3, offset=offset, host=host)
    clocks = clock_offsets(_opened(tmp_path))

    # Rank 2 ends 4 µs later than rank 1, on the same clock.
    assert clocks["offset"][0] == 0
    assert clocks["offset"][1] == clocks["offset"][2]
    assert 3_000_000 <= clocks["offset"][1] <= 3_004_000


def test_clocks_of_one_host_are_believed(tmp_path):
    for rank in (0, 1):
        _write(tmp_path, rank, [_all_reduce(10 + 2 * rank, 50, 1)])

    assert list(clock_offsets(_opened(tmp_path))["corrected"]) == ["no", "no"]


def test_waiting_is_split_among_those_that_are_not_there(tmp_path):
    for rank, start in enumerate((10, 20, 40)):
        _write(tmp_path, rank, [_all_reduce(start, 60 - start, 1)], world=3)
    table = stragglers(_opened(tmp_path))
    caused = dict(zip(table["rank"].tolist(), table["caused"].tolist(), strict=True))

    # 10 µs of rank 0 for two absent ranks, then 20 µs of two ranks for rank 2.
    assert caused == {0: 0, 1: 5_000, 2: 45_000}
    assert sum(table["wait"]) == sum(table["caused"])
    assert list(table["verdict"]) == ["straggler", "", ""]
    assert table.notes[0].startswith("Rank 2 comes late: it made others wait 0.045 ms, 90.0 % of all waiting")


def test_sends_are_matched_with_the_receives_of_the_other_rank(tmp_path):
    sent, received = {"Collective name": "send", "Dst Rank": 1}, {"Collective name": "recv", "Src Rank": 0}
    _write(tmp_path, 0, [_all_reduce(start, 10, start, **sent) for start in (100, 200, 300)])
    _write(tmp_path, 1, [_all_reduce(start - 5, 15, start, **received) for start in (200, 300)])
    found = _opened(tmp_path)

    assert list(collectives(found)["type"]) == ["send", "send_recv", "send_recv"]
    assert list(collectives(found)["ranks"]) == [1, 2, 2]
    assert list(collectives(found)["transfer"])[1:] == [10_000, 10_000]
    assert any("1 send or receive found no partner" in note for note in found.notes)


def test_sends_without_a_told_partner_are_not_matched(tmp_path):
    for rank in (0, 1):
        _write(tmp_path, rank, [_all_reduce(10 + rank, 10, 1, **{"Collective name": "send"})])
    found = _opened(tmp_path)

    assert list(collectives(found)["ranks"]) == [1, 1]
    assert any("2 sends and receives found no partner" in note for note in found.notes)


def _loop(first: int, count: int, named: int | None, at: float = 0) -> list[Any]:
    """Steps of 100 µs, each with two buckets and a barrier; `named` is the number of the first mark, None: no marks."""
    events: list[Any] = []
    for step in range(first, first + count):
        begin = 100 * step + at
        events += [] if named is None else [_step(named + step - first, begin)]
        for place, elements in enumerate((1000, 2000, 1000)):
            told = {"In msg nelems": elements, "Out msg nelems": elements}
            events.append(_all_reduce(begin + 20 + 20 * place, 10, 10 * step + place, **told))
    return events


@pytest.mark.parametrize("named", [None, 1, 7])
def test_ranks_that_captured_other_steps_are_matched_by_what_they_share(tmp_path, named):
    _write(tmp_path, 0, _loop(1, 5, 1))
    _write(tmp_path, 1, _loop(3, 2, named, at=2))
    found = _opened(tmp_path)

    assert list(collectives(found)["ranks"]) == [1] * 6 + [2] * 6 + [1] * 3
    assert list(collectives(found)["wait"])[6:12] == [2_000] * 6
    alone = "Rank 0: 9 of 15 collectives found no partner (ProfilerStep#1, ProfilerStep#2, ProfilerStep#5)."
    assert alone in found.notes


def test_ranks_of_two_hosts_are_matched_by_their_steps_whatever_their_clocks_say(tmp_path):
    _write(tmp_path, 0, _loop(1, 4, 1), host="a")
    _write(tmp_path, 1, _loop(3, 2, 2), host="b")
    steps = dict(zip(collectives(_opened(tmp_path))["step"], collectives(_opened(tmp_path))["ranks"], strict=True))

    assert steps == {f"ProfilerStep#{step}": 2 if step in (2, 3) else 1 for step in (1, 2, 3, 4)}


def test_without_marks_and_clocks_the_longest_common_part_is_taken(tmp_path):
    for rank, steps in enumerate((3, 2)):
        events = _loop(0, steps, None, at=10_000 * rank)
        _write(tmp_path, rank, events[rank:])

    assert sorted(collectives(_opened(tmp_path))["ranks"]) == [1] * 4 + [2] * 5


def test_collectives_on_the_host_count_where_there_is_no_gpu(tmp_path):
    for rank in (0, 1):
        shape = {"Input Dims": [[250]], "Input type": ["float"]}
        gloo = annotation("gloo:all_gather", 20 + 10 * rank, 40 - 10 * rank, 9, **shape)
        _write(tmp_path, rank, [op("aten::mm", 0, 30), op("c10d::allgather_", 15, 2), gloo])
    found = _opened(tmp_path)
    table = overlap(found)

    assert collective_sizes(found)["bytes"][0] == 2000  # of the output: two ranks of 250 floats
    assert (table["computation"][0], table["communication"][0], table["overlap"][0]) == (30_000, 40_000, 10_000)
    assert any("on the host" in note for note in table.notes)


def test_steps_of_ranks_add_up(tmp_path):
    _write(tmp_path, 0, [_step(1, 0), call(5, 2, 9), kernel("gemm", 10, 20, 9), _all_reduce(20, 30, 1)])
    (row,) = rank_steps(_opened(tmp_path)).rows()

    assert row["total"] == 100_000
    assert row["computation"] + row["exposed_communication"] + row["idle"] == row["total"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ncclKernel_AllReduce_RING_LL_Sum_float(ncclDevComm*, unsigned long)", "all_reduce"),
        ("ncclDevKernel_ReduceScatter_Sum_bf16_RING_LL(ncclDevKernelArgsStorage<4096ul>)", "reduce_scatter"),
        ("_allgather_base", "all_gather"),
        ("reduce_scatter_tensor_coalesced", "reduce_scatter"),
        ("all_to_allv", "all_to_all"),
        ("nccl:reduce", "reduce"),
        ("something", "other"),
    ],
)
def test_names_of_all_generations(name, kind):
    assert collective_type(name) == kind


@pytest.mark.parametrize(
    ("dtype", "size"),
    [("Float", 4), ("BFloat16", 2), ("c10::Half", 2), ("Long", 8), ("long int", 8), ("Float8_e4m3fn", 1), ("Byte", 1)],
)
def test_bytes_of_elements(dtype, size):
    assert element_bytes(dtype) == size


def test_bus_bandwidth_is_that_of_nccl_tests():
    assert [bus_factor(kind, 8) for kind in ("all_reduce", "all_gather", "broadcast")] == [1.75, 0.875, 1]


def test_a_real_set_of_eight_ranks():
    folder = TRACES / "param" / "dlrm_kineto"
    if not folder.exists():
        pytest.skip(f"needs {folder}")
    found = _opened(folder)
    table, late = overlap(found), stragglers(found)

    assert (table["communication"] / 1000).tolist() == [5798, 11336, 3492, 9774, 6587, 6251, 3558, 1746]
    assert (table["computation"] / 1000).tolist() == [1034, 1246, 1068, 1250, 1133, 1041, 1051, 1059]
    assert (table["exposed"] / 1000).tolist() == [5537, 11056, 3217, 9440, 6550, 6211, 3289, 1580]
    idle = [49.3, 34.3, 62.1, 43.2, 53.6, 55.6, 61.8, 75.8]
    np.testing.assert_allclose(100 * np.asarray(table["idle_share"]), idle, atol=0.051)
    # As another tool has it, but for rank 3, whose six fills it takes for no computation (3.31 %).
    hidden = [4.5, 2.47, 7.88, 3.42, 0.56, 0.64, 7.56, 9.51]
    np.testing.assert_allclose(100 * np.asarray(table["overlap_share"]), hidden, atol=0.006)
    assert list(late["rank"][:2]) == [7, 2]
    assert list(collectives(found)["ranks"]) == [8] * 8
    # Microseconds apart on one machine: the common end holds.
    assert np.abs(clock_offsets(found)["offset"]).max() <= 2_000
