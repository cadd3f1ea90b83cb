"""What colours a picture, told along with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stepscope.logger.graphs.builder import GraphBuilder
from stepscope.webapp.graph.naming import FileGraph
from stepscope.webapp.graph.opened import OpenedGraph
from stepscope.webapp.graph.picture_colors import picture_colors

Ask = Callable[..., Any]
OPEN = {"open": ["net/"], "fold": False}


def test_a_picture_is_coloured_by_what_suits_the_graph(ask: Ask):
    colors = ask("scene", color="", **OPEN)["colors"]
    assert (colors["by"], colors["kind"]) == ("module", "category")
    assert dict(zip(colors["ids"], colors["values"], strict=True))["net/layers.0/"] == "Layer"
    assert "colors" not in ask("scene", **OPEN)


def test_its_values_are_those_that_are_asked_for_alone(ask: Ask):
    colors = ask("scene", color="flops", **OPEN)["colors"]
    assert colors["values"] == ask("values", by="flops", ids=colors["ids"], **OPEN)["values"]
    assert "net/" not in colors["ids"]  # the frame would count what lies in it twice


def test_colours_that_cannot_be_had_leave_the_picture(ask: Ask):
    answer = ask("scene", color="table:gone", **OPEN)
    assert answer["boxes"]["id"] and answer["colors"]["problem"]
    ask("scene", 400, color=3)


def test_functions_that_are_no_modules_leave_it_at_the_operations():
    builder = GraphBuilder()
    builder.node(0, "x", "input", role="input")
    builder.node(builder.group(["while", "body"], type="while_body_12"), "sum", "AddV2")
    graph = OpenedGraph(FileGraph("hash"), builder.build("loop", "graph_def"), "version")
    assert picture_colors(graph, graph.picture(()), "")["by"] == "op"
