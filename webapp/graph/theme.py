"""The colours of the page for pictures that are drawn without it, read from the page's own files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

__all__ = ["Ink", "Theme", "ThemeName", "mix", "read_theme"]

ThemeName = Literal["light", "dark"]
_STATIC = Path(__file__).parents[1] / "static"


@dataclass(frozen=True, slots=True)
class Ink:
    """Colours by what they are for, "#rrggbb"; as charts/graph-look.js has them."""

    bg: str
    surface: str
    text: str
    muted: str
    line: str
    strong_line: str
    accent: str
    ok: str
    warn: str
    bad: str
    faint: str
    dark: bool


@dataclass(frozen=True, slots=True)
class Theme:
    """`slots`: of categories; `heat`: along a number; `status`: of what a comparison found."""

    ink: Ink
    slots: tuple[str, ...]
    heat: tuple[str, ...]
    status: dict[str, str]

    def along(self, share: float) -> str:
        """The colour of a number that lies at a share from 0 to 1."""
        at = min(1.0, max(0.0, share)) * (len(self.heat) - 1)
        below = min(len(self.heat) - 2, int(at))
        return mix(self.heat[below], self.heat[below + 1], at - below)


@cache
def read_theme(name: ThemeName) -> Theme:
    """The colours of a theme."""
    tokens = dict(re.findall(r"--([\w-]+): light-dark\(([^)]+)\);", _text("css/tokens.css")))
    names = ("bg", "surface", "text", "muted", "line", "strong-line", "accent", "ok", "warn", "bad", "faint")
    colors = {token.replace("-", "_"): _hex(tokens[token].split(",")[name == "dark"].strip()) for token in names}
    status = _constant("dashboards/graph/box-colors.js", "STATUS", name)
    return Theme(
        ink=Ink(**colors, dark=name == "dark"),
        slots=tuple(re.findall(r"#[0-9a-f]{6}", _constant("lib/color.js", "SLOTS", name))),
        heat=tuple(re.findall(r"#[0-9a-f]{6}", _constant("lib/ramp.js", "HEAT", name))),
        status=dict(re.findall(r'(\w+): "(#[0-9a-f]{6})"', status)),
    )


def mix(color: str, other: str, share: float) -> str:
    """A colour with a share (0 to 1) of another one; both "#rrggbb"."""
    parts = ((int(color[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{int(mine + (theirs - mine) * share + 0.5):02x}" for mine, theirs in parts)


def _text(path: str) -> str:
    return (_STATIC / path).read_text("utf-8")


def _constant(path: str, constant: str, theme: str) -> str:
    """What stands for a theme in `const NAME = {light: …, dark: …};` of a script."""
    found = re.search(rf"const {constant} = \{{(.*?)^\}};", _text(path), re.S | re.M)
    ours = found and re.search(rf"{theme}: ([\[{{].*?[\]}}])", found[1], re.S)
    if not ours:
        raise LookupError(f"{path} has no {constant}.{theme}")
    return ours[1]


def _hex(color: str) -> str:
    return "#" + "".join(2 * digit for digit in color[1:]) if len(color) == 4 else color
