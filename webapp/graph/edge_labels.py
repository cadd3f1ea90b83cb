"""What tensors flow along edges, written where there is room beside boxes, lines and other labels."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from .scene import Scene
from .text_width import text_width

__all__ = ["LABEL_HEIGHT", "LABEL_SIZE", "EdgeLabel", "edge_labels", "frame_of"]

LABEL_SIZE = 10  # of the letters, pixels
LABEL_HEIGHT = 12
_BESIDE = 6  # from the line
_SLANT = 24  # a line that is not upright is so many pixels wide pieces
_TYPE = re.compile(r"^\w+ (?=\S*[×\d?])")
_BAND = 64  # what lies in the way is looked up by bands of this height


class EdgeLabel(NamedTuple):
    """`x`: its left end, `y`: the middle of its height."""

    edge: int
    text: str
    x: float
    y: float
    width: float


def edge_labels(scene: Scene) -> list[EdgeLabel]:
    """The labels that have a place."""
    taken, found = _taken(scene), []
    for edge, line in enumerate(scene.lines.points):
        text = _label_of(scene, edge)
        place = _longest_part(line) if text else None
        label = _place_label(scene, edge, text, place, taken) if place else None
        if label:
            found.append(label)
    return found


def _place_label(scene: Scene, edge: int, text: str, place: tuple[float, float], taken: _Bands) -> EdgeLabel | None:
    """The first way that fits: whole to the right of the line, to the left, then without the type of its numbers."""
    frame, boxes, (x, y) = frame_of(scene, edge), scene.boxes, place
    least, most = (0, scene.size[0]) if frame < 0 else (boxes.x[frame], boxes.x[frame] + boxes.w[frame])
    for words in dict.fromkeys((text, _TYPE.sub("", text))):
        width = text_width(words, LABEL_SIZE) + 4
        for left in (x + _BESIDE, x - _BESIDE - width):
            if left >= least and left + width <= most and taken.add(left, y - LABEL_HEIGHT / 2, width, LABEL_HEIGHT):
                return EdgeLabel(edge, words, left, y, width)
    return None


def frame_of(scene: Scene, edge: int) -> int:
    """The frame that an edge runs in, -1 in none."""
    begin, end, parent = scene.lines.begin[edge], scene.lines.end[edge], scene.boxes.parent
    return end if parent[begin] == end else parent[end]


def _taken(scene: Scene) -> _Bands:
    """Boxes and lines, which labels keep off."""
    boxes, taken = scene.boxes, _Bands()
    for kind, *place in zip(boxes.kind, boxes.x, boxes.y, boxes.w, boxes.h, strict=True):
        if kind != "open":
            taken.occupy(*place)
    for line in scene.lines.points:
        for at in range(0, len(line) - 3, 2):
            dx, dy = line[at + 2] - line[at], line[at + 3] - line[at + 1]
            parts = math.ceil(abs(dx) / _SLANT) or 1
            for part in range(parts):
                x, y = line[at] + dx * part / parts, line[at + 1] + dy * part / parts
                corner = min(x, x + dx / parts), min(y, y + dy / parts)
                taken.occupy(*corner, abs(dx / parts) + 1, abs(dy / parts) + 1)
    return taken


def _label_of(scene: Scene, edge: int) -> str:
    """What the box that an edge leaves says is not said again, nor behind a border what was said before it."""
    lines, boxes = scene.lines, scene.boxes
    source = lines.begin[edge]
    if boxes.kind[source] == "open":
        return ""
    what = "" if boxes.sub[source] == lines.label[edge] else lines.label[edge]
    return f"{what} ×{lines.count[edge]}".strip() if lines.count[edge] > 1 else what


def _longest_part(line: Sequence[float]) -> tuple[float, float] | None:
    """The middle of a line's longest part, if it leaves room for letters: there is room beside an upright one."""
    best, most = None, LABEL_HEIGHT + 2.0
    for at in range(0, len(line) - 3, 2):
        length = abs(line[at + 3] - line[at + 1]) - abs(line[at + 2] - line[at])
        if length > most:
            most, best = length, ((line[at] + line[at + 2]) / 2, (line[at + 1] + line[at + 3]) / 2 - 1)
    return best


class _Bands:
    """Rectangles that must not touch each other."""

    def __init__(self) -> None:
        self._bands: defaultdict[int, list[tuple[float, float, float, float]]] = defaultdict(list)

    def add(self, x: float, y: float, width: float, height: float) -> bool:
        """Take a place, unless it is taken."""
        for band in self._of(y, height):
            for left, top, right, bottom in self._bands.get(band, ()):
                if x < right and left < x + width and y < bottom and top < y + height:
                    return False
        self.occupy(x, y, width, height)
        return True

    def occupy(self, x: float, y: float, width: float, height: float) -> None:
        """Take a place."""
        for band in self._of(y, height):
            self._bands[band].append((x, y, x + width, y + height))

    def _of(self, y: float, height: float) -> range:
        return range(math.floor(y / _BAND), math.floor((y + height) / _BAND) + 1)
