"""Edges that lead back do not blow a picture up."""

from __future__ import annotations

import random

import pytest

from stepscope.logger.graphs.builder import GraphBuilder
from stepscope.webapp.graph.scene import make_scene


def _width(seed: int, backwards: int) -> int:
    """Of the picture of 120 operations with so many edges back."""
    chance, builder = random.Random(seed), GraphBuilder()
    nodes = [builder.node(0, f"n{place}", f"op{place}") for place in range(120)]
    for place in range(1, len(nodes)):
        for source in chance.sample(range(max(0, place - 25), place), min(place, 2)):
            builder.edge(nodes[source], nodes[place])
    for _ in range(backwards):
        above, below = sorted(chance.sample(nodes, 2))
        builder.edge(below, above)
    return make_scene(builder.build("cyclic", "graph_def"), []).size[0]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ways_back_run_beside_the_boxes(seed: int):
    assert _width(seed, 30) < 2.5 * _width(seed, 0)  # three to seven times as wide where nothing draws them nearer
