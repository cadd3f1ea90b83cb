"""JAX functions as graphs; where JAX is not installed, jaxprs by hand, which are read by the same attributes."""

from __future__ import annotations

import builtins
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from graph_helpers import check, edges, output, used

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.logger.graphs.jax_graphs import jaxpr_graph
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
