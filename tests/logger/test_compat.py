"""EventAccumulator and EventMultiplexer give TensorBoard's own answers."""

from __future__ import annotations

import dataclasses
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stepscope.logger import SummaryWriter
from stepscope.logger.compat import (
    STORE_EVERYTHING_SIZE_GUIDANCE,
    EventAccumulator,
    EventMultiplexer,
    make_ndarray,
)
from stepscope.logger.proto.event_pb2 import Event, SessionLog
from stepscope.logger.records import frame
from stepscope.logger.tensors import tensor_proto

theirs = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")

REAL_RUNS = Path(__file__).parents[3] / "shared" / "real_runs"  # what users have; not on every machine
BY_TAG = (
    "Scalars", "Images", "Audio", "Histograms", "CompressedHistograms", "Tensors", "RunMetadata", "SummaryMetadata",
)  # fmt: skip
WHOLE = ("Graph", "MetaGraph", "FirstEventTimestamp", "GetSourceWriter")
FEW = {"scalars": 3, "images": 2, "audio": 1, "tensors": 2, "histograms": 3, "distributions": 2}


def plain(value: Any) -> Any:
    """Tuples and messages of either side in one form."""
    if dataclasses.is_dataclass(value):
        return [plain(getattr(value, field.name)) for field in dataclasses.fields(value)]
    if hasattr(value, "SerializeToString"):
        return value.SerializeToString(deterministic=True)
    if isinstance(value, np.floating):
        return float(value)
    return [plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def asked(method: Callable[..., Any], *arguments: Any) -> str:
    """What a method answers, or the kind of its error, as text: NaN equals NaN there."""
    try:
        return repr(plain(method(*arguments)))
    except (KeyError, ValueError) as error:
        return type(error).__name__


def assert_same(path: Path, guidance: Any = None) -> None:
    """Every method for every tag."""
    one, two = theirs.EventAccumulator(str(path), guidance), EventAccumulator(path, guidance)
    assert asked(one.FirstEventTimestamp) == asked(two.FirstEventTimestamp)  # before anything else was read
    one.Reload()
    two.Reload()
    assert_same_state(one, two)


def assert_same_state(one: Any, two: EventAccumulator) -> None:
    assert two.Tags() == one.Tags()
    for name in WHOLE:
        assert asked(getattr(two, name)) == asked(getattr(one, name)), name
    kinds = [tags for tags in one.Tags().values() if isinstance(tags, list)]
    for tag in sorted({tag for tags in kinds for tag in tags} | set(one.summary_metadata) | {"no such tag"}):
        for name in BY_TAG:
            assert asked(getattr(two, name), tag) == asked(getattr(one, name), tag), (name, tag)
    for plugin in ("scalars", "hparams", "text", "custom_scalars", "pr_curves", "no such plugin"):
        assert asked(two.PluginTagToContent, plugin) == asked(one.PluginTagToContent, plugin)
    assert two.AllSummaryMetadata().keys() == one.summary_metadata.keys()


@pytest.mark.parametrize("guidance", [None, STORE_EVERYTHING_SIZE_GUIDANCE, FEW], ids=["default", "all", "few"])
@pytest.mark.parametrize("framework", ["torch", "keras", "lightning", "tensorboardX_h16", "tf2_summary"])
def test_what_users_have(framework: str, guidance: Any) -> None:
    if not REAL_RUNS.is_dir():
        pytest.skip(f"{REAL_RUNS} is not on this machine")
    folders = {path.parent for path in (REAL_RUNS / framework).rglob("*tfevents*")}
    assert folders
    for folder in folders:
        assert_same(folder, guidance)
    assert_same(next(iter(sorted(folders)[0].glob("*tfevents*"))), guidance)  # one file


def test_arrays(tmp_path: Path) -> None:
    tensor_util = pytest.importorskip("tensorboard.util.tensor_util")
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_tensor("t", np.arange(6, dtype=np.float32).reshape(2, 3), 1)
        writer.add_text("s", "hello", 1)
    accumulator = EventAccumulator(tmp_path).Reload()
    for tag in accumulator.Tags()["tensors"]:
        (event,) = accumulator.Tensors(tag)
        np.testing.assert_array_equal(make_ndarray(event.tensor_proto), tensor_util.make_ndarray(event.tensor_proto))


def random_events(rng: random.Random) -> Iterator[Event]:
    """Everything that an event may hold, with steps that go back and sessions that start."""
    if rng.random() < 0.6:
        yield Event(wall_time=1, file_version=rng.choice(["brain.Event:2", "brain.Event:1", "nonsense"]))
    for step in range(rng.randrange(50)):
        event = Event(wall_time=rng.random(), step=rng.choice([step, step, rng.randrange(20)]))
        kind = rng.randrange(20)
        if kind == 0:
            event.session_log.status = rng.choice([SessionLog.START, SessionLog.STOP])
        elif kind == 1:
            event.graph_def = b""
        elif kind == 2:
            event.meta_graph_def = b"\x12\x00"
        elif kind == 3:
            event.tagged_run_metadata.tag = "a"
        elif kind == 4:
            event.source_metadata.writer = "w" * rng.choice([1, 200])
        else:
            random_values(rng, event)
        yield event


def random_values(rng: random.Random, event: Event) -> None:
    for _ in range(rng.choice([1, 1, 3])):
        value = event.summary.value.add(tag=rng.choice("abc"))
        kind = rng.randrange(5)
        if kind < 2:
            value.simple_value = rng.random()
        elif kind == 2:
            value.tensor.CopyFrom(tensor_proto(np.array([1.0, rng.random()])))
            value.metadata.plugin_data.plugin_name = rng.choice(["", "plugin"])
        elif kind == 3:
            histo = value.histo
            histo.min, histo.max, histo.num = -1, 2, rng.choice([0, 5])
            histo.bucket_limit.extend([0, 1, 2, 3])
            histo.bucket.extend(rng.choice([0, 1, 2]) for _ in range(4))
        else:
            value.image.width = 3


@pytest.mark.parametrize("seed", range(8))
def test_files_that_grow(tmp_path: Path, seed: int) -> None:
    """Three files one after the other, read now and then: the same choice of values, the same restarts."""
    rng = random.Random(seed)
    guidance = {**FEW, "scalars": rng.choice([0, 2, 7])}
    one, two = theirs.EventAccumulator(str(tmp_path), guidance), EventAccumulator(tmp_path, guidance)
    for number in range(3):
        with (tmp_path / f"events.out.tfevents.{number}").open("ab", buffering=0) as file:
            for event in random_events(rng):
                file.write(frame(event.SerializeToString()))
                if rng.random() < 0.1:
                    one.Reload()
                    two.Reload()
        one.Reload()
        two.Reload()
    assert_same_state(one, two)


def test_a_damaged_record_hides_no_others(tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        for step in range(9):
            writer.add_scalar("x", 1.0, step)
    (path,) = tmp_path.iterdir()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert len(EventAccumulator(tmp_path).Reload().Scalars("x")) == 8


def test_half_a_record_is_read_when_the_rest_comes(tmp_path: Path) -> None:
    event = Event(step=1)
    event.summary.value.add(tag="x", simple_value=1.0)
    record, path = frame(event.SerializeToString()), tmp_path / "events.out.tfevents.1"
    path.write_bytes(record + record[:9])
    accumulator = EventAccumulator(path).Reload()
    assert len(accumulator.Scalars("x")) == 1
    with path.open("ab") as file:
        file.write(record[9:])
    assert len(accumulator.Reload().Scalars("x")) == 2


def test_several_runs(tmp_path: Path) -> None:
    multiplexer = pytest.importorskip("tensorboard.backend.event_processing.event_multiplexer")
    for run in ("a", "b/c"):
        with SummaryWriter(str(tmp_path / run)) as writer:
            writer.add_scalar("x", 1.0, 0)
            writer.add_text("t", "text", 0)
    one = multiplexer.EventMultiplexer().AddRunsFromDirectory(str(tmp_path)).Reload()
    two = EventMultiplexer().AddRunsFromDirectory(str(tmp_path)).Reload()
    assert two.Runs() == one.Runs()
    assert two.RunPaths() == one.RunPaths()
    assert two.PluginRunToTagToContent("text") == one.PluginRunToTagToContent("text")
    for run in one.Runs():
        assert asked(two.Scalars, run, "x") == asked(one.Scalars, run, "x")
    with pytest.raises(KeyError):
        two.Scalars("no such run", "x")


def test_files_of_plugins(tmp_path: Path) -> None:
    folder = tmp_path / "plugins" / "mine"
    folder.mkdir(parents=True)
    (folder / "notes.txt").write_text("hello")
    accumulator = EventAccumulator(tmp_path)
    assert accumulator.PluginAssets("mine") == ["notes.txt"]
    assert accumulator.RetrievePluginAsset("mine", "notes.txt") == "hello"
    assert accumulator.PluginAssets("nobody's") == []
    with pytest.raises(KeyError):
        accumulator.RetrievePluginAsset("mine", "none.txt")


def test_events_are_tuples_and_for_those_who_ask_dataclasses_as_theirs(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("s", 1.5, 3, walltime=7.0)
        writer.add_histogram("h", np.arange(4.0), 3, walltime=7.0)
    one, two = theirs.EventAccumulator(str(tmp_path)), EventAccumulator(tmp_path)
    one.Reload()
    two.Reload()
    for method, tag in (("Scalars", "s"), ("Histograms", "h"), ("CompressedHistograms", "h")):
        [their], [our] = getattr(one, method)(tag), getattr(two, method)(tag)
        assert dataclasses.asdict(our) == dataclasses.asdict(their)
        assert dataclasses.astuple(our) == dataclasses.astuple(their)
        assert [field.name for field in dataclasses.fields(our)] == list(our._asdict())
        assert dataclasses.replace(our, step=4)[:2] == (7.0, 4)
    wall, step, value = two.Scalars("s")[0]
    assert (wall, step, value) == (7.0, 3, 1.5)


def test_scripts_find_the_names_of_kinds() -> None:
    from stepscope.logger import compat

    names = [name for name in dir(theirs) if name.isupper() and name != "SUMMARY_TYPES"]
    assert {name: getattr(compat, name) for name in names} == {name: getattr(theirs, name) for name in names}


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="valid string"):
        EventAccumulator("")
    with pytest.raises(OSError):
        EventAccumulator(tmp_path / "none").Reload()
    empty = EventAccumulator(tmp_path).Reload()
    with pytest.raises(ValueError, match="No event timestamp"):
        empty.FirstEventTimestamp()


def test_importing_it_loads_no_framework() -> None:
    heavy = ("torch", "tensorflow", "tensorboard", "flask", "numba", "pandas")
    code = f"import sys, stepscope.logger.compat; sys.exit(any(name in sys.modules for name in {heavy}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
