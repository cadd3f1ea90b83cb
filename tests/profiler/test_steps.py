"""The step table: torch-tb-profiler's figures where it is right, and every step in full everywhere."""

from __future__ import annotations

import json

import numpy as np
import pytest
from made_traces import annotation, call, kernel, made, op
from reference_traces import TRACES, reference, reference_trace

from stepscope.profiler.analysis.step_table import ROLES, step_table, step_table_of_ranks
from stepscope.profiler.analysis.steps import steps
from stepscope.profiler.table import Table

RESNET = "torch_tb_profiler/resnet50_num_workers_0/worker0.1623143089861.pt.trace.json.gz"


def shares(table: Table, row: int = 0) -> dict[str, int]:
    """Roles of a step that took any time, in µs."""
    return {name: value // 1000 for name, *_ in ROLES if (value := int(table[name][row]))}


def test_resnets_steps_are_those_that_torch_tb_profiler_shows() -> None:
    told = TRACES / "torch_tb_profiler" / "result_check_file.txt"
    table = step_table(reference_trace(RESNET))
    rows = json.loads(told.read_text().splitlines()[0])["steps"]["rows"]
    shown = ("kernel", "memcpy", "memset", "runtime", "data_loader", "cpu", "other")
    assert [name.removeprefix("ProfilerStep#") for name in table["name"]] == [row[0] for row in rows]
    for place, row in enumerate(rows):
        assert [int(table[role][place]) // 1000 for role in shown] == row[1::2]


def test_resnets_means_are_those_that_torch_tb_profiler_shows() -> None:
    table = step_table(reference_trace(RESNET))
    told = json.loads((TRACES / "torch_tb_profiler" / "result_check_file.txt").read_text().splitlines()[0])
    mean = told["performance"][0]
    assert round(float(np.mean(table["total"])) / 1000) == mean["value"] == 177_592
    for child, role in zip(mean["children"], (r for r, *_ in ROLES if r != "communication"), strict=True):
        assert round(float(np.mean(table[role])) / 1000) == child["value"]


@pytest.mark.parametrize("name", reference())
def test_roles_add_up_to_each_step(name: str) -> None:
    table = step_table(reference_trace(name))
    figures = np.array([table[role] for role, *_ in ROLES])
    assert (figures >= 0).all()
    assert figures.sum(axis=0).tolist() == list(table["total"])
    marks = reference()[name]["profiler_steps_us"]
    if marks and table["name"][0].startswith("ProfilerStep"):
        assert [(row["name"], row["host"] / 1000) for row in table.rows()][: len(marks)] == [tuple(m) for m in marks][
            : len(table)
        ]


def test_a_step_lasts_until_its_kernels_are_done_and_the_next_begins_there() -> None:
    trace = made(
        annotation("ProfilerStep#1", 0, 100),
        call(10, 5, 1),
        kernel("gemm", 50, 80, 1),
        annotation("ProfilerStep#2", 100, 100),
        call(110, 5, 2),
        kernel("gemm", 150, 20, 2),
    )
    found = steps(trace)
    assert (found.start // 1000).tolist() == [0, 130]
    assert (found.end // 1000).tolist() == [130, 200]


def test_a_role_that_fills_the_step_leaves_nothing_to_others() -> None:
    copy = {**kernel("Memcpy HtoD", 20, 60, 2, stream=8), "cat": "gpu_memcpy"}
    trace = made(annotation("ProfilerStep#1", 0, 100), call(0, 1, 1), call(1, 1, 2), kernel("gemm", 0, 100, 1), copy)
    assert shares(step_table(trace)) == {"kernel": 100}


def test_calls_of_the_driver_are_runtime_and_nccl_is_communication_by_its_kernels() -> None:
    trace = made(
        annotation("ProfilerStep#1", 0, 100),
        op("nccl:all_reduce", 0, 30),
        call(2, 8, 1, "cuLaunchKernelEx"),
        kernel("ncclDevKernel_AllReduce_Sum_f32_RING_LL", 40, 50, 1),
    )
    assert shares(step_table(trace)) == {"communication": 50, "runtime": 8, "cpu": 22, "other": 20}


def test_without_a_gpu_collectives_of_the_host_are_communication() -> None:
    trace = made(
        annotation("ProfilerStep#1", 0, 100),
        op("enumerate(DataLoader)#_SingleProcessDataLoaderIter.__next__", 0, 20),
        op("gloo:all_reduce", 50, 25),
        op("aten::mm", 70, 10),
    )
    assert shares(step_table(trace)) == {"communication": 25, "data_loader": 20, "cpu": 5, "other": 50}


def test_the_gpus_copy_of_a_mark_is_no_step() -> None:
    copy = {**kernel("ProfilerStep#1", 20, 60, 2), "cat": "gpu_user_annotation"}
    trace = made(annotation("ProfilerStep#1", 0, 100), call(0, 1, 1), kernel("gemm", 20, 60, 1), copy)
    assert steps(trace).name == ["ProfilerStep#1"]


def test_a_last_step_without_its_kernels_is_told_apart() -> None:
    launches = [call(10 * step + 1, 1, step) for step in range(3)]
    kernels = [kernel("gemm", 10 * step + 3, 5, step) for step in range(2)]
    trace = made(*(annotation(f"ProfilerStep#{step}", 10 * step, 9) for step in range(3)), *launches, *kernels)
    assert steps(trace).complete.tolist() == [True, True, False]
    assert any("cut off" in note for note in step_table(trace).notes)


def test_a_trace_without_marks_is_one_step() -> None:
    table = step_table(made(op("aten::mm", 10, 10), call(12, 2, 1), kernel("gemm", 25, 5, 1)))
    assert table["name"] == ["whole trace"]
    assert table["total"].tolist() == [20_000]  # type: ignore[union-attr]
    assert len(step_table(made({"ph": "i", "name": "mark", "ts": 0, "pid": 1, "tid": 1}))) == 0


def test_ranks_stand_below_each_other() -> None:
    ranks = [made(annotation("ProfilerStep#1", 0, 10), distributedInfo={"rank": rank}) for rank in (0, 1)]
    table = step_table_of_ranks(ranks)
    assert [(row["rank"], row["name"]) for row in table.rows()] == [(0, "ProfilerStep#1"), (1, "ProfilerStep#1")]
