"""What routes answer about pictures: the scene with its graph, what is marked in it, a way as steps."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..json_answers import json_text
from .coloring import colorings
from .group_tree import Ints
from .naming import Difference, LogGraph, name_as_json
from .opened import OpenedGraph, Picture
from .overlays import listed_overlays
from .picture_colors import picture_colors
from .run_profiles import PROFILE
from .tree_rows import known

__all__ = ["graph_summary", "graph_title", "marked", "route_answer", "scene_answer"]

_MOST_STEPS = 1_000
_MOST_OPEN = 1_000  # ids of groups: they are in the address of the page
_MOST_NOTES = 100


def scene_answer(graph: OpenedGraph, picture: Picture, color: str | None = None) -> str:
    """JSON of a picture: the scene, the ids it was made with, its graph, and the values that colour it by `color`.

    Those of a profile are left out: reading it takes long, so the page asks for them by themselves.
    """
    told = color is not None and not color.startswith(PROFILE)
    return json_text(
        {
            "version": graph.version,
            "open": sorted(_open_groups(picture)),
            "unfold": sorted(picture.unfold),
            "graph": graph_summary(graph),
            **({"colors": picture_colors(graph, picture, color or "")} if told else {}),
            **picture.shown,
        }
    )


def _open_groups(picture: Picture) -> Collection[str]:
    """The groups that are open; those that cannot be seen only where they are few, and all could be opened."""
    is_all = len(picture.open) <= _MOST_OPEN and not picture.shown.get("refused")
    return picture.open if is_all else picture.open.intersection(picture.boxes_of_kind("open"))


def graph_summary(graph: OpenedGraph) -> dict[str, Any]:
    """What graph it is, and what can be asked about it."""
    model, sums = graph.model, graph.sums
    return {
        "g": name_as_json(graph.name),
        "title": graph_title(graph),
        "format": model.format,
        "level": model.level,
        "notes": model.notes[:_MOST_NOTES],
        "nodes": len(model.nodes),
        "edges": len(model.edges),
        "groups": len(model.groups) - 1,
        "parameters": known(sums.parameters[0]),
        "trainable": known(sums.trainable[0]),
        "flops": known(sums.flops[0]),
        "depth": int(graph.tree.depth.max()),
        "has": colorings(graph),
        "overlays": listed_overlays(graph),
    }


def graph_title(graph: OpenedGraph) -> str:
    """Its own, else that of its run; of a comparison also what is compared."""
    name, title = graph.name, graph.model.title
    if isinstance(name, Difference) and isinstance(name.a, LogGraph) and isinstance(name.b, LogGraph):
        a, b = ((one.run, one.tag or "", f"step {(one.id or '').rpartition('-')[0]}") for one in (name.a, name.b))
        differing = next((f"{one} → {other}" for one, other in zip(a, b, strict=True) if one != other), "")
        return ": ".join(filter(None, (title, differing)))
    return title or (name.run if isinstance(name, LogGraph) else "")


def marked(graph: OpenedGraph, picture: Picture, nodes: NDArray[np.bool_]) -> dict[str, Any]:
    """`{boxes, edges, nodes}`: ids of the boxes that hold any of these nodes, places of the edges between them."""
    scene, edges = picture.scene, graph.model.edges
    inner = np.unique(scene.box_of[nodes])
    of_model, of_scene = scene.edge_of
    within = nodes[edges.source[of_model]] & nodes[edges.target[of_model]]
    return {
        "boxes": [picture.ids[box] for box in inner.tolist() if box >= 0],
        "edges": np.unique(of_scene[within]).tolist(),
        "nodes": int(nodes.sum()),
    }


def route_answer(graph: OpenedGraph, picture: Picture, start: Ints, end: Ints) -> dict[str, Any]:
    """What lies between, as `marked`, and the shortest way as `steps` [{id, label, op, spec}].

    Where no way leads there, the way back is shown: `direction` is "up" then, and None where there is none either.
    """
    route, direction = graph.reach.route(start, end), "down"
    if not route.shortest:
        route, direction = graph.reach.route(end, start), "up"
    model = graph.model
    steps = [
        {
            "id": model.nodes[node].path,
            "label": model.nodes[node].name,
            "op": model.nodes[node].op,
            "spec": ", ".join(str(spec) for spec in model.nodes[node].outputs[:2]),
        }
        for node in route.shortest[:_MOST_STEPS]
    ]
    found = marked(graph, picture, route.between)
    return {**found, "direction": direction if route.shortest else None, "length": len(route.shortest), "steps": steps}
