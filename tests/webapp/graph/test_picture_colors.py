"""What colours a picture, told along with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
