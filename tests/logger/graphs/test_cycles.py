"""Nodes that need themselves are told of; loops that are meant to lead back are not."""

from __future__ import annotations

import random

from graph_helpers import graph_def

from stepscope.logger.graphs.read_graph_def import read_graph_def


def _cycles(*nodes: tuple[str, str, list[str]]) -> list[str]:
    notes = read_graph_def(graph_def(*nodes).SerializeToString()).notes
    return [note for note in notes if " themsel" in note or " itself" in note]


def test_a_way_round_is_shown():
    assert _cycles(("x", "A", []), ("a", "A", ["x", "c"]), ("b", "A", ["a"]), ("c", "A", ["b"]), ("y", "A", ["c"])) == [
        "3 nodes need themselves, edges back are drawn as they are: 'a' → 'b' → 'c' → 'a'."
    ]
    assert _cycles(("a", "A", ["a"])) == ["1 node needs itself, edges back are drawn as they are: 'a' → 'a'."]


def test_what_lies_between_two_cycles_is_in_none():
    nodes = [("a", ["b"]), ("b", ["a"]), ("c", ["b"]), ("d", ["c"]), ("e", ["d", "f"]), ("f", ["e"]), ("g", ["g", "f"])]
    assert _cycles(*((name, "A", inputs) for name, inputs in nodes)) == [
        "5 nodes need themselves, edges back are drawn as they are: 'a' → 'b' → 'a'."
    ]


def test_a_long_way_round_is_cut():
    (note,) = _cycles(*((f"n{at}", "A", [f"n{(at - 1) % 5_000}"]) for at in range(5_000)))
    assert note.startswith("5,000 nodes") and note.endswith("'n4' → … → 'n0'.")


def test_nodes_in_any_order_without_a_way_round_are_no_cycle():
    nodes = [(f"n{at}", "A", [f"n{max(0, at - 1)}", f"n{at // 2}"] if at else []) for at in range(500)]
    random.Random(3).shuffle(nodes)
    assert not _cycles(*nodes)


def test_loops_of_the_first_tensorflow_lead_back_as_they_should():
    loop = [
        ("enter", "Enter", []),
        ("merge", "Merge", ["enter", "next"]),
        ("switch", "Switch", ["merge"]),
        ("body", "MatMul", ["switch:1"]),
        ("next", "NextIteration", ["body"]),
    ]
    assert not _cycles(*loop)
    assert _cycles(*loop, ("a", "A", ["b"]), ("b", "A", ["a"]))[0].startswith("2 nodes need themselves")
