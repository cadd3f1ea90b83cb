"""A graph with what is worked out about it when it is first asked for, and its last pictures."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ...logger.garbage import without_collecting
from ...logger.graphs.model import GraphModel
from ..kept import Kept
from .categories import NodeCategories
from .diffing import Comparison
from .group_tree import GroupTree, Ints
from .measured import Measured
from .named_parts import NamedParts
from .naming import Name
from .outline import Outline
from .scene import Scene, SceneCache, as_json, make_scene
from .search import SearchIndex
from .statuses import box_statuses, line_statuses
from .sums import Sums, group_sums
from .tracing import Reach

__all__ = ["OpenedGraph", "Picture", "kept_pictures"]

_MOST_BOXES = 20_000  # in all pictures; about three kilobytes each
_LARGE = 20_000  # in nodes; smaller graphs are made ready for searching within a search
_LATER = 1.5  # s
_DEEPEST = 100  # group that can be open: frames within frames beyond that are too small to be seen


@dataclass(frozen=True)
class Picture:
    """A scene and its JSON; the others say what it was made with."""

    scene: Scene
    shown: Mapping[str, Any]
    open: frozenset[str]
    unfold: frozenset[str]
    fold: bool  # whether what repeats is one box

    @property
    def ids(self) -> Sequence[str]:
        """The ids of its boxes."""
        ids: Sequence[str] = self.shown["boxes"]["id"]
        return ids

    @cached_property
    def box_at(self) -> dict[str, int]:
        """The place of the box of each id."""
        return {name: place for place, name in enumerate(self.ids)}

    def boxes_of_kind(self, *kinds: str) -> list[str]:
        """The ids of the boxes of these kinds."""
        boxes = self.shown["boxes"]
        return [name for name, kind in zip(boxes["id"], boxes["kind"], strict=True) if kind in kinds]


def kept_pictures() -> Kept[Picture]:
    """Room for the last pictures of all graphs."""
    return Kept(_MOST_BOXES, lambda picture: len(picture.ids) + 10)


class OpenedGraph:
    """A graph that requests ask about. For any thread.

    name        how it can be named again, with the value that the newest one was
    version     names its content
    comparison  of two graphs as one: what became of each part
    pictures    where its pictures are kept beside those of other graphs
    measured    what it can be coloured by beside what is in it
    """

    def __init__(
        self,
        name: Name,
        model: GraphModel,
        version: str,
        comparison: Comparison | None = None,
        pictures: Kept[Picture] | None = None,
        measured: Measured | None = None,
    ) -> None:
        self.name, self.model, self.version = name, model, version
        self.comparison = comparison
        self.measured = measured or Measured()
        self._scenes = SceneCache()
        self._layout = threading.Lock()  # one picture at a time: they share the layouts of their groups
        self._pictures = kept_pictures() if pictures is None else pictures

    @property
    def weight(self) -> int:
        """How much memory it takes, in nodes."""
        return len(self.model.nodes) + len(self.model.groups) + len(self.model.edges) // 8 + 1_000

    @cached_property
    def tree(self) -> GroupTree:
        """What lies below what."""
        return GroupTree(self.model)

    @cached_property
    def sums(self) -> Sums:
        """What each group holds."""
        return group_sums(self.model, self.tree) if self.comparison is None else self.comparison.sums

    @cached_property
    def categories(self) -> NodeCategories:
        """What kinds of nodes there are."""
        return NodeCategories(self.model, None if self.comparison is None else self.comparison.status)

    @cached_property
    def names(self) -> NamedParts:
        """What names its parts have."""
        return NamedParts(self.model)

    @cached_property
    def index(self) -> SearchIndex:
        """What is searched."""
        return SearchIndex(self.model)

    @cached_property
    def reach(self) -> Reach:
        """What is connected."""
        return Reach(self.model.edges, len(self.model.nodes))

    def picture(self, open: Iterable[str], unfold: Iterable[str] = (), fold: bool = True) -> Picture:
        """The scene with these groups open and these folds unfolded; ids that are no groups are passed over."""
        places = {name: self.model.group_at.get(name[:-1]) for name in open if name.endswith("/")}
        groups = frozenset(name for name, place in places.items() if place and self.tree.depth[place] <= _DEEPEST)
        folds = frozenset(unfold)

        def draw() -> Picture:
            with self._layout, without_collecting():
                scene = make_scene(self.model, groups, folds, fold=fold, cache=self._scenes)
            return Picture(scene, self._shown(scene), groups, folds, fold)

        return self._pictures.get((self.version, groups, folds, fold), draw)

    def _shown(self, scene: Scene) -> dict[str, Any]:
        shown = as_json(scene)
        if self.comparison is not None:
            shown["boxes"]["status"] = box_statuses(scene, self.comparison)
            shown["edges"]["status"] = line_statuses(scene, self.comparison)
        return shown

    def prepare_search(self) -> None:
        """Make what searching a large graph needs, once, on a thread of its own, when the first questions are over."""
        if self.weight > _LARGE and "index" not in self.__dict__:
            later = threading.Timer(_LATER, self.index.prepare)
            later.daemon = True
            later.start()

    def outline(self, fold: bool) -> Outline:
        """What lies in what in its pictures."""
        with self._layout, without_collecting():
            return self._scenes.layouts(self.model, fold=fold).outline

    def around(self, name: str, fold: bool) -> list[str]:
        """The ids of the groups, folds and sections that a node or group lies in. Raises Refused (404)."""
        group, node = self.tree.find(name)
        outline = self.outline(fold)
        item = outline.parent[node] if node is not None else outline.parent[outline.count + (group or 0)]
        if node is not None and item < 0:  # drawn in its consumers
            item = outline.count + self.model.nodes[node].group
        found = []
        while item >= 0 and item != outline.root:
            found.append(outline.id_of(item))
            item = outline.parent[item]
        return found

    def nodes_of(self, name: str, picture: Picture | None = None) -> Ints:
        """Places of the nodes that an id stands for; those of folds and sections as the picture shows them.

        Raises Refused (404) for an id that nothing has.
        """
        box = picture.box_at.get(name) if picture is not None else None
        is_group = name.endswith("/") and name[:-1] in self.model.group_at
        if picture is not None and box is not None and not is_group and name not in self.model.node_at:
            return np.flatnonzero(picture.scene.box_of == box)
        group, node = self.tree.find(name)
        return np.array([node]) if group is None else self.tree.nodes_under(group)
