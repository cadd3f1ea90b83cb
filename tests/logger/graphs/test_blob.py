"""Graphs as bytes and back; damaged bytes are refused."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from stepscope.logger.graphs import blob, blob_checks
from stepscope.logger.graphs.blob import decode, encode
from stepscope.logger.graphs.builder import GraphBuilder
from stepscope.logger.graphs.model import GraphModel, Parameter, TensorSpec


def a_graph(blocks: int = 2) -> GraphModel:
    builder = GraphBuilder()
    builder.notes.append("Made by hand.")
    spec = TensorSpec("float32", (32, "batch", None), "cuda:0")
    last = builder.node(0, "x", "input", role="input", outputs=(spec,))
    for block in range(blocks):
        group = builder.group(["net", f"layers.{block}"], type="Block", module=f"net.{block}", call=1, source="m.py:3")
        weight = builder.parameter(Parameter(f"layers.{block}.weight", TensorSpec("bfloat16", (3, 4)), "buffer", False))
        told = {"flops": 12.5, "time": 1e-6, "memory": 7, "device": "cpu", "source": "m.py:4"}
        for name in ("linear", "a/b"):
            node = builder.node(group, name, name, outputs=(spec, TensorSpec()), parameters=(weight,), **told)
            builder.nodes[node].attributes = {"p": 0.5, "nested": {"list": [1, None, True, "é"]}, "block": block}
            builder.edge(last, node, 1, 2, control=block == 1)
            last = node
    return builder.build("Net", "stepscope", "functions")


def test_everything_comes_back() -> None:
    graph = a_graph()
    other = decode(encode(graph))
    assert (other.title, other.format, other.level, other.notes) == ("Net", "stepscope", "functions", ["Made by hand."])
    assert other.groups == graph.groups and other.nodes == graph.nodes and other.parameters == graph.parameters
    for name in ("source", "target", "output", "input", "control"):
        assert getattr(other.edges, name).tolist() == getattr(graph.edges, name).tolist()
        assert getattr(other.edges, name).dtype == getattr(graph.edges, name).dtype


def test_attributes_that_json_does_not_know_become_text() -> None:
    builder = GraphBuilder()
    builder.node(0, "a", "a", attributes={"inf": float("inf"), "set": {1}, "type": object}, flops=float("nan"))
    (node,) = decode(encode(builder.build("", "", ""))).nodes
    assert node.attributes == {"inf": "inf", "set": [1], "type": str(object)} and node.flops is None


def test_ten_thousand_nodes_are_small_and_quick() -> None:
    data = encode(a_graph(5_000))
    assert len(data) < 300_000
    start = time.process_time()
    assert len(decode(data).nodes) == 10_001
    assert time.process_time() - start < 1, "0.05 s where nothing else runs"


MARK = encode(a_graph()).split(b"\n")[0] + b"\n"


def with_change(change: Callable[[Any], None]) -> bytes:
    content = json.loads(zlib.decompress(encode(a_graph())[len(MARK) :]))
    change(content)
    return MARK + zlib.compress(json.dumps(content).encode())


DAMAGE: dict[str, Callable[[Any], Any]] = {
    "strings": lambda content: content.pop("strings"),
    "level": lambda content: content.update(level=3),
    "'op' of 'nodes'": lambda content: content["nodes"]["op"].__setitem__(0, 10**6),
    "'name' of 'nodes'": lambda content: content["nodes"]["name"].__setitem__(0, 5),
    "equally long": lambda content: content["nodes"]["op"].append(0),
    "'nodes' is missing": lambda content: content.update(nodes=[]),
    "'outputs' names": lambda content: content["outputs"].append([99]),
    "no tensor": lambda content: content["specs"].append([0, "ab", 0]),
    "an edge leads": lambda content: content["edges"]["back"].__setitem__(0, -1000),
    "before its parent": lambda content: content["groups"]["parent"].__setitem__(1, 2),
    "not the root": lambda content: content["groups"]["parent"].__setitem__(0, 0),
}


@pytest.mark.parametrize("words", DAMAGE)
def test_damage_is_told(words: str) -> None:
    with pytest.raises(ValueError, match=words):
        decode(with_change(DAMAGE[words]))


def test_other_bytes_are_told_too() -> None:
    data = encode(a_graph())
    for wrong, words in (
        (b"", "does not begin"),
        (data[:-9], "ends too early"),
        (MARK + b"x" * 50, "damaged"),
        (MARK + zlib.compress(b"[]"), "got list"),
        (MARK + zlib.compress(b"[" * 100_000), "too deep"),
        (MARK + zlib.compress(b"{"), "Expecting"),
        (MARK + zlib.compress(b"[" + b"[]," * 8_000_000 + b"[]]"), "8,000,002 lists and objects; at most 8,000,000"),
    ):
        with pytest.raises(ValueError, match=words):
            decode(wrong)


def test_groups_nested_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blob, "_MOST_PATHS", 10_000)
    builder = GraphBuilder()
    builder.group(["a"] * 200)
    with pytest.raises(ValueError, match="its paths have more than"):
        decode(encode(builder.build("", "", "")))


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blob_checks, "_MOST_BYTES", 1 << 20)
    with pytest.raises(ValueError, match="unpacks to more than 1 MiB"):
        decode(MARK + zlib.compress(b" " * (1 << 21)))
