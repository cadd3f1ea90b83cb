"""`dashboard profile`: text, JSON and exit codes; what cannot be read is named and hurts nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from memory_files import write_training_snapshot
from trace_files import events_of_steps, write_trace

from stepscope.webapp.cli import main

README = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
TRACES = Path(__file__).parents[4] / "shared" / "traces"
REFERENCES = (
    "param/dlrm_kineto/worker5_step_12.1694128201549.pt.trace.json.gz",
    "torch_tb_profiler/resnet50_num_workers_0/worker0.1623143089861.pt.trace.json.gz",
    "tracelens/b200/eager_trace.json.gz",
)


class Done:
    """What the command printed, and its exit code."""

    def __init__(self, capsys: pytest.CaptureFixture[str], words: tuple[str | Path, ...]) -> None:
        try:
            self.code = main(["profile", *map(str, words), "--index_dir", ""])
        except SystemExit as end:
            self.code = int(end.code or 0)
        self.out, self.err = capsys.readouterr()

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.out)  # type: ignore[no-any-return]


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    return write_trace(tmp_path / "worker0.1700000000000.pt.trace.json", events_of_steps())


def test_the_json_splits_the_gpus_time_exactly(trace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = Done(capsys, (trace, "--json", "-"))
    (told,) = done.json["traces"]
    assert done.code == 0 and told["file"] == str(trace)
    split = {"computation": 80, "communication": 40, "exposed_communication": 20, "memcpy": 0, "exposed_memcpy": 0}
    assert told["gpu_us"] == {**split, "memset": 0, "overlap": 20, "busy": 100, "idle": 50, "total": 150}
    assert told["attributed_share"] == 1
    assert told["counts"]["kernels"] == 4 and told["counts"]["communication_kernels"] == 2
    assert [(step["name"], step["total_us"], step["host_us"]) for step in told["steps"]] == [
        ("ProfilerStep#3", 100, 100), ("ProfilerStep#4", 100, 100),
    ]  # fmt: skip
    roles = ("kernel", "memcpy", "memset", "communication", "runtime", "data_loader", "cpu", "other")
    assert [sum(step[f"{role}_us"] for role in roles) for step in told["steps"]] == [100, 100]


@pytest.mark.parametrize("name", REFERENCES)
def test_real_traces_come_to_the_figures_of_the_reference(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    if not (TRACES / name).exists():
        pytest.skip(f"needs {TRACES / name}")
    wanted = json.loads((TRACES / "REFERENCE.json").read_text())[name]
    (told,) = Done(capsys, (TRACES / name, "--json", "-")).json["traces"]
    gpu, expected = told["gpu_us"], wanted["gpu_us"]
    for key, reference in (
        ("computation", "computation_union"), ("communication", "communication_union"), ("memcpy", "memcpy_union"),
        ("exposed_communication", "exposed_comm"), ("exposed_memcpy", "exposed_memcpy"),
        ("busy", "busy"), ("idle", "idle"), ("total", "total"),
    ):  # fmt: skip
        assert gpu[key] == pytest.approx(expected[reference], abs=0.01), key
    assert told["attributed_share"] == pytest.approx(wanted["attribution"]["gpu_time_attributed_to_cpu_op"], abs=1e-4)
    assert told["counts"]["compute_kernels"] == wanted["counts"]["compute_kernels"]
    assert [[step["name"], step["host_us"]] for step in told["steps"]] == wanted["profiler_steps_us"]


def test_the_text_says_where_the_time_goes_and_what_to_do(trace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = Done(capsys, (trace,))
    assert done.code == 0 and done.err == ""
    assert re.search(r"Computation +█+ +53\.3 % +80\.0 µs", done.out)
    assert "Mean of 2 complete steps: 100 µs" in done.out
    for title in ("Steps", "What to do", "Operators", "Kernels", "How far to trust it"):
        assert f"\n  {title}\n" in done.out


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("idle > 20%", 1), ("idle > 40 %", 0), ("idle>=50us", 1), ("idle > 0.05ms", 0), ("step > 99µs", 1),
        ("step.kernel < 40us", 0), ("attributed < 98%", 0), ("count.kernels == 4", 1), ("steps != 2", 0),
        ("recommendation.tensor_cores > 90%", 0), ("exposed-communication > 10%", 1),
    ],
)  # fmt: skip
def test_a_condition_decides_the_exit_code(
    trace: Path, condition: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    done = Done(capsys, (trace, "--fail-if", condition))
    assert done.code == code
    assert ("BROKEN" if code else "kept") in done.out


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ("idel > 20%", "there is no figure 'idel'; there are computation, communication"),
        ("idle", "expected a figure, a comparison and a limit"),
        ("idle > 20", "idle is compared with a time (us, ms, s) or a share (%), got no unit"),
        ("idle > 20 parsecs", "there is no unit 'parsecs'"),
        ("count.kernels > 3%", "count.kernels is compared with a number without a unit"),
        ("regressions > 0", "say what to compare with: --diff OTHER"),
        ("step > +5%", "say what to compare with: --diff OTHER"),
    ],
)
def test_a_wrong_condition_is_told(
    trace: Path, condition: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    done = Done(capsys, (trace, "--fail-if", condition))
    assert done.code == 2 and sentence in done.err


def test_advice_cannot_be_judged_where_no_step_is_whole(trace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = trace.read_text()
    trace.write_text(text[: len(text) // 4])
    done = Done(capsys, (trace, "--fail-if", "recommendation.data_loader > 5%", "--fail-if", "recommendations > 0"))
    assert done.code == 3 and done.out.count("nothing is recommended without a complete step") == 2


@pytest.mark.parametrize("condition", ["idle > 20%", "tensor_cores < 50%", "peak_memory > 1GB", "occupancy < 10%"])
def test_what_cannot_be_judged_has_an_exit_code_of_its_own(
    tmp_path: Path, condition: str, capsys: pytest.CaptureFixture[str]
) -> None:
    on_cpu = [event for event in events_of_steps() if event["cat"] in ("cpu_op", "user_annotation")]
    trace = write_trace(tmp_path / "cpu.pt.trace.json", on_cpu)
    done = Done(capsys, (trace, "--fail-if", condition))
    assert done.code == 3 and f"not judged {condition}" in done.out and "cannot be judged: the trace" in done.out
    told = Done(capsys, (trace, "--fail-if", condition, "--fail-if", "step > 1us", "--json", "-"))
    assert told.code == 1 and "cannot be judged" in told.err
    assert [(each["broken"], each["judged"]) for each in told.json["conditions"]] == [(False, False), (True, True)]
    assert told.json["traces"][0]["attributed_share"] is None


def test_a_limit_with_a_sign_is_compared_with_the_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    slow, fast = (
        write_trace(tmp_path / f"{kernel_us}.pt.trace.json", events_of_steps(kernel_us)) for kernel_us in (60, 40)
    )
    limits = ("step.kernel > +40%", "step.kernel > +60%", "computation > +35us")
    done = Done(
        capsys, (slow, "--diff", fast, "--json", "-", *(word for text in limits for word in ("--fail-if", text)))
    )
    assert done.code == 1
    assert [each["broken"] for each in done.json["conditions"]] == [True, False, True]
    assert "step.kernel changed by 50.0 %" in done.json["conditions"][0]["where"][0]


def test_a_single_rank_of_each_is_compared_whatever_its_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slow, fast = (
        write_trace(tmp_path / f"{rank}.pt.trace.json", events_of_steps(kernel_us), distributedInfo={"rank": rank})
        for rank, kernel_us in ((1, 60), (0, 40))
    )
    assert Done(capsys, (slow, "--diff", fast, "--fail-if", "step.kernel > +40%")).code == 1


def test_all_conditions_are_judged(trace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = Done(capsys, (trace, "--json", "-", "--fail-if", "busy < 10%", "--fail-if", "idle > 20%"))
    assert [(each["condition"], each["broken"]) for each in done.json["conditions"]] == [
        ("busy < 10%", False), ("idle > 20%", True),
    ]  # fmt: skip
    assert done.code == 1 and "idle is 33.3 %" in done.json["conditions"][1]["where"][0]


def test_files_that_cannot_be_read_are_named_and_the_others_reported(
    trace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.pt.trace.json").touch()
    (tmp_path / "notes.txt").write_text("no trace\n")
    wrong = [tmp_path / "empty.pt.trace.json", tmp_path / "notes.txt", tmp_path / "gone.json"]
    done = Done(capsys, (trace, *wrong, "--json", "-"))
    assert done.code == 2
    assert [each["file"] for each in done.json["traces"]] == [str(trace)]
    reasons = {each["file"]: each["reason"] for each in done.json["problems"]}
    assert reasons.keys() == set(map(str, wrong))
    assert all(reason.startswith(file) and reason in done.err for file, reason in reasons.items())
    assert "there is no such file" in reasons[str(wrong[2])] and "empty" in reasons[str(wrong[0])]


def test_a_truncated_trace_is_reported_as_far_as_it_goes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = write_trace(tmp_path / "whole.pt.trace.json", events_of_steps())
    cut = tmp_path / "cut.pt.trace.json"
    cut.write_bytes(whole.read_bytes()[:-300])
    done = Done(capsys, (cut,))
    assert done.code == 0
    assert "Could not be read" not in done.out and "!!" in done.out.split("How far to trust it")[1]
    head, steps = done.out.split("  Steps\n")
    assert "!! The file is cut off" in head and "ProfilerStep#4 (cut)" in steps


def test_ranks_of_one_capture_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for rank in range(3):
        info = {"rank": rank, "world_size": 3, "backend": "nccl"}
        events = events_of_steps(kernel_us=40 + rank)
        write_trace(tmp_path / "run" / f"rank{rank}.1700000000000.pt.trace.json.gz", events, distributedInfo=info)
    done = Done(capsys, (tmp_path / "run", "--json", "-"))
    assert [(each["rank"], each["world_size"]) for each in done.json["traces"]] == [(0, 3), (1, 3), (2, 3)]
    (profile,) = done.json["profiles"]
    assert profile["ranks"] == [0, 1, 2] and "stragglers" in profile["distributed"]
    one = Done(capsys, (tmp_path / "run", "--rank", "1", "--json", "-"))
    assert [each["gpu_us"]["computation"] for each in one.json["traces"]] == [82]
    none = Done(capsys, (tmp_path / "run", "--rank", "7"))
    assert none.code == 2 and "there is no rank 7; there are 0, 1, 2" in none.out
    some = Done(capsys, (tmp_path / "run", "--rank", "1,7"))
    assert some.code == 2 and "there is no rank 7" in some.out and "rank 1 of 3" in some.out


def test_a_folder_may_hold_several_captures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for time in (1700000000000, 1700003600000):
        write_trace(tmp_path / f"worker0.{time}.pt.trace.json", events_of_steps())
    every = Done(capsys, (tmp_path, "--json", "-")).json["traces"]
    newest = Done(capsys, (tmp_path, "--json", "-", "--newest")).json["traces"]
    assert len(every) == 2 and [each["file"] for each in newest] == [every[1]["file"]]
    empty = tmp_path / "none"
    empty.mkdir()
    assert Done(capsys, (empty,)).code == 2


def test_steps_can_be_chosen(trace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (told,) = Done(capsys, (trace, "--steps", "4", "--json", "-")).json["traces"]
    assert [step["name"] for step in told["steps"]] == ["ProfilerStep#4"] and told["gpu_us"]["total"] == 100
    wrong = Done(capsys, (trace, "--steps", "7-9"))
    assert wrong.code == 2 and "there is no step 7 to 9; there are 3 to 4" in wrong.out
    assert Done(capsys, (trace, "--steps", "9-7")).code == 2
    bare = write_trace(trace.parent / "bare.pt.trace.json", [{"ph": "i", "name": "mark", "ts": 1, "pid": 1, "tid": 1}])
    assert "there is no step 3; the trace marks none" in Done(capsys, (bare, "--steps", "3")).out


def test_a_regression_beyond_chance_breaks_a_condition(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    slow = write_trace(tmp_path / "slow" / "a.pt.trace.json", events_of_steps(60, 8))
    fast = write_trace(tmp_path / "fast" / "a.pt.trace.json", events_of_steps(40, 8))
    done = Done(
        capsys, (slow, "--diff", fast.parent, "--fail-if", "regressions > 0", "--fail-if", "change.kernel > 10us")
    )
    assert done.code == 1 and done.out.count("BROKEN") == 2 and "slower" in done.out
    back = Done(capsys, (fast, "--diff", slow, "--fail-if", "regressions > 0", "--json", "-"))
    assert back.code == 0
    (gemm,) = (row for row in back.json["diff"]["kernels"] if "gemm" in row["name"])
    assert (gemm["before_us"], gemm["after_us"], gemm["verdict"]) == (60, 40, "faster")
    lost = Done(capsys, (slow, "--diff", tmp_path / "nowhere"))
    assert lost.code == 2 and "there is no such file or folder" in lost.out


def test_steps_that_became_longer_though_no_kernel_did_are_a_regression(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    events = events_of_steps(40, 8)
    fast = write_trace(tmp_path / "fast" / "a.pt.trace.json", events)
    longer = [event | {"ts": event["ts"] + 30 * ((event["ts"] - 1000) // 100)} for event in events]
    longer = [event | {"dur": 130} if event["cat"] == "user_annotation" else event for event in longer]
    slow = write_trace(tmp_path / "slow" / "a.pt.trace.json", longer)
    done = Done(capsys, (slow, "--diff", fast, "--fail-if", "regressions > 0", "--json", "-"))
    assert done.code == 1
    assert {row["name"]: row["verdict"] for row in done.json["diff"]["steps"]}["Whole step"] == "slower"
    assert Done(capsys, (slow, "--diff", fast, "--fail-if", "regressions.kernels > 0")).code == 0


def test_all_ranks_of_two_profiles_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for side, kernel_us, ranks in (("before", 40, 3), ("after", 60, 2)):
        for rank in range(ranks):
            path = tmp_path / side / f"rank{rank}.1700000000000.pt.trace.json"
            write_trace(path, events_of_steps(kernel_us + rank, 5), distributedInfo={"rank": rank, "world_size": ranks})
    words = (tmp_path / "after", "--diff", tmp_path / "before")
    done = Done(capsys, (*words, "--json", "-", "--fail-if", "change.kernel > +19us"))
    (gemm,) = (row for row in done.json["diff"]["kernels"] if "gemm" in row["name"])
    assert (gemm["before_us"], gemm["after_us"]) == (40.5, 60.5)
    assert [row["name"] for row in done.json["diff"]["ranks"]] == ["Rank 0", "Rank 1"]
    assert done.code == 1
    one = Done(capsys, (*words, "--rank", "1", "--json", "-")).json["diff"]
    assert "ranks" not in one and [row["after_us"] for row in one["kernels"] if "gemm" in row["name"]] == [61]
    (tmp_path / "before" / "rank1.1700000000000.pt.trace.json").write_text("{}")
    broken = Done(capsys, words)
    assert broken.code == 2 and "rank1.1700000000000.pt.trace.json: " in broken.out
    assert "Figures are means over 1 rank" in broken.out and "Only after, and left out: rank 1." in broken.out


def test_every_key_of_the_json_is_in_the_readme(
    trace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_training_snapshot(tmp_path / "memory.pickle", steps=3)
    words = (trace, tmp_path / "memory.pickle", tmp_path / "gone", "--diff", trace, "--fail-if", "idle > 1%")
    told = Done(capsys, (*words, "--json", "-")).json
    (figures,) = told["traces"]
    lists = ("profiles", "others", "problems", "conditions")
    parts = [told, figures, figures["gpu_us"], figures["counts"], *(told[name][0] for name in lists)]
    parts += [figures[name][0] for name in ("recommendations", "health")]
    keys = {key for part in parts for key in part} | {"start_us", "total_us", "host_us", "launched", "complete"}
    assert figures["steps"][0].keys() >= {"start_us", "total_us", "host_us", "launched", "complete"}
    assert {key for key in keys if f"`{key}`" not in README} == set()


def test_every_figure_of_a_condition_is_in_the_readme(trace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = Done(capsys, (trace, "--diff", trace, "--fail-if", "nothing > 1")).err
    names = told.partition("there are ")[2].strip().split(", ")
    families = ("count.", "recommendation.", "regressions.", "change.")
    assert len(names) > 40
    assert {name for name in names if f"`{name}`" not in README and not name.startswith(families)} == set()
