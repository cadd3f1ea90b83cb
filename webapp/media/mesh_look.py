"""What a mesh's configuration says of its look, as far as it can be meant: it comes from a log and may say anything."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

__all__ = ["look_of"]


def look_of(config: Mapping[str, Any]) -> dict[str, Any]:
    """Of three.js's camera and material: fov (degrees), orthographic, point_size (in units of the points), wireframe,
    flat and color ("#rrggbb"). What is missing or makes no sense is left out."""
    camera, material = _object(config.get("camera")), _object(config.get("material"))
    found = {
        "orthographic": True if camera.get("cls") == "OrthographicCamera" else None,
        "fov": _number(camera.get("fov"), 5, 150),
        "point_size": _number(material.get("size"), 1e-9, 1e9),
        "wireframe": _flag(material.get("wireframe")),
        "flat": _flag(material.get("flatShading")),
        "color": _color(material.get("color")),
    }
    return {name: value for name, value in found.items() if value is not None}


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _number(value: Any, least: float, most: float) -> float | None:
    plain = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if plain and math.isfinite(value) and least <= value <= most else None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _color(value: Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 0xFFFFFF:
        return f"#{value:06x}"
    return value.lower() if isinstance(value, str) and re.fullmatch(r"#[0-9a-fA-F]{6}", value) else None
