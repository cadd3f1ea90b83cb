"""How far a trace can be trusted: exact shares, and the rules by which torch checks its own files."""

from __future__ import annotations

import collections
import json
from pathlib import Path
from typing import Any

import pytest
from made_traces import annotation, call, kernel, made, op
from reference_traces import TRACES, reference, reference_trace

from stepscope.profiler.analysis.findings import findings
from stepscope.profiler.analysis.health import Health, health
from stepscope.profiler.analysis.study import Study
from stepscope.profiler.analysis.trace_rules import broken_rules
from stepscope.profiler.trace import Trace

RULES = {  # of torch.profiler._trace_validator
    "unnamed_waits": "_check_stream_wait_corr_id_populated",
    "unknown_records": "_check_stream_wait_corr_id_in_past",
    "early_returns": "_check_stream_sync_overlap",
    "bare_collectives": "_check_nccl_metadata",
    "shared_sequences": "_check_backward_seq_id_uniqueness",
}
GRAPHS = "tracelens/inference/sglang_decode/sglang_Qwen3-8B_decode.json.gz"
BEFORE = "param/dlrm_kineto/worker1_step_12.1694128201556.pt.trace.json.gz"


def health_of(trace: Trace) -> Health:
    return health(Study(trace))


def told(trace: Trace) -> dict[str, str]:
    """Findings by id, with their states."""
    study = Study(trace)
    return {each.id: f"{each.state}: {each.text}" for each in findings(study, health(study))}


@pytest.mark.parametrize("name", [name for name, figures in reference().items() if "gpu_us" in figures])
def test_shares_agree_with_the_reference(name: str) -> None:
    found, figures = health_of(reference_trace(name)), reference()[name]
    unlaunched = found.before_window.share + found.missing_launches.share
    assert round(found.attributed.share, 4) == figures["attribution"]["gpu_time_attributed_to_cpu_op"]
    assert round(unlaunched, 4) == figures["attribution"]["gpu_time_without_launch_in_trace"]
    assert found.same_stream_overlaps == figures["same_stream_overlaps"]
    parts = (found.attributed, found.graph_replays, found.before_window, found.missing_launches, found.no_operator)
    assert sum(part.count for part in parts) == sum(figures["counts"].values())
    assert abs(sum(part.share for part in parts) - 1) < 1e-9


@pytest.mark.parametrize("name", reference())
def test_torchs_validator_finds_the_same(name: str) -> None:
    validator = pytest.importorskip("torch.profiler._trace_validator")
    _, violations = validator.validate_trace(str(TRACES / name))
    _same_as_validator(reference_trace(name), violations)


@pytest.mark.parametrize("rule", [*RULES, "early"])
def test_torchs_validator_finds_the_same_in_broken_traces(rule: str, tmp_path: Path) -> None:
    validator = pytest.importorskip("torch.profiler._trace_validator")
    events = _breaking(rule)
    path = tmp_path / "broken.json"
    path.write_text(json.dumps({"traceEvents": events}))
    _, violations = validator.validate_trace(str(path))
    assert violations
    _same_as_validator(made(*events), violations)


def _same_as_validator(trace: Trace, violations: list[Any]) -> None:
    count = collections.Counter(violation.rule_name for violation in violations)
    broken = broken_rules(trace)
    assert {name: getattr(broken, name) for name in RULES} == {name: count[rule] for name, rule in RULES.items()}
    assert (health_of(trace).early > 0) == (count["_check_gpu_kernel_causality"] > 0)


def _breaking(rule: str) -> list[dict[str, Any]]:
    """Events that break a rule twice or once, and some that keep it."""

    def sync(kind: str, start: float, **args: Any) -> dict[str, Any]:
        more = {"cuda_sync_kind": kind, **args}
        return {**kernel(kind, start, 1, -1, **more), "cat": "cuda_sync"}

    def record(start: float, correlation: int) -> dict[str, Any]:
        return call(start, 1, correlation, "cudaEventRecord")

    def backward(name: str, start: float, number: int) -> dict[str, Any]:
        return op(f"autograd::engine::evaluate_function: {name}", start, 1, **{"Sequence number": number})

    reference_id = "wait_on_cuda_event_record_corr_id"
    launch = call(50, 2, 5)
    launch["args"]["External id"] = 3
    told_of = {
        "Collective name": "allreduce",
        "dtype": "Float",
        "In msg nelems": 1,
        "Out msg nelems": 1,
        "Group size": 2,
    }
    return {
        "unnamed_waits": [sync("Stream Wait Event", 5), sync("Event Sync", 6, **{reference_id: -1})],
        "unknown_records": [
            record(1, 7),
            sync("Stream Wait Event", 5, **{reference_id: 7}),
            sync("Stream Wait Event", 6, **{reference_id: 8}),
            record(30, 9),
            sync("Stream Wait Event", 8, **{reference_id: 9}),
        ],
        "early_returns": [kernel("k", 0, 10, 1), sync("Stream Sync", 5), sync("Stream Sync", 10)],
        "bare_collectives": [op("record_param_comms", 0, 1), op("record_param_comms", 2, 1, **told_of)],
        "shared_sequences": [
            backward("Mul", 0, 4),
            backward("Add", 2, 4),
            backward("Add", 4, 5),
            backward("Sin", 6, 0),
        ],
        "early": [launch, kernel("k", 40, 20, 5, **{"External id": 3})],
    }[rule]


def test_replays_of_graphs_are_told_as_such() -> None:
    found = health_of(reference_trace(GRAPHS))
    assert found.graph_replays.count == 544
    assert found.graph_replays.share > 0.98
    assert "544 kernels and copies" in told(reference_trace(GRAPHS))["graph_replays"]


def test_work_of_before_the_trace_is_told_apart_from_lost_launches() -> None:
    found = health_of(reference_trace(BEFORE))
    assert (found.before_window.count, found.missing_launches.count) == (64, 0)
    lost = made(op("aten::mm", 0, 5), call(1, 2, 1), kernel("a", 10, 5, 1), kernel("b", 20, 5, 2))
    assert (health_of(lost).before_window.count, health_of(lost).missing_launches.count) == (0, 1)
    assert told(lost)["missing_launches"].startswith("bad: 1 kernel or copy (50.0 % of the GPU's time)")


def test_a_sound_trace_is_good() -> None:
    trace = made(annotation("ProfilerStep#1", 0, 30), op("aten::mm", 0, 5), call(1, 2, 1), kernel("a", 10, 5, 1))
    assert {text.split(":")[0] for text in told(trace).values()} == {"good"}
    assert told(trace)["attributed"] == "good: 100.0 % of the GPU's time has a known operator."


def test_what_is_wrong_comes_first() -> None:
    trace = made(call(50, 2, 1), kernel("a", 10, 5, 1), kernel("cross_device_reduce_1stage", 12, 8, 2))
    states = [text.split(":")[0] for text in told(trace).values()]
    assert states == sorted(states, key=("bad", "note", "good").index)
    assert told(trace)["early"] == "bad: 1 kernel begins before the launch, by up to 40.0 µs."
    assert "may communicate" in told(trace)["like_communication"]


def test_a_machine_with_gpus_and_a_trace_without_their_work_is_bad() -> None:
    trace = made(op("aten::mm", 0, 5), deviceProperties=[{"id": 0, "name": "A100"}])
    assert told(trace)["no_gpu_work"].startswith("bad: The machine has 1 GPU")
    assert "attributed" not in told(trace)
