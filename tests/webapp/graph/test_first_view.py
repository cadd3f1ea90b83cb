"""What is open before anybody chose."""

from __future__ import annotations

from itertools import pairwise

from graph_logs import layered_model

from stepscope.logger.graphs.builder import GraphBuilder
from stepscope.logger.graphs.model import GraphModel
from stepscope.webapp.graph.naming import FileGraph
from stepscope.webapp.graph.opened import OpenedGraph, Picture, kept_pictures
from stepscope.webapp.graph.viewing import find_picture, parse_view


def _first_view(model: GraphModel) -> Picture:
    return find_picture(OpenedGraph(FileGraph("hash"), model, "version"), parse_view({}))


def _scope(operations: int) -> GraphModel:
    """All in one scope, no two operations alike."""
    builder = GraphBuilder()
    scope = builder.group(["whole", "network"])
    nodes = [builder.node(scope, f"part {place}", f"op {place}") for place in range(operations)]
    for source, target in pairwise(nodes):
        builder.edge(source, target)
    return builder.build("scope", "graph_def")


def test_the_group_that_is_nearly_all_there_is_is_open_though_it_is_large():
    picture = _first_view(_scope(150))
    assert {"whole/", "whole/network/"} <= picture.open
    assert len(picture.ids) == 152


def test_of_thousands_in_one_scope_the_sections_are_seen():
    picture = _first_view(_scope(2_500))
    assert "whole/network/" in picture.open
    assert len(picture.boxes_of_kind("section")) > 5


def test_one_fold_alone_is_spread_out():
    builder = GraphBuilder()
    for tower in range(4):
        group = builder.group([f"tower{tower}"])
        for place in range(60):
            builder.node(group, f"{place}", "matmul")
    picture = _first_view(builder.build("towers", "graph_def"))
    assert {f"tower{tower}/" for tower in range(4)} <= set(picture.ids)


def test_repeats_between_others_stay_one_box():
    assert len(_first_view(layered_model(50)).boxes_of_kind("fold")) >= 1


def test_a_graph_of_nothing_has_an_empty_picture():
    assert not _first_view(GraphBuilder().build("", "graph_def")).ids


def test_the_first_view_is_found_without_drawing_others():
    drawn = kept_pictures()
    find_picture(OpenedGraph(FileGraph("hash"), layered_model(30, 3), "version", pictures=drawn), parse_view({}))
    assert len(drawn.values()) == 1


def test_what_folds_to_a_few_boxes_fits():
    builder = GraphBuilder()
    group = builder.group(["stack"])
    for place in range(500):
        builder.node(builder.group(["stack", f"layer.{place}"], type="Layer"), "mul", "mul")
        builder.node(builder.group(["stack", f"layer.{place}"]), "add", "add")
    builder.node(group, "last", "sum")
    builder.node(0, "input", "input", role="input")
    picture = _first_view(builder.build("stack", "stepscope"))
    assert "stack/" in picture.open and picture.boxes_of_kind("fold")
