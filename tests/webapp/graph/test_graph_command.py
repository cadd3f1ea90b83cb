"""`dashboard graph`: pictures and JSON of graphs, without a browser."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from graph_logs import layered_model, write_graphs

from stepscope.logger.graphs.blob import encode
from stepscope.logger.graphs.builder import GraphBuilder
from stepscope.logger.proto.graph_pb2 import GraphDef, NodeDef
from stepscope.webapp.cli import main
from stepscope.webapp.graph.scene import make_scene
from stepscope.webapp.graph.theme import mix, read_theme

SVG = "{http://www.w3.org/2000/svg}"
Draw = Callable[..., ElementTree.Element]


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    path = tmp_path / "net.graph"
    path.write_bytes(encode(layered_model(6)))
    return path


@pytest.fixture
def draw(tmp_path: Path) -> Draw:
    """draw("file", "--depth", "1") gives the root of the picture."""

    def drawn(*words: str) -> ElementTree.Element:
        output = tmp_path / "out.svg"
        assert main(["graph", *words, "-o", str(output), "--index_dir", ""]) == 0
        return ElementTree.parse(output).getroot()

    return drawn


def names(picture: ElementTree.Element) -> set[str]:
    """What boxes and frames are about."""
    return {title.text.split(" · ")[0] for title in picture.iter(f"{SVG}title") if title.text}


def texts(picture: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in picture.iter(f"{SVG}text")]


def test_every_box_of_the_scene_is_drawn_within_the_picture(draw: Draw, model_file: Path) -> None:
    picture = draw(str(model_file), "--open", "net/layers.1")
    boxes = make_scene(layered_model(6), ["net/", "net/layers.1/"], ["net/layers.0/*6"]).boxes
    assert "net/layers.1/" in boxes.id, "the fold that it lies in is open"
    assert names(picture) >= set(boxes.id)
    width, height = float(picture.get("width", 0)), float(picture.get("height", 0))
    for box in picture.iter(f"{SVG}rect"):
        x, y, w, h = (float(box.get(name, 0)) for name in ("x", "y", "width", "height"))
        assert x >= 0 and y >= 0 and x + w <= width and y + h <= height


def test_the_same_graph_gives_the_same_bytes(draw: Draw, model_file: Path) -> None:
    assert ElementTree.tostring(draw(str(model_file))) == ElementTree.tostring(draw(str(model_file)))


def test_depth_and_unfold_say_what_is_open(draw: Draw, model_file: Path) -> None:
    assert names(draw(str(model_file), "--depth", "0")) == {"Net", "x", "net/", "y"}
    assert "6 × Layer" in texts(draw(str(model_file), "--depth", "1"))
    assert "net/layers.4/" in names(draw(str(model_file), "--depth", "1", "--unfold"))


def test_colours_are_those_of_the_page(draw: Draw, model_file: Path) -> None:
    light, dark = read_theme("light"), read_theme("dark")
    assert light.ink.bg == "#f6f7f9" and light.ink.surface == "#ffffff" and dark.ink.dark
    assert (len(light.slots), len(dark.slots)) == (24, 24)
    picture = draw(str(model_file), "--theme", "dark", "--color", "op", "--depth", "9")
    fills = {box.get("fill") for box in picture.iter(f"{SVG}rect")}
    assert dark.ink.bg in fills
    assert mix(dark.ink.surface, dark.slots[0], 0.35) in fills


def test_a_run_is_named_by_its_folder_or_in_a_log_directory(draw: Draw, tmp_path: Path) -> None:
    write_graphs(tmp_path / "logs" / "a", {"graph": [(0, layered_model(2)), (5, layered_model(3))]})
    write_graphs(tmp_path / "logs" / "b", {"graph": [(0, layered_model(4))]})
    assert "net/layers.2/" in names(draw(str(tmp_path / "logs" / "a"), "--depth", "1", "--unfold"))
    logdir = ("--logdir", str(tmp_path / "logs"))
    assert "net/layers.2/" not in names(draw("a", *logdir, "--step", "0", "--depth", "1", "--unfold"))
    assert "net/layers.3/" in names(draw("b", *logdir, "--depth", "1", "--unfold"))


def test_a_folder_that_a_model_was_saved_in_is_its_graph(draw: Draw, tmp_path: Path) -> None:
    graph = GraphDef(node=[NodeDef(name="dense/MatMul", op="MatMul")])
    saved = tmp_path / "saved"
    saved.mkdir()
    (saved / "saved_model.pb").write_bytes(graph.SerializeToString())
    assert "dense/MatMul" in names(draw(str(saved), "--depth", "1"))
    write_graphs(saved / "train", {"graph": [(0, layered_model(2))]})
    assert "net/" in names(draw(str(saved)))


def test_what_changed_is_drawn_and_told(draw: Draw, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_graphs(tmp_path / "a", {"graph": [(0, layered_model(2)), (5, layered_model(3))]})
    picture = draw(str(tmp_path / "a"), "--against_step", "0", "--title", "Before and after")
    assert {"+", "~"} <= set(texts(picture))
    assert "Before and after" in texts(picture)
    told = capsys.readouterr().err
    assert "added net/layers.2 with" in told and "added net/layers.2/add" not in told


def test_a_table_colours_the_picture(draw: Draw, model_file: Path, tmp_path: Path) -> None:
    table = tmp_path / "times.csv"
    table.write_text("module,time (ms)\nlayers.0,1\nlayers.1,2\n")
    picture = draw(str(model_file), "--table", str(table), "--depth", "1", "--unfold")
    assert "1 ms … 2 ms" in texts(picture)


def test_the_whole_graph_is_written_as_json(model_file: Path, tmp_path: Path) -> None:
    output = tmp_path / "net.json"
    assert main(["graph", str(model_file), "-o", str(output)]) == 0
    graph = json.loads(output.read_bytes())
    model = layered_model(6)
    assert [node["path"] for node in graph["nodes"]] == [node.path for node in model.nodes]
    assert sum(len(node.get("inputs", ())) for node in graph["nodes"]) == len(model.edges)
    linear = graph["nodes"][1]
    assert linear["inputs"] == [{"from": "x"}]
    assert linear["outputs"] == [{"dtype": "float32", "shape": [32, 128]}]
    assert linear["parameters"] == ["layers.1.fc0.weight"]
    assert linear["attributes"] == {"bias": False, "scale": "inf"}


def test_model_explorer_finds_nodes_namespaces_edges_and_shapes(model_file: Path, tmp_path: Path) -> None:
    output = tmp_path / "net.model_explorer.json"
    assert main(["graph", str(model_file), "-o", str(output)]) == 0
    collection = json.loads(output.read_bytes())
    (graph,) = collection["graphs"]
    known = {node["id"] for node in graph["nodes"]}
    assert len(known) == len(graph["nodes"]) == len(layered_model(6).nodes)
    for node in graph["nodes"]:
        assert {edge["sourceNodeId"] for edge in node["incomingEdges"]} <= known
        assert all(isinstance(attribute["value"], str) for attribute in node["attrs"])
        assert node["id"].startswith(node["namespace"])
    add = next(node for node in graph["nodes"] if node["id"] == "net/layers.0/add")
    assert [edge["targetNodeInputId"] for edge in add["incomingEdges"]] == ["0", "1"]
    assert add["outputsMetadata"] == [{"id": "0", "attrs": [{"key": "tensor_shape", "value": "float32 32×128"}]}]
    assert graph["groupNodeAttributes"]["net"]["type"] == "Net"


@pytest.mark.parametrize(
    "query, kind, name",
    [
        ("form=json", "application/json", "Net.json"),
        ("form=model_explorer", "application/json", "Net.model_explorer.json"),
        ("form=svg&depth=1&theme=dark&by=op", "image/svg+xml", "Net.svg"),
    ],
)
def test_the_server_gives_the_same_files(graph_client: FlaskClient, query: str, kind: str, name: str) -> None:
    answer = graph_client.get(f"/api/graph/export?run=a&{query}")
    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert name in answer.headers["Content-Disposition"]
    assert graph_client.get(f"/api/graph/export?run=a&{query}").data == answer.data


@pytest.mark.parametrize("query", ["form=pdf", "form=svg&theme=pink", "form=svg&by=taste", "form=svg&depth=x"])
def test_files_of_unknown_forms_are_refused(graph_client: FlaskClient, query: str) -> None:
    answer = graph_client.get(f"/api/graph/export?run=a&{query}")
    assert answer.status_code == 400
    assert "expected" in answer.json["error"]


def test_names_are_never_markup(draw: Draw, tmp_path: Path) -> None:
    builder = GraphBuilder()
    name = '<script>alert("1")</script>&\x00\ud800'
    builder.node(0, name, "<b>", role="op")
    (tmp_path / "bad.graph").write_bytes(encode(builder.build('"><svg onload=x>', "stepscope")))
    picture = draw(str(tmp_path / "bad.graph"))
    assert {element.tag.removeprefix(SVG) for element in picture.iter()} <= {
        "svg",
        "title",
        "rect",
        "text",
        "g",
        "path",
    }
    assert not any(name.startswith("on") for element in picture.iter() for name in element.attrib)


@pytest.mark.parametrize(
    "words, code, why",
    [
        (["nowhere"], 1, "neither a file nor a folder"),
        (["{tmp}"], 1, "no event files"),
        (["{tmp}/net.graph", "--open", "nobody"], 1, "no group 'nobody/'"),
        (["{tmp}/net.graph", "--color", "taste"], 1, "expected one of op"),
        (["{tmp}/net.graph", "--table", "{tmp}/net.graph"], 1, "no text in UTF-8"),
        (["{tmp}/net.graph", "-o", "{tmp}/no/folder.svg"], 1, "cannot be written"),
        (["{tmp}/net.graph", "-o", "x.png"], 2, "the name ends in none of"),
        (["{tmp}/net.graph", "--dept", "1"], 2, "did you mean --depth"),
        (["{tmp}/net.graph", "--depth", "-1"], 2, "expected a whole number"),
        ([], 2, "say what to draw"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    words: list[str], code: int, why: str, model_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = [word.replace("{tmp}", str(tmp_path)) for word in words]
    output = [] if "-o" in said else ["-o", str(tmp_path / "out.svg")]
    try:
        found = main(["graph", *said, *output])
    except SystemExit as end:
        found = end.code
    assert found == code
    error = capsys.readouterr().err
    assert why in error and "Traceback" not in error
