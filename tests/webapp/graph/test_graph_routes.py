"""Pictures of graphs, and what is asked about their parts."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring, tostring

import pytest
from flask.testing import FlaskClient

from stepscope.logger import LogDir, open_logdir
from stepscope.webapp import Settings, create_app
from stepscope.webapp.context import EXTENSION
from stepscope.webapp.graph.ahead import read_ahead

Ask = Callable[..., Any]
SVG = "{http://www.w3.org/2000/svg}"
LAYERS = [f"net/layers.{layer}/" for layer in range(4)]
ALL_OPEN = {"open": ["net/", *LAYERS], "fold": False}


def test_the_graphs_of_a_run_are_listed_with_their_values(graph_client: FlaskClient):
    (run,) = graph_client.get("/api/graphs").json["runs"]
    (graph,) = run["graphs"]
    assert (run["run"], graph["tag"], graph["format"]) == ("a", "graph", "stepscope")
    assert [value["step"] for value in graph["values"]] == [0, 5]


def test_a_scene_shows_the_groups_asked_for(ask: Ask):
    closed, opened = ask("scene"), ask("scene", open=["net/", "no such group/"], fold=False)
    assert set(closed["boxes"]["id"]) == {"x", "net/", "y"}
    assert {*LAYERS} < set(opened["boxes"]["id"])
    assert opened["open"] == ["net/"]


def test_a_scene_says_what_graph_it_is_of(ask: Ask):
    graph = ask("scene")["graph"]
    assert (graph["title"], graph["nodes"], graph["groups"], graph["depth"]) == ("Net", 10, 9, 3)
    assert graph["parameters"] == 3 * 128 * 128  # one weight is of two layers
    assert graph["g"]["id"].startswith("5-")
    assert {"op", "module", "dtype", "parameters", "flops"} <= set(graph["has"])
    assert not {"time", "device", "status"} & set(graph["has"])


def test_an_older_value_is_named_by_its_id(graph_client: FlaskClient, ask: Ask):
    (run,) = graph_client.get("/api/graphs").json["runs"]
    first = run["graphs"][0]["values"][0]["id"]
    assert ask("scene", g={"run": "a", "tag": "graph", "id": first})["graph"]["nodes"] == 8


def test_the_newest_graph_is_there_before_anybody_names_it(graph_client: FlaskClient, ask: Ask):
    first = graph_client.get("/api/graph/first").json
    (run,) = graph_client.get("/api/graphs").json["runs"]
    assert first["graph"]["g"] == {"run": "a", "tag": "graph", "id": run["graphs"][0]["values"][-1]["id"]}
    assert first == ask("scene", open=None, color="")


def first_picture(client: FlaskClient, theme: str = "light", width: int = 600, height: int = 800) -> Element:
    answer = client.get(f"/api/graph/first.svg?theme={theme}&width={width}&height={height}")
    assert (answer.status_code, answer.content_type) == (200, "image/svg+xml")
    return fromstring(answer.data)


def test_the_newest_graph_is_drawn_before_the_page_can(graph_client: FlaskClient, ask: Ask):
    scene, picture = ask("scene", open=None), first_picture(graph_client)
    scale = min((600 - 48) / scene["size"][0], (800 - 48) / scene["size"][1], 1.25)  # lib/graph-camera.js
    assert float(picture.get("width", 0)) == pytest.approx(scene["size"][0] * scale, rel=1e-4)
    names = {(title.text or "").split(" · ")[0] for title in picture.iter(f"{SVG}title")}
    assert names == set(scene["boxes"]["id"])


def test_the_first_picture_has_the_colours_of_the_theme(graph_client: FlaskClient):
    light, dark = (tostring(first_picture(graph_client, theme)) for theme in ("light", "dark"))
    assert light != dark


def test_what_cannot_be_read_as_a_whole_is_left_to_the_page(graph_client: FlaskClient):
    assert first_picture(graph_client, width=80, height=60).get("width") == "1"


def test_a_log_without_graphs_has_no_first_picture(tmp_path: Path):
    with open_logdir(tmp_path, index_dir=False) as log:
        assert first_picture(create_app(log, Settings(index_dir="")).test_client()).get("width") == "1"


def test_a_log_without_graphs_has_no_newest_one(tmp_path: Path):
    with open_logdir(tmp_path, index_dir=False) as log:
        answer = create_app(log, Settings(index_dir="")).test_client().get("/api/graph/first")
        assert (answer.status_code, answer.json) == (200, None)  # no error: a browser would put it into its console


def test_a_graph_that_was_read_ahead_is_not_read_again(
    graph_client: FlaskClient, graph_log: LogDir, monkeypatch: pytest.MonkeyPatch
):
    read_ahead(graph_client.application.extensions[EXTENSION], graph_log)
    monkeypatch.setattr("stepscope.logger.reader.stored_graphs.stored_graph", None)
    assert graph_client.get("/api/graph/first").status_code == 200


def test_nobody_chose_yet_what_is_open(ask: Ask):
    assert "net/" in ask("scene", open=None)["open"]  # alone beside what goes in and out


def test_all_groups_open_down_to_a_depth(ask: Ask):
    assert ask("scene", all=1)["open"] == ["net/"]
    assert ask("scene", all=2)["open"] == ["net/", *LAYERS]


def test_what_is_to_be_revealed_gets_a_box(ask: Ask):
    node = "net/layers.2/fc0/linear"
    assert node in ask("scene", reveal=[node])["boxes"]["id"]
    ask("scene", 404, reveal=["net/nothing"])


def test_the_tree_has_sums_in_the_order_of_the_computation(ask: Ask):
    rows = ask("tree?group=/")["rows"]
    assert [row["id"] for row in rows] == ["x", "net/", "y"]
    net = rows[1]
    assert (net["type"], net["nodes"], net["parameters"], net["flops"]) == ("Net", 8, 3 * 128 * 128, 4 * 2**20)
    assert net["activation_bytes"] == 8 * 32 * 128 * 4
    assert net["output"] == "float32 32×128"
    assert [row["id"] for row in ask("tree?group=net/&from=2")["rows"]] == LAYERS[2:]


def test_a_node_has_links_to_what_it_is_connected_to(ask: Ask):
    add = ask("node?node=net/layers.1/add")
    assert [one["id"] for one in add["inputs"]] == ["net/layers.1/fc0/linear", "net/layers.0/add"]
    assert [to["id"] for to in add["outputs"][0]["to"]] == ["net/layers.2/fc0/linear", "net/layers.2/add"]
    linear = ask("node?node=net/layers.1/fc0/linear")
    assert linear["parameters"][0]["shape"] == [128, 128]
    assert linear["attributes"] == {"bias": False, "scale": "inf"}


def test_a_group_has_what_crosses_its_border(ask: Ask):
    layer = ask("node?node=net/layers.1/")
    assert {one["id"] for one in layer["inputs"]} == {"net/layers.0/add"}
    assert [out["id"] for out in layer["outputs"]] == ["net/layers.1/add"]
    assert layer["sums"]["parameters"] == 128 * 128


@pytest.mark.parametrize(
    ("query", "fields", "found"),
    [
        ("add", "name", 4),
        ("LAYERS.2", "name", 4),
        ("layer", "op", 4),
        ("bias=False", "attribute", 4),
        ("[32, 128]", "shape", 9),
        ("nothing of the kind", "name,op,attribute,shape", 0),
    ],
)
def test_words_are_found_whatever_their_case(ask: Ask, query: str, fields: str, found: int):
    assert ask(f"search?q={query}&in={fields}")["total"] == found


@pytest.mark.parametrize(("pattern", "found"), [(r"layers\.[13]/add$", 2), (r"LAYERS\.\d$", 4), (r"^\D$", 2)])
def test_patterns_find_names(ask: Ask, pattern: str, found: int):
    assert ask(f"search?q={pattern.replace('+', '%2B')}&in=name&regex=1")["total"] == found


def test_names_that_are_what_was_asked_come_first(ask: Ask):
    hits = ask("search?q=linear")["hits"]
    assert [hit["where"] for hit in hits] == ["name"] * 4 + ["op"] * 4
    assert hits[0]["label"] == "linear"


def test_a_trace_marks_the_boxes_of_a_picture(ask: Ask):
    up = ask("trace", id="net/layers.0/add", direction="up", **ALL_OPEN)
    assert set(up["boxes"]) == {"x", "net/layers.0/fc0/", "net/layers.0/add"}
    assert up["nodes"] == 3
    down = ask("trace", id="net/layers.3/", direction="down", **ALL_OPEN)
    assert set(down["boxes"]) == {"net/layers.3/fc0/", "net/layers.3/add", "y"}


def test_the_edges_of_a_trace_lie_between_its_boxes(ask: Ask):
    opened = {"open": ["net/"], "fold": False}
    scene, found = ask("scene", **opened), ask("trace", id="net/layers.1/", direction="up", **opened)
    assert set(found["boxes"]) == {"x", *LAYERS[:2]}
    ends = {(scene["edges"]["from"][edge], scene["edges"]["to"][edge]) for edge in found["edges"]}
    inner = {tuple(scene["boxes"]["id"][box] for box in pair) for pair in ends}
    assert (LAYERS[0], LAYERS[1]) in inner
    assert not {(LAYERS[1], LAYERS[2]), (LAYERS[2], LAYERS[3])} & inner


def test_a_path_is_all_ways_and_the_shortest_as_steps(ask: Ask):
    found = ask("path", **{"from": "net/layers.0/add", "to": "net/layers.2/add"}, **ALL_OPEN)
    assert [step["id"] for step in found["steps"]] == [f"net/layers.{layer}/add" for layer in range(3)]
    assert (found["nodes"], found["direction"]) == (5, "down")
    assert ask("path", **{"from": "y", "to": "x"})["direction"] == "up"


def test_two_ends_without_a_way_have_no_path(ask: Ask):
    found = ask("path", **{"from": "x", "to": "x"})
    assert (found["direction"], found["steps"], found["boxes"]) == (None, [], [])


def test_boxes_have_categories_with_a_legend(ask: Ask):
    colours = ask("values", by="op", ids=["x", *LAYERS, "net/layers.0/add", "nothing"], **ALL_OPEN)
    assert (colours["kind"], colours["values"][0], colours["values"][-2:]) == ("category", "input", ["add", None])
    assert {entry["value"]: entry["count"] for entry in colours["legend"]} == {
        "linear": 4, "add": 4, "input": 1, "output": 1,
    }  # fmt: skip
    fold = next(name for name in ask("scene", open=["net/"])["boxes"]["id"] if "*" in name)
    assert ask("values", by="module", ids=[fold], open=["net/"])["values"] == ["Layer"]
    modules = ask("values", by="module", ids=["net/", LAYERS[0], "net/layers.0/add", "x"], **ALL_OPEN)
    assert modules["values"] == ["Net", "Layer", "Layer", None]


def test_boxes_have_numbers(ask: Ask):
    numbers = ask("values", by="parameters", ids=["x", "net/", LAYERS[2]], **ALL_OPEN)
    assert numbers["values"] == [0, 3 * 128 * 128, 128 * 128]
    assert numbers["legend"] == [0, 3 * 128 * 128]
    assert ask("values", by="time", ids=["net/"])["values"] == [None]


@pytest.mark.parametrize(
    ("route", "status", "said"),
    [
        ("tree?group=nothing/", 404, "has no group 'nothing/'"),
        ("tree?group=x", 400, "names of groups end in /"),
        ("tree?from=-1", 400, "whole number"),
        ("node?node=nothing", 404, "has no node 'nothing'"),
        ("node?id=0-00000000", 404, "has no value"),
        ("search?q=", 400, "1 to 1,000 characters"),
        ("search?q=(&regex=1", 400, "no regular expression"),
        ("search?q=a&in=colour", 400, "expected one of name"),
    ],
)
def test_bad_questions_get_a_sentence(ask: Ask, route: str, status: int, said: str):
    assert said in ask(route, status)["error"]


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"g": None}, 400, "g: expected an object"),
        ({"g": {}}, 400, "expected the name of a graph"),
        ({"g": {"run": 3}}, 400, "g.run: expected a string"),
        ({"g": {"run": "none"}}, 404, "none"),
        ({"g": {"run": "a", "tag": "none"}}, 404, "none"),
        ({"g": {"run": "a", "id": "5-ffffffff"}}, 404, "5-ffffffff"),
        ({"g": {"file": "ffff"}}, 404, "open it again"),
        ({"open": "net/"}, 400, "open: expected a list"),
        ({"all": "deep"}, 400, "all: expected a depth"),
        ({"fold": 1}, 400, "fold: expected true or false"),
    ],
)
def test_bad_bodies_get_a_sentence(ask: Ask, body: dict[str, Any], status: int, said: str):
    assert said in ask("scene", status, **body)["error"]


def test_bad_parts_of_questions_get_a_sentence(ask: Ask):
    assert "expected one of op" in ask("values", 400, by="smell", ids=[])["error"]
    assert "id: expected" in ask("trace", 400, id=3)["error"]
    assert "direction: expected" in ask("trace", 400, id="x", direction="left")["error"]


def test_many_who_ask_at_once_get_what_one_gets(graph_client: FlaskClient):
    bodies = [{"g": {"run": "a"}, "open": groups, "fold": False} for groups in ([], ["net/"], ["net/", *LAYERS])]

    def asked(place: int) -> bytes:
        client = graph_client.application.test_client()
        return client.post("/api/graph/scene", json=bodies[place % len(bodies)]).data

    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(asked, range(12)))
    assert together == [asked(place) for place in range(12)]
