"""JAX functions as graphs; where JAX is not installed, jaxprs by hand, which are read by the same attributes."""

from __future__ import annotations

import builtins
import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from graph_helpers import check, edges, output, used

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.logger.graphs.jax_graphs import jaxpr_graph
from stepscope.logger.graphs.jax_modules import opened_module
from stepscope.logger.graphs.jax_values import Leaf


def var(*shape: int, dtype: str = "float32") -> Any:
    return SimpleNamespace(aval=SimpleNamespace(shape=shape, dtype=np.dtype(dtype)))


def number(value: float) -> Any:
    return SimpleNamespace(val=value, aval=SimpleNamespace(shape=(), dtype=np.dtype("float32")))


def equation(primitive: str, given: list[Any], made: list[Any], scope: str = "", **settings: Any) -> Any:
    where = SimpleNamespace(
        name_stack=scope, traceback="/venv/site-packages/jax/x.py:1 (f)\n/home/me/model.py:31:4 (call)"
    )
    return SimpleNamespace(
        primitive=SimpleNamespace(name=primitive), invars=given, outvars=made, params=settings, source_info=where
    )


def closed(inputs: list[Any], equations: list[Any], outputs: list[Any]) -> Any:
    jaxpr = SimpleNamespace(invars=inputs, constvars=[], eqns=equations, outvars=outputs)
    return SimpleNamespace(jaxpr=jaxpr, consts=[])


def test_modules_parameters_and_flops() -> None:
    x, w, h, y = var(4, 8), var(8, 16), var(4, 16), var(4, 16)
    contracted = (((1,), (0,)), ((), ()))
    made = closed(
        [w, x],
        [
            equation("dot_general", [x, w], [h], "Net/Block_0/Dense_0", dimension_numbers=contracted),
            equation("mul", [h, number(2.0)], [y], "Net/Block_0"),
        ],
        [y],
    )
    graph = jaxpr_graph(made, [Leaf("Block_0/Dense_0/kernel", "parameter"), Leaf("x", "input")], "Net")
    check(graph)
    path = "Net/Block_0/Dense_0/dot_general"
    assert edges(graph) == {("x", path), (path, "Net/Block_0/mul"), ("Net/Block_0/mul", "output_0")}
    assert used(graph, path) == {"Block_0/Dense_0/kernel": "float32 8×16"} and output(graph, path) == "float32 4×16"
    node = graph.nodes[graph.node_at[path]]
    assert node.flops == 2 * 4 * 8 * 16 and node.source == "/home/me/model.py:31"
    group = graph.groups[graph.group_at["Net/Block_0/Dense_0"]]
    assert (group.type, group.module) == ("Dense", "Block_0/Dense_0")
    assert graph.nodes[graph.node_at["Net/Block_0/mul"]].attributes["input 1"] == 2.0


def test_calls_loops_and_branches() -> None:
    x, a, b, c, s, t = (var(2) for _ in range(6))
    inner = closed([a], [equation("sin", [a], [b]), equation("cos", [b], [c])], [c])
    body = closed([s], [equation("add", [s, s], [t])], [t])
    called, looped, chosen = var(2), var(2), var(2)
    made = closed(
        [x],
        [
            equation("pjit", [x], [called], name="f", jaxpr=inner),
            equation("scan", [called], [looped], jaxpr=body, length=3),
            equation("cond", [x, looped], [chosen], branches=(body, inner)),
        ],
        [chosen],
    )
    graph = jaxpr_graph(made)
    check(graph)
    assert {("input_0", "f/sin"), ("f/sin", "f/cos"), ("f/cos", "scan"), ("f/cos", "scan/body/add")} <= edges(graph)
    assert {("scan", "cond/branches_0/add"), ("cond/branches_1/cos", "cond"), ("cond", "output_0")} <= edges(graph)


def test_a_jaxpr_is_logged(tmp_path: Path) -> None:
    x, y = var(2), var(2)
    made = closed([x], [equation("neg", [x], [y])], [y])
    with SummaryWriter(tmp_path) as writer:
        writer.add_jax_graph(made, tag="model", step=3)
    log = open_logdir(tmp_path, index_dir=False)
    assert {node.op for node in log.graph(".", "model", 3).nodes} == {"neg", "input", "output"}


def test_jax_is_asked_for_where_it_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "jax", None)
    with SummaryWriter(tmp_path) as writer:
        with pytest.raises(ModuleNotFoundError, match="needs the package jax"):
            writer.add_jax_graph(builtins.abs, 1)
        with pytest.raises(TypeError, match=r"expected a function, or what jax\.make_jaxpr gave, got int"):
            writer.add_jax_graph(5)


def test_functions_are_traced(tmp_path: Path) -> None:
    jax = pytest.importorskip("jax", reason="JAX is not installed")

    def loss(params: Any, batch: Any) -> Any:
        with jax.named_scope("net"):
            hidden = jax.nn.relu(batch["x"] @ params["dense"]["kernel"])
        return jax.lax.fori_loop(0, 3, lambda _, value: value + 1, hidden).sum()

    params, batch = {"dense": {"kernel": np.ones((4, 3), np.float32)}}, {"x": np.ones((2, 4), np.float32)}
    with SummaryWriter(tmp_path) as writer:
        writer.add_jax_graph(loss, params, batch)
        writer.add_jax_graph(jax.grad(loss), params, batch, tag="gradient")
    graph = open_logdir(tmp_path, index_dir=False).graph(".", "graph")
    check(graph)
    assert used(graph, "net/dot_general") == {"dense/kernel": "float32 4×3"}
    assert ("batch.x", "net/dot_general") in edges(graph) and graph.title == "loss"
    assert graph.nodes[graph.node_at["net/dot_general"]].flops == 2 * 2 * 4 * 3


def test_modules_of_flax_are_scopes_with_their_parameters(tmp_path: Path) -> None:
    jax = pytest.importorskip("jax", reason="JAX is not installed")
    nnx = pytest.importorskip("flax.nnx", reason="Flax is not installed")
    net = nnx.Sequential(nnx.Linear(4, 3, rngs=nnx.Rngs(0)), nnx.BatchNorm(3, rngs=nnx.Rngs(0)))
    for name, function in (("module", net), ("method", net.__call__)):
        with SummaryWriter(tmp_path / name) as writer:
            writer.add_jax_graph(function, jax.numpy.ones((2, 4)))
        graph = open_logdir(tmp_path / name, index_dir=False).graph(".")
        assert graph.title == "Sequential"
        assert [group.module for group in graph.groups[1:]] == ["layers.0", "layers.1"]
        kinds = {parameter.name: parameter.kind for parameter in graph.parameters}
        assert kinds["layers.0/kernel"] == "parameter" and kinds["layers.1/mean"] == "buffer"
        assert used(graph, "layers.0/dot_general") == {"layers.0/kernel": "float32 4×3"}


def test_variables_of_flax_that_hold_several_arrays_or_none(tmp_path: Path) -> None:
    jax = pytest.importorskip("jax", reason="JAX is not installed")
    nnx = pytest.importorskip("flax.nnx", reason="Flax is not installed")

    class Net(nnx.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            self.a = nnx.Variable({name: jax.numpy.ones(2) for name in "xyz"})
            self.b = nnx.Variable(None)
            self.w = nnx.Param(jax.numpy.ones((4, 3)))

        def __call__(self, x: Any) -> Any:
            return x @ self.w[...]

    with SummaryWriter(tmp_path) as writer:
        writer.add_jax_graph(Net(), jax.numpy.ones((2, 4)))
    graph = open_logdir(tmp_path, index_dir=False).graph(".")
    assert used(graph, "dot_general") == {"w": "float32 4×3"}


class FakeModule:
    """As flax.nnx has them: a tree of objects that hold arrays."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __call__(self, scopes: list[str]) -> list[str]:
        return [*scopes, f"{self.number} in {'/'.join(SCOPES)}"]


class FakeNet(FakeModule):
    def __call__(self, scopes: list[str]) -> list[str]:
        return self.inner(self.inner(scopes))  # type: ignore[attr-defined, no-any-return]


SCOPES: list[str] = []


@contextlib.contextmanager
def fake_scope(name: str) -> Iterator[None]:
    SCOPES.append(name)
    yield
    SCOPES.pop()


def test_a_module_is_called_with_its_arrays_in_scopes_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def merge(_: Any, arrays: list[int]) -> FakeNet:
        net = FakeNet(arrays[0])
        net.inner = FakeModule(arrays[1])  # type: ignore[attr-defined]
        return net

    keys = [[SimpleNamespace(key="scale")], [SimpleNamespace(key="blocks"), SimpleNamespace(key=0)]]
    nnx = SimpleNamespace(Module=FakeModule, Variable=int, Param=bool, split=lambda one: (None, [one.number, True]))
    nnx.merge, nnx.iter_modules = merge, lambda net: [((), net), (("blocks", 0), net.inner)]
    tree = SimpleNamespace(tree_flatten_with_path=lambda state, is_leaf: (list(zip(keys, state, strict=True)), None))
    tree.tree_leaves = lambda one: [one]
    tree.tree_flatten, tree.tree_unflatten = lambda state: (state, None), lambda _, arrays: arrays
    monkeypatch.setitem(sys.modules, "flax.nnx", nnx)  # type: ignore[misc]
    opened = opened_module(SimpleNamespace(tree_util=tree, named_scope=fake_scope), FakeNet(7))
    assert opened is not None and opened.leaves == [Leaf("scale", "buffer"), Leaf("blocks.0", "parameter")]
    assert opened.function([7, 8], []) == ["8 in blocks.0", "8 in blocks.0"]
    assert FakeModule(3)([]) == ["3 in "], "its class is as before"
    assert opened_module(None, builtins.abs) is None
