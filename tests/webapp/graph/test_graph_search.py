"""Words that a pattern cannot do without, and finding them among many names."""

from __future__ import annotations

import re

import pytest
from graph_logs import layered_model

from stepscope.webapp.graph.search import SearchIndex, required_words, search_graph


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"layers\.\d+7/lin", ["layers.", "7/lin"]),
        ("ab*c?d+e", ["a", "d", "e"]),
        (r"a\\.b", ["a\\", "b"]),
        (r"end\$$", ["end$"]),
        ("[]a]b{2}c", ["c"]),
        ("a|b", []),
        ("(ab)?c", []),
        (r"\x41b", []),
    ],
)
def test_required_words(pattern: str, words: list[str]):
    assert required_words(pattern) == words


@pytest.mark.parametrize("pattern", [r"1/add$", r"^net/.*LIN", r"layers.[02]", r"\w+\.2", "x|y", r"\bfc0\b", "Add+"])
def test_patterns_find_what_python_finds(pattern: str):
    model = layered_model(3)
    paths = [*(group.path for group in model.groups[1:]), *(node.path for node in model.nodes)]
    expected = sum(bool(re.search(pattern, path, re.IGNORECASE)) for path in paths)
    assert search_graph(model, SearchIndex(model), pattern, ["name"], True)["total"] == expected


@pytest.mark.parametrize(
    ("query", "regex"),
    [("32x128", False), ("[32, 128]", False), ("32*128", False), ("32×128", True), (r"\b32x128$", True)],
)
def test_sizes_are_found_as_people_write_them(query: str, regex: bool):
    model = layered_model(1)
    assert search_graph(model, SearchIndex(model), query, ["shape"], regex)["total"] == 3


def test_letters_beyond_ascii_and_odd_names_are_found():
    model = layered_model(1)
    model.nodes[1].path = "net//Straße ünïcode \0"
    index = SearchIndex(model)
    assert search_graph(model, index, "STRASSE Ü", ["name"], False)["total"] == 1
    assert search_graph(model, index, "\0", ["name"], False)["total"] == 0
    assert search_graph(model, index, "Ü.Ï", ["name"], True)["total"] == 1


def test_what_is_nowhere_is_not_found():
    model = layered_model(1)
    assert search_graph(model, SearchIndex(model), "y" * 400, ["name"], False)["total"] == 0


@pytest.mark.parametrize(
    ("query", "first", "total"),
    [
        ("layers.1.fc0", "net/layers.1/fc0/", 3),
        ("net.layers.2.add", "net/layers.2/add", 1),
        ("layers.2.fc0.weight", "net/layers.2/fc0/linear", 1),
        ("fc0.bias", None, 0),
    ],
)
def test_modules_and_parameters_are_found_by_the_names_that_torch_gives_them(query: str, first: str, total: int):
    model = layered_model(3)
    found = search_graph(model, SearchIndex(model), query, ["name"], False)
    assert (found["total"], next((hit["id"] for hit in found["hits"]), None)) == (total, first)
    assert all(hit["text"] in ("", "layers.1.fc0.weight", "layers.2.fc0.weight") for hit in found["hits"])
