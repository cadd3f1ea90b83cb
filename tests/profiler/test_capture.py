"""Profiler with torch on the CPU: files in the run's folder, captures on demand, disks that fail."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import Queue
from types import SimpleNamespace
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from stepscope.logger import SummaryWriter  # noqa: E402
from stepscope.profiler import Profiler, on_demand, schedule  # noqa: E402
from stepscope.profiler.capture import trace_files  # noqa: E402
from stepscope.profiler.capture.listening import is_listening  # noqa: E402

MODEL = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.ReLU())


def train() -> None:
    MODEL(torch.ones(2, 4)).sum().backward()


def traces(folder: Path) -> list[dict[str, Any]]:
    """The contents of the captures in a folder, oldest first."""
    return [json.loads(gzip.decompress(path.read_bytes())) for path in sorted(folder.glob("*.pt.trace.json.gz"))]


def steps_of(trace: dict[str, Any]) -> list[str]:
    return [event["name"] for event in trace["traceEvents"] if event.get("name", "").startswith("ProfilerStep#")]


def test_scheduled_steps_become_files_beside_the_events(tmp_path: Path) -> None:
    with (
        SummaryWriter(tmp_path) as writer,
        Profiler(writer, schedule=schedule(wait=1, warmup=1, active=2, repeat=2)) as profiler,
    ):
        for _ in range(12):
            train()
            profiler.step()
    assert [steps_of(trace) for trace in traces(tmp_path)] == [
        ["ProfilerStep#2", "ProfilerStep#3"],
        ["ProfilerStep#6", "ProfilerStep#7"],
    ]
    assert [path for path in os.listdir(tmp_path) if ".part" in path] == []


def test_what_killed_trainings_left_half_written_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, temporary = tmp_path / "run", tmp_path / "temporary"
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    left = [run / f".rank0.{10**18}.pt.trace.json.gz.{ending}" for ending in ("part", "packed")]
    left.append(temporary / "stepscope-abc.pt.trace.json")
    young = run / f".rank1.{10**18}.pt.trace.json.gz.packed"
    others = [run / ".mine.part", run / "a.packed", temporary / "other.pt.trace.json"]
    for path in (*left, young, *others):
        path.parent.mkdir(exist_ok=True)
        path.touch()
        if path != young:
            os.utime(path, (0, 0))
    with Profiler(run):
        train()
    assert [path for path in left if path.exists()] == []
    assert all(path.exists() for path in (young, *others))
    assert len(traces(run)) == 1


def test_nobody_waits_for_left_overs_to_be_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Queue[int]()
    monkeypatch.setattr(trace_files, "delete_left_overs", lambda *_: found.put(threading.get_ident()))
    trace_files.TraceFiles(tmp_path, "rank0").save("txt", lambda path: Path(path).write_text("x"))
    assert found.get(timeout=60) != threading.get_ident()


def test_without_a_schedule_the_whole_block_is_captured(tmp_path: Path) -> None:
    with Profiler(tmp_path, gzip=False) as profiler:
        train()
        profiler.step()
        train()
    (path,) = tmp_path.glob("*.pt.trace.json")
    assert steps_of(json.loads(path.read_text())) == ["ProfilerStep#0", "ProfilerStep#1"]


def test_modules_are_marked_by_their_places_in_captured_steps(tmp_path: Path) -> None:
    with Profiler(tmp_path, schedule=schedule(wait=1, warmup=1, active=1, repeat=1)) as profiler:
        for _ in range(4):
            train()
            profiler.step()
    events = traces(tmp_path)[0]["traceEvents"]
    marks = [event["name"] for event in events if event.get("cat") == "user_annotation" and "module" in event["name"]]
    assert marks == ["module: Sequential (Sequential)", "module: Sequential.0 (Linear)", "module: Sequential.1 (ReLU)"]
    assert not torch.nn.modules.module._global_forward_hooks, "no hooks remain"


def test_marked_modules_have_the_names_they_have_without_wrappers(tmp_path: Path) -> None:
    class Parallel(torch.nn.Module):
        def __init__(self, module: torch.nn.Module) -> None:
            super().__init__()
            self.module = module

        def forward(self, data: Any) -> Any:
            return self.module(data)

    with Profiler(tmp_path):
        Parallel(MODEL)(torch.ones(2, 4))
    names = [event["name"] for event in traces(tmp_path)[0]["traceEvents"] if "module: " in event["name"]]
    assert names == ["module: Sequential (Sequential)", "module: Sequential.0 (Linear)", "module: Sequential.1 (ReLU)"]


def test_a_module_with_a_part_called_module_is_no_wrapper(tmp_path: Path) -> None:
    class Net(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.module, self.head = torch.nn.ReLU(), torch.nn.Linear(4, 4)

        def forward(self, data: Any) -> Any:
            return self.head(self.module(data))

    with Profiler(tmp_path):
        Net()(torch.ones(2, 4))
    names = [event["name"] for event in traces(tmp_path)[0]["traceEvents"] if "module: " in event["name"]]
    assert names[0] == "module: Net (Net)"


def test_a_forward_that_raises_closes_its_marks(tmp_path: Path) -> None:
    with Profiler(tmp_path):
        with pytest.raises(RuntimeError, match="shapes"):
            MODEL(torch.ones(2, 5))
        train()
    marks = [event for event in traces(tmp_path)[0]["traceEvents"] if "module: Sequential (" in event["name"]]
    assert len(marks) == 2
    assert marks[0]["ts"] + marks[0]["dur"] <= marks[1]["ts"]


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({"RANK": "3", "WORLD_SIZE": "8"}, "rank3."),
        ({"SLURM_PROCID": "3", "SLURM_STEP_NUM_TASKS": "8"}, "rank3."),
        ({"SLURM_PROCID": "0", "SLURM_STEP_NUM_TASKS": "1"}, ""),
        ({}, ""),
    ],
)
def test_files_are_named_after_the_rank(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], name: str
) -> None:
    monkeypatch.delenv("RANK", raising=False)
    for key, value in environment.items():
        monkeypatch.setenv(key, value)
    with Profiler(tmp_path, trigger=()):
        train()
    (path,) = tmp_path.iterdir()
    assert path.name.startswith(name or f"{os.uname().nodename}_{os.getpid()}.")
    told = traces(tmp_path)[0].get("distributedInfo")
    assert told == ({"rank": 3, "world_size": 8} if name else None)


def test_the_worker_may_have_a_name(tmp_path: Path) -> None:
    with Profiler(tmp_path, worker="trainer"):
        train()
    assert next(tmp_path.iterdir()).name.startswith("trainer.")
    with pytest.raises(ValueError, match="worker"):
        Profiler(tmp_path, worker="a/b")


def until(found: Callable[[], bool], step: Callable[[], None]) -> None:
    """Go on training until something happens."""
    deadline = time.monotonic() + 20
    while not found():
        assert time.monotonic() < deadline
        step()


def captured_on_demand(tmp_path: Path, ask: Callable[[Profiler], None], **options: Any) -> list[str]:
    with Profiler(tmp_path, schedule=on_demand(active=2), **options) as profiler:

        def step() -> None:
            train()
            profiler.step()

        for _ in range(3):
            step()
        assert list(tmp_path.glob("*.gz")) == []
        ask(profiler)
        until(lambda: bool(list(tmp_path.glob("*.gz"))), step)
    (trace,) = traces(tmp_path)
    return steps_of(trace)


def test_a_file_asks_for_a_capture(tmp_path: Path) -> None:
    steps = captured_on_demand(tmp_path, lambda _: (tmp_path / "PROFILE_NOW").touch())
    assert len(steps) == 2
    assert not (tmp_path / "PROFILE_NOW").exists()


def test_a_training_tells_that_it_can_be_asked(tmp_path: Path) -> None:
    with Profiler(tmp_path, schedule=on_demand()):
        until(lambda: is_listening(tmp_path), lambda: time.sleep(0.02))
    assert not is_listening(tmp_path)
    with Profiler(tmp_path, schedule=on_demand(), trigger="signal"):
        assert not is_listening(tmp_path)
    with Profiler(tmp_path / "new" / "run", schedule=on_demand()):
        until(lambda: is_listening(tmp_path / "new" / "run"), lambda: time.sleep(0.02))


def test_a_training_that_cannot_tell_so_can_be_asked(tmp_path: Path) -> None:
    (tmp_path / "PROFILE_LISTENS").symlink_to(tmp_path / "gone" / "file")
    assert len(captured_on_demand(tmp_path, lambda _: (tmp_path / "PROFILE_NOW").touch())) == 2


def test_the_file_may_say_how_many_steps(tmp_path: Path) -> None:
    assert len(captured_on_demand(tmp_path, lambda _: (tmp_path / "PROFILE_NOW").write_text("5\n") and None)) == 5


@pytest.mark.skipif(not hasattr(signal, "SIGUSR2"), reason="this system has no SIGUSR2")
def test_a_signal_asks_for_a_capture_and_is_free_again_afterwards(tmp_path: Path) -> None:
    assert len(captured_on_demand(tmp_path, lambda _: os.kill(os.getpid(), signal.SIGUSR2))) == 2
    assert signal.getsignal(signal.SIGUSR2) == signal.SIG_DFL


def test_a_signal_that_somebody_uses_is_left_alone(tmp_path: Path) -> None:
    def theirs(*_: object) -> None:
        pass

    before = signal.signal(signal.SIGUSR2, theirs)
    try:
        with Profiler(tmp_path, schedule=on_demand()):
            assert signal.getsignal(signal.SIGUSR2) is theirs
        assert signal.getsignal(signal.SIGUSR2) is theirs
    finally:
        signal.signal(signal.SIGUSR2, before)


def test_the_program_asks_for_a_capture(tmp_path: Path) -> None:
    assert captured_on_demand(tmp_path, lambda profiler: profiler.capture(), trigger=()) == [
        "ProfilerStep#5",
        "ProfilerStep#6",
    ]


def test_captures_on_demand_come_between_those_of_the_schedule(tmp_path: Path) -> None:
    with Profiler(tmp_path, schedule=schedule(wait=6, warmup=1, active=1), trigger=()) as profiler:
        for step in range(16):
            train()
            if step == 9:
                profiler.capture(3)
            profiler.step()
    assert [steps_of(trace) for trace in traces(tmp_path)] == [
        ["ProfilerStep#7"],
        ["ProfilerStep#11", "ProfilerStep#12", "ProfilerStep#13"],
        ["ProfilerStep#15"],
    ]


def test_a_folder_that_cannot_be_written_warns_once(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file is in the way")
    with (
        pytest.warns(RuntimeWarning, match="could not be written, training goes on") as told,
        Profiler(tmp_path / "run", schedule=schedule(wait=0, warmup=1, active=1, repeat=3), trigger=()) as profiler,
    ):
        for _ in range(6):
            train()
            profiler.step()
    assert len(told) == 1


def test_a_full_disk_warns_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.profiler.profile, "export_chrome_trace", _half)
    with pytest.warns(RuntimeWarning, match="the disk may be full"), Profiler(tmp_path, trigger=()):
        train()
    assert list(tmp_path.iterdir()) == []


def _half(_: Any, path: str) -> None:
    Path(path).write_text('{"traceEvents": [{"ph": "X", "na')


def test_what_is_compressed_is_not_written_plain_into_the_runs_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []
    theirs = torch.profiler.profile.export_chrome_trace
    monkeypatch.setattr(
        torch.profiler.profile,
        "export_chrome_trace",
        lambda self, path: (written.append(Path(path)), theirs(self, path)),
    )
    for free, fails in ((8, False), (1, False), (8, True)):
        monkeypatch.setattr("shutil.disk_usage", lambda _, free=free: SimpleNamespace(free=free << 30))
        if fails:
            monkeypatch.setattr("tempfile.mkstemp", _no_room)
        with Profiler(tmp_path / "run", trigger=()):
            train()
    assert [path.parent == tmp_path / "run" for path in written] == [False, True, True], "where there is no other room"
    assert len(traces(tmp_path / "run")) == len(os.listdir(tmp_path / "run")) == 3
    assert not any(path.exists() for path in written)


def _no_room(*_: object) -> None:
    raise OSError("no space left on device")


def test_a_trace_is_written_once_whatever_comes_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    def fails(_: Any, path: str) -> None:
        written.append(path)
        raise OSError("the disk is on fire")

    monkeypatch.setattr(torch.profiler.profile, "export_chrome_trace", fails)
    with pytest.warns(RuntimeWarning, match="the disk is on fire"), Profiler(tmp_path, trigger=()):
        train()
    assert len(written) == 1 and not os.path.exists(written[0]) and list(tmp_path.iterdir()) == []


def test_a_profiler_that_cannot_start_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="colour"), Profiler(tmp_path, colour="red"):
        pass
    assert signal.getsignal(signal.SIGUSR2) == signal.SIG_DFL
    assert list(tmp_path.iterdir()) == []


def test_without_torch_the_package_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch.profiler", None)
    with pytest.raises(ImportError, match="Profiler needs PyTorch, which is not installed"):
        Profiler(tmp_path).start()


def test_torch_that_takes_no_metadata_beforehand_captures_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for one in torch.profiler.profile.__mro__:
        if "preset_metadata_json" in vars(one):
            monkeypatch.delattr(one, "preset_metadata_json")
    with Profiler(tmp_path, trigger=()):
        train()
    assert len(traces(tmp_path)) == 1


def test_an_exception_in_the_training_passes_and_what_was_captured_is_kept(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), Profiler(tmp_path):
        train()
        raise ZeroDivisionError
    assert len(traces(tmp_path)) == 1


def test_torchs_own_methods_are_there_and_the_callback_is_called(tmp_path: Path) -> None:
    tables: list[str] = []
    with Profiler(tmp_path, on_trace_ready=lambda p: tables.append(p.key_averages().table())) as profiler:
        profiler.add_metadata("model", "linear")
        train()
    assert "aten::linear" in tables[0]
    assert traces(tmp_path)[0]["model"] == "linear"
    with pytest.raises(AttributeError, match="no attribute 'colour'"):
        _ = profiler.colour


@pytest.mark.parametrize("packed", [False, True])
def test_scripts_that_save_the_trace_themselves_still_do(tmp_path: Path, packed: bool) -> None:
    handler = torch.profiler.tensorboard_trace_handler(str(tmp_path / "theirs"), use_gzip=not packed)
    with Profiler(tmp_path / "ours", on_trace_ready=handler, gzip=packed, trigger=()) as profiler:
        train()
    profiler.export_chrome_trace(tmp_path / "trace.json.gz")
    profiler.export_chrome_trace(tmp_path / "trace.json")
    (theirs,) = (tmp_path / "theirs").iterdir()
    plain = (tmp_path / "trace.json").read_bytes()
    assert steps_of(json.loads(plain)) == ["ProfilerStep#0"]
    assert gzip.decompress((tmp_path / "trace.json.gz").read_bytes()) == plain
    assert (theirs.read_bytes() if packed else gzip.decompress(theirs.read_bytes())) == plain


def test_wrong_settings_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="got wait=0, warmup=0, active=0"):
        schedule(wait=0, warmup=0, active=0)
    with pytest.raises(ValueError, match="trigger takes any of"):
        Profiler(tmp_path, trigger="network")
    with pytest.raises(TypeError, match="folder or a writer, got int"):
        Profiler(3)
    with pytest.raises(RuntimeError, match="before start"):
        Profiler(tmp_path).step()


@pytest.mark.parametrize(
    "numbers",
    [
        {"wait": 2, "warmup": 1, "active": 3, "repeat": 2},
        {"wait": 0, "warmup": 2, "active": 1, "skip_first": 3},
        {"wait": 4, "warmup": 1, "active": 2, "skip_first": 2, "skip_first_wait": 1, "repeat": 2},
    ],
)
def test_schedules_are_those_of_torch(numbers: dict[str, int]) -> None:
    ours, theirs = schedule(**numbers), torch.profiler.schedule(**numbers)
    assert [ours(step) for step in range(40)] == [theirs(step) for step in range(40)]


def test_nothing_heavy_is_loaded_before_it_is_used() -> None:
    code = (
        "import sys; from stepscope.profiler import Profiler, schedule\n"
        "Profiler('runs', schedule=schedule(wait=1, warmup=1, active=1))\n"
        "sys.exit(' '.join({'torch', 'numba', 'flask'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).stderr.strip() == b""
