"""A picture of a graph as an SVG file: the drawing that the page makes, without a browser.

Attributes only, no styles: editors other than browsers show the same. Names are escaped, so nothing in them is markup.
"""

from __future__ import annotations

from collections.abc import Sequence

from .edge_labels import LABEL_HEIGHT, LABEL_SIZE, EdgeLabel, edge_labels, frame_of
from .look import BoxStyle, box_style, edge_style
from .opened import Picture
from .scene import Scene
from .svg_frame import document, framed
from .svg_lines import line_path, number, tip_path
from .svg_texts import clean, fitting, placed_text
from .text_width import text_width
from .theme import Theme
from .tints import Tints

__all__ = ["picture_svg", "scene_svg"]

_LABEL, _SUB, _HEADER_SUB = 12.0, 10.5, 10.8  # sizes of letters, pixels
_SHEETS = 6, 3  # how far the sheets of a fold lie below it
_SIDE = 8  # of texts in boxes, both sides together
_MARK = 6.5  # radius
_LEAST_FRAME = 44  # a smaller frame shows no name


def picture_svg(picture: Picture, title: str, theme: Theme, tints: Tints) -> str:
    """The document. `title` stands above, the legend of the tints below."""
    drawing = _Drawing(picture, theme, tints)
    return framed(drawing.parts(), picture.scene.size, title, theme.ink, tints.legend)


def scene_svg(picture: Picture, theme: Theme, tints: Tints, scale: float) -> str:
    """The document with nothing around the picture, of which a pixel is `scale` pixels."""
    return document(_Drawing(picture, theme, tints).parts(), picture.scene.size, scale)


class _Drawing:
    """What the page paints, in its order: frames, edges, their labels, boxes, names of frames."""

    def __init__(self, picture: Picture, theme: Theme, tints: Tints) -> None:
        self.scene, self.ink, self.tints = picture.scene, theme.ink, tints
        boxes, lines = picture.shown["boxes"], picture.shown["edges"]
        self.status: Sequence[str] = boxes.get("status") or [""] * len(boxes["id"])
        self.line_status: Sequence[str] = lines.get("status") or [""] * len(lines["kind"])
        self.depth = _depths(self.scene)
        self.styles = [self._style(box) for box in range(len(self.scene.boxes.id))]

    def parts(self) -> list[str]:
        """The elements."""
        frames = [box for box, kind in enumerate(self.scene.boxes.kind) if kind == "open"]
        inner = [box for box, kind in enumerate(self.scene.boxes.kind) if kind != "open"]
        return [
            *(self._rectangle(box) for box in frames),
            *(part for edge in range(len(self.scene.lines.begin)) for part in self._edge(edge)),
            f'<g font-size="{LABEL_SIZE}" fill="{self.ink.muted}">',
            *(part for label in edge_labels(self.scene) for part in self._edge_label(label)),
            "</g>",
            *(part for box in inner for part in self._box(box)),
            *(part for frame in frames for part in self._header(frame)),
        ]

    def _style(self, box: int) -> BoxStyle:
        boxes = self.scene.boxes
        tint = self.tints.of.get(boxes.id[box])
        return box_style(self.ink, boxes.kind[box], self.depth[box], tint, self.status[box], self.tints.heat)

    def _edge(self, edge: int) -> list[str]:
        lines, boxes = self.scene.lines, self.scene.boxes
        goes_on = boxes.kind[lines.end[edge]] == "open"
        told = lines.kind[edge], lines.control[edge], lines.bytes[edge], self.line_status[edge]
        style = edge_style(self.ink, *told, goes_on)
        path = line_path(lines.points[edge], style)
        if not path:
            return []
        dash = f' stroke-dasharray="{style.dash}"' if style.dash else ""
        stroke = f'stroke="{style.color}" stroke-width="{number(style.width)}" stroke-linejoin="round"{dash}'
        tip = tip_path(lines.points[edge], style)
        return [f'<path d="{path}" fill="none" {stroke}/>', f'<path d="{tip}" fill="{style.color}"/>']

    def _edge_label(self, label: EdgeLabel) -> list[str]:
        frame = frame_of(self.scene, label.edge)
        ground = self.ink.bg if frame < 0 else self.styles[frame].fill
        top, width = number(label.y - LABEL_HEIGHT / 2), number(label.width)
        place = f'x="{number(label.x)}" y="{top}" width="{width}" height="{LABEL_HEIGHT}"'
        return [f'<rect {place} fill="{ground}"/>', placed_text(label.text, label.x + 2, label.y, LABEL_SIZE)]

    def _rectangle(self, box: int, shift: float = 0.0) -> str:
        """The box's outline lies within it."""
        boxes, style = self.scene.boxes, self.styles[box]
        width, height = max(1, boxes.w[box] - style.width), max(1, boxes.h[box] - style.width)
        x, y = boxes.x[box] + shift + style.width / 2, boxes.y[box] + shift + style.width / 2
        place = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
        radius = number(min(style.radius, width / 2, height / 2))
        dash = f' stroke-dasharray="{style.dash}"' if style.dash else ""
        look = f'fill="{style.fill}" stroke="{style.line}" stroke-width="{number(style.width)}"{dash}'
        return f'<rect {place} rx="{radius}" {look}/>'

    def _box(self, box: int) -> list[str]:
        boxes, style = self.scene.boxes, self.styles[box]
        middle, centre, room = boxes.x[box] + boxes.w[box] / 2, boxes.y[box] + boxes.h[box] / 2, boxes.w[box] - _SIDE
        sub = fitting(boxes.sub[box], room, _SUB) if boxes.h[box] >= 30 else ""
        weight = f' font-weight="{600 if style.bold else 500}"'
        label = fitting(boxes.label[box], room, _LABEL)
        y = centre - 7 if sub else centre + 0.5
        return [
            f'<g text-anchor="middle"><title>{_told(boxes.id[box], boxes.sub[box])}</title>',
            *(self._rectangle(box, shift) for shift in (_SHEETS if style.stack else ())),
            self._rectangle(box),
            placed_text(label, middle, y, _LABEL, f'{weight} font-size="{number(_LABEL)}" fill="{style.text}"'),
            *([placed_text(sub, middle, centre + 8, _SUB, f' font-size="{_SUB}" fill="{style.sub}"')] if sub else []),
            *self._mark(box),
            "</g>",
        ]

    def _mark(self, box: int) -> list[str]:
        """What a comparison found, as a sign on the corner."""
        style = self.styles[box]
        if not style.mark:
            return []
        x, y = self.scene.boxes.x[box] + 2, self.scene.boxes.y[box] + 2
        look = f' font-size="11" font-weight="700" fill="{self.ink.surface}"'
        circle = f'<circle cx="{x}" cy="{y}" r="{_MARK}" fill="{style.line}"/>'
        return [circle, placed_text(style.mark, x, y + 0.5, 11, look)]

    def _header(self, frame: int) -> list[str]:
        """The name of an open group at its upper left corner."""
        boxes, ink = self.scene.boxes, self.ink
        if boxes.w[frame] < _LEAST_FRAME or boxes.h[frame] < _LEAST_FRAME:
            return []
        height = 1.9 * _LABEL
        x, y = boxes.x[frame] + 10, boxes.y[frame] + max(0.0, (28 - height) / 2)
        room = boxes.w[frame] - 10 - height
        name_width = _bold_width(boxes.label[frame]) + height + 4
        sub_width = text_width(boxes.sub[frame], _HEADER_SUB) + _LABEL / 2 if boxes.sub[frame] else 0.0
        has_room = x + name_width + sub_width < boxes.x[frame] + boxes.w[frame] / 2  # edges come in through the middle
        width = min(room, name_width + sub_width if has_room else name_width)
        name = fitting(boxes.label[frame], (width - height + 2) / 1.08, _LABEL)
        left, middle = x + height - 2, y + height / 2
        behind = left + _bold_width(name) + _LABEL / 2
        ground = f'x="{number(x - 2)}" y="{number(y + height * 0.15)}" width="{number(width + 4)}"'
        parts = [
            f"<g><title>{_told(boxes.id[frame], boxes.sub[frame])}</title>",
            f'<rect {ground} height="{number(height * 0.7)}" rx="{number(height / 3)}"'
            f' fill="{self.styles[frame].fill}" fill-opacity="0.92"/>',
            f'<path d="{_triangle(x + height / 2 - 2, middle, _LABEL * 0.36)}" fill="{ink.muted}"/>',
            placed_text(name, left, middle, _LABEL, f' font-weight="600" font-size="12" fill="{ink.text}"'),
        ]
        if has_room and boxes.sub[frame]:
            look = f' font-size="{_HEADER_SUB}" fill="{ink.muted}"'
            parts.append(placed_text(boxes.sub[frame], behind, middle, _HEADER_SUB, look))
        return [*parts, "</g>"]


def _bold_width(text: str) -> float:
    return text_width(text) * 1.08


def _told(name: str, sub: str) -> str:
    return clean(" · ".join(filter(None, (name, sub))))


def _triangle(x: float, y: float, size: float) -> str:
    """Points down, as before what is unfolded."""
    top = number(y - size * 0.55)
    return f"M{number(x - size)} {top}L{number(x + size)} {top}L{number(x)} {number(y + size * 0.75)}Z"


def _depths(scene: Scene) -> list[int]:
    """How many frames each box lies in."""
    depths: list[int] = []
    for parent in scene.boxes.parent:
        depths.append(depths[parent] + 1 if parent >= 0 else 0)
    return depths
