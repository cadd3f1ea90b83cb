"""add_scalar and its relatives: values of any kind, steps, times, styles, and what goes wrong."""

from __future__ import annotations

import json
import math
import time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest
import torch
from writer_helpers import accumulated, event_files, events, only_value, points, run_script

from stepscope.logger import SummaryWriter
from stepscope.logger.tensors import tensor_array


class Duck:
    """A value of a framework we have never heard of."""

    def __init__(self, **methods) -> None:
        for name, result in methods.items():
            setattr(type(self), name, lambda self, *_, result=result, **__: result)


# kind: (value, what is stored)
NUMBERS = {
    "int": (3, 3),
    "bool": (True, 1),
    "large int": (10**400, math.inf),
    "float32": (np.float32(0.1), 0.1),
    "float16": (np.float16(0.5), 0.5),
    "int8": (np.int8(-4), -4),
    "bool_": (np.bool_(True), 1),
    "uint64": (np.uint64(2**63), 2.0**63),
    "0-d": (np.array(2.5), 2.5),
    "0-d bool": (np.array(True), 1),
    "0-d large": (np.array(10**400, object), math.inf),
    "one element": (np.array([[2.5]]), 2.5),
    "bfloat16": (ml_dtypes.bfloat16(1.5), 1.5),
    "bfloat16 array": (np.array([1.5], ml_dtypes.bfloat16), 1.5),
    "tensor": (torch.tensor(1.25), 1.25),
    "tensor of one": (torch.tensor([[1.25]]), 1.25),
    "tensor with gradient": (torch.tensor(1.25, requires_grad=True), 1.25),
    "tensor of halves": (torch.tensor(1.25, dtype=torch.bfloat16), 1.25),
    "tensor of ints": (torch.tensor(7), 7),
    "tensor of bools": (torch.tensor(True), 1),
    "parameter": (torch.nn.Parameter(torch.tensor([3.0])), 3),
    "sparse tensor": (torch.tensor([1.25]).to_sparse(), 1.25),
    "Decimal": (Decimal("1.5"), 1.5),
    "Fraction": (Fraction(1, 4), 0.25),
    "large Fraction": (Fraction(-(10**400)), -math.inf),
    "list of one": ([2.5], 2.5),
    "nan": (math.nan, math.nan),
    "inf": (math.inf, math.inf),
    "-inf": (np.float32(-np.inf), -math.inf),
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_any_single_number(tmp_path: Path, kind: str) -> None:
    given, want = NUMBERS[kind]
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("x", given, 1)
    ((step, value),) = points(tmp_path, "x")
    assert step == 1
    assert value == np.float32(want) or (math.isnan(value) and math.isnan(want))


@pytest.mark.parametrize("methods", [{"item": 2.5}, {"__float__": 2.5}, {"__array__": np.array([2.5])}])
def test_numbers_of_unknown_frameworks(tmp_path: Path, methods: dict) -> None:
    value = type("Value", (Duck,), {})(**methods)
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("x", value, 1)
    assert points(tmp_path, "x") == [(1, 2.5)]


@pytest.mark.parametrize(
    ("value", "error", "sentence"),
    [
        (np.zeros(3), ValueError, r"^add_scalar\('loss'\): expected one number, got an array of shape \(3,\)$"),
        (torch.zeros(2, 2), ValueError, r"got an array of shape \(2, 2\)$"),
        (torch.zeros(0), ValueError, r"got an array of shape \(0,\)$"),
        ([1, 2], TypeError, r"got a list of 2$"),
        ("0.5", TypeError, r"got the string '0.5'$"),
        (None, TypeError, "got None$"),
        (1j, TypeError, "got the complex number 1j$"),
        (np.array(1j), TypeError, "complex128$"),
        (torch.tensor(1j), TypeError, "complex64$"),
        (np.array("a"), TypeError, "got an array of shape"),
        (torch.zeros(1, device="meta"), TypeError, "meta device, which holds no values"),
        ({"a": 1}, TypeError, "got a dict of 1"),
        (object(), TypeError, "got object$"),
    ],
)
def test_what_is_no_number_is_said_at_the_call(tmp_path: Path, value, error: type[Exception], sentence: str) -> None:
    with SummaryWriter(tmp_path) as writer:
        with pytest.raises(error, match=sentence):
            writer.add_scalar("loss", value, 1)
        writer.add_scalar("loss", 1.0, 2)
    assert points(tmp_path, "loss") == [(2, 1.0)]


def test_the_tag_must_be_a_string(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        with pytest.raises(TypeError, match=r"add_scalar\(7\): the tag must be a str, got int"):
            writer.add_scalar(7, 1.0, 1)
        with pytest.raises(TypeError, match="add_image"):
            writer.add_image(None, np.zeros((3, 2, 2)))


@pytest.mark.parametrize("tag", ["a/b c", "ü/β/日本", "", "<img src=x onerror=alert(1)>", "x" * 5000, "back\\slash"])
def test_tags_are_kept_as_they_are(tmp_path: Path, tag: str) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar(tag, 1.0, 1)
        writer.add_histogram(tag, np.ones(3), 1)
    assert [value.tag for event in events(tmp_path) for value in event.summary.value] == [tag, tag]


@pytest.mark.parametrize(
    ("step", "want"),
    [
        (None, 0),
        (5, 5),
        (-3, -3),
        (2**63 - 1, 2**63 - 1),
        (-(2**63), -(2**63)),
        (np.int32(7), 7),
        (np.array(7), 7),
        (np.array([7]), 7),
        (torch.tensor(7), 7),
        (torch.tensor(7.0), 7),
        (3.9, 3),
        (True, 1),
    ],
)
def test_steps(tmp_path: Path, step, want: int) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("x", 1.0, step)
        writer.add_text("t", "text", step)
    assert [event.step for event in events(tmp_path)[1:]] == [want, want]


@pytest.mark.parametrize(
    ("step", "error", "sentence"),
    [("seven", TypeError, "global_step must be an integer, got the string 'seven'"), (2**63, ValueError, "64 bits")],
)
def test_steps_that_are_none(tmp_path: Path, step, error: type[Exception], sentence: str) -> None:
    with SummaryWriter(tmp_path) as writer, pytest.raises(error, match=rf"add_scalar\('x'\): .*{sentence}"):
        writer.add_scalar("x", 1.0, step)


def test_wall_time_is_now_or_as_given(tmp_path: Path) -> None:
    before = time.time()
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("x", 1.0, 1)
        writer.add_scalar("x", 1.0, 2, 12.5)
        writer.add_scalar("x", 1.0, 3, walltime=np.float64(13.5))
    now, given, also_given = (event.wall_time for event in events(tmp_path)[1:])
    assert before <= now <= time.time()
    assert (given, also_given) == (12.5, 13.5)


def test_double_precision_is_kept_and_visible(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("x", math.pi, 3, double_precision=True)
        writer.add_scalar("x", 1e300, 4, None, True, True)
    read = [tensor_array(value.tensor).item() for event in events(tmp_path) for value in event.summary.value]
    assert read == [math.pi, 1e300]
    theirs = accumulated(tmp_path)
    assert [event.tensor_proto.dtype for event in theirs.Tensors("x")] == [2, 2]
    assert theirs.SummaryMetadata("x").plugin_data.plugin_name == "scalars"


def test_new_style_has_metadata(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("x", 0.1, 3, new_style=True, display_name="X", summary_description="**bold**")
    value = only_value(tmp_path, "x")
    assert tensor_array(value.tensor) == np.float32(0.1)
    assert (value.metadata.display_name, value.metadata.summary_description) == ("X", "**bold**")


def test_tensorboardx_puts_the_texts_fifth_and_sixth(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("x", 0.1, 3, None, "shown", "said")
    value = only_value(tmp_path, "x")
    assert (value.metadata.display_name, value.metadata.summary_description) == ("shown", "said")
    assert tensor_array(value.tensor).dtype == np.float32


def test_add_scalars_makes_runs_as_torch_does(tmp_path: Path) -> None:
    from torch.utils.tensorboard import SummaryWriter as TorchWriter

    for folder, kind in (("ours", SummaryWriter), ("theirs", TorchWriter)):
        with kind(str(tmp_path / folder)) as writer:
            writer.add_scalars("loss/all", {"train": 1, "val/x": np.float32(2)}, 7)
            writer.add_scalars("loss/all", {"train": 3.0}, 8)
    ours, theirs = (
        {path.parent.relative_to(tmp_path / name) for path in event_files(tmp_path / name)}
        for name in ("ours", "theirs")
    )
    assert ours == theirs
    assert points(tmp_path / "ours" / "loss_all_train", "loss/all") == [(7, 1.0), (8, 3.0)]


def test_add_scalars_in_one_run(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalars("loss", {"train": 1.0, "val": 2.0}, 7, sub_runs=False)
    assert len(event_files(tmp_path)) == 1
    assert points(tmp_path, "loss/train") == [(7, 1.0)] and points(tmp_path, "loss/val") == [(7, 2.0)]


def test_add_scalars_checks_all_before_it_writes(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        with pytest.raises(TypeError, match=r"add_scalars\('loss'\), 'b': expected one number, got None"):
            writer.add_scalars("loss", {"a": 1.0, "b": None}, 1)
        with pytest.raises(TypeError, match="expected a dict"):
            writer.add_scalars("loss", [1.0], 1)
    assert len(event_files(tmp_path)) == 1


def test_defaults_for_steps_and_times(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        with writer.use_metadata(global_step=7, walltime=99.5):
            writer.add_scalar("x", 1.0)
            writer.add_scalar("x", 2.0, 8)
            writer.add_text("t", "text")
            writer.add_scalars("several", {"a": 1.0})
        writer.add_scalar("x", 3.0)
    inside = [(event.step, event.wall_time) for event in events(tmp_path) if event.HasField("summary")][:3]
    assert inside == [(7, 99.5), (8, 99.5), (7, 99.5)]
    assert points(tmp_path, "x")[-1] == (0, 3.0)
    assert points(tmp_path / "several_a", "several") == [(7, 1.0)]


def test_scalars_as_json(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "log") as writer:
        writer.add_scalar("x", 0.5, 1, 10.0)
        writer.close()
        writer.add_scalar("x", 1.5, 2, 11.0)
        writer.add_scalars("many", {"a": 2.5}, 3, 12.0)
        writer.export_scalars_to_json(tmp_path / "out.json")
    log = tmp_path / "log"
    assert json.loads((tmp_path / "out.json").read_text()) == {
        f"{log}/x": [[10.0, 1, 0.5], [11.0, 2, 1.5]],
        f"{log}/many_a/many": [[12.0, 3, 2.5]],
    }


def test_a_hundred_thousand_scalars_are_all_there_in_order(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        for step in range(100_000):
            writer.add_scalar("x", step * 0.5, step)
    assert points(tmp_path, "x") == [(step, step * 0.5) for step in range(100_000)]


def test_jax_and_tensorflow_values_where_installed(tmp_path: Path) -> None:
    """Both are large; the test runs where either is present."""
    found = run_script(
        """
        import importlib.util, sys
        from stepscope.logger import SummaryWriter
        installed = [name for name in ("jax", "tensorflow") if importlib.util.find_spec(name)]
        with SummaryWriter(sys.argv[1]) as writer:
            if "jax" in installed:
                import jax.numpy as jnp
                writer.add_scalar("jax", jnp.float32(1.5), 1)
                writer.add_scalar("jax", jnp.array([1.5], jnp.bfloat16), jnp.array(2))
                writer.add_histogram("jax/h", jnp.arange(10, dtype=jnp.bfloat16), 1)
            if "tensorflow" in installed:
                import tensorflow as tf
                writer.add_scalar("tensorflow", tf.constant(1.5), 1)
                writer.add_scalar("tensorflow", tf.Variable([1.5], dtype=tf.bfloat16), tf.constant(2))
                writer.add_image("tensorflow/i", tf.random.uniform([3, 4, 4]))
        print(*installed)
        """,
        tmp_path,
    )
    assert found.returncode == 0, found.stderr
    if not found.stdout.split():
        pytest.skip("neither jax nor tensorflow is installed")
    for framework in found.stdout.split():
        assert points(tmp_path, framework) == [(1, 1.5), (2, 1.5)]
