"""Meshes over HTTP: parts brought together, what cannot be drawn counted, large ones reduced."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.logger.proto.event_pb2 import Event, Summary
from stepscope.logger.proto.plugins_pb2 import MeshPluginData
from stepscope.logger.records import frame
from stepscope.logger.tensors import tensor_proto
from stepscope.webapp import Settings, create_app
from stepscope.webapp.media.mesh_look import look_of
from stepscope.webapp.media.mesh_reduce import cell_codes, fewer_faces, spread_order

Ask = Callable[..., Any]
SQUARE = np.array([[0, 0, 0], [2, 0, 0], [2, 4, 0], [0, 4, 0]], np.float32)


def value(tag: str, part: int, data: np.ndarray[Any, Any], config: str = "", name: str = "m") -> Summary.Value:
    """One part of a mesh as any writer may have put it."""
    content = MeshPluginData(name=name, content_type=part, json_config=config)
    found = Summary.Value(tag=tag, tensor=tensor_proto(data))
    found.metadata.plugin_data.plugin_name = "mesh"
    found.metadata.plugin_data.content = content.SerializeToString()
    return found


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Logs values at step 3 and asks for the mesh of a tag: (header, arrays), or the answer where it is an error."""

    def get(values: list[Summary.Value], tag: str = "m_VERTEX", **more: Any) -> Any:
        event = Event(step=3, wall_time=1.7e9, summary=Summary(value=values))
        (tmp_path / "events.out.tfevents.1.host").write_bytes(frame(event.SerializeToString()))
        with open_logdir(tmp_path, index_dir=False) as log:
            client = create_app(log, Settings(logdirs={"": str(tmp_path)}, logdir_text="", index_dir="")).test_client()
            identity = f"3-{log.meshes('.', tag).crc[0]:08x}"
            query = {"run": ".", "kind": "meshes", "tag": tag, "id": identity, **more}
            answer = client.get("/api/blob/scene", query_string=query)
        return unpack(answer.data) if answer.status_code == 200 else answer

    return get


def unpack(body: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray[Any, Any]]]:
    (length,) = struct.unpack_from("<I", body, 4)
    header = json.loads(body[8 : 8 + length])
    counts = {"position": 3 * header["points"], "color": 3 * header["points"], "face": 3 * header["faces"]}
    arrays = {
        name: np.frombuffer(body, "<" + place["dtype"], counts[name], 8 + length + place["at"]).reshape(-1, 3)
        for name, place in header["arrays"].items()
    }
    return header, arrays


def placed(header: dict[str, Any], arrays: dict[str, np.ndarray[Any, Any]]) -> np.ndarray[Any, Any]:
    found: np.ndarray[Any, Any] = np.array(header["center"]) + header["scale"] * arrays["position"].astype(np.float64)
    return found


@pytest.mark.parametrize("names", [("m_VERTEX", "m_FACE", "m_COLOR"), ("m_1", "m_2", "m_3")])
def test_vertices_come_with_the_faces_and_colors_of_their_step(ask: Ask, names: tuple[str, str, str]) -> None:
    colors = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [9, 9, 9]], np.float32)
    faces = np.array([[0, 1, 2], [0, 2, 3]], np.float32)
    parts = (SQUARE, faces, colors)
    values = [value(tag, i + 1, data[None]) for i, (tag, data) in enumerate(zip(names, parts, strict=True))]
    header, arrays = ask(values, tag=names[0])
    assert placed(header, arrays).tolist() == SQUARE.tolist()
    assert arrays["face"].tolist() == faces.tolist()
    assert arrays["color"].tolist() == colors.tolist()
    assert (header["low"], header["high"], header["batches"]) == ([0, 0, 0], [2, 4, 0], 1)


def test_what_cannot_be_drawn_is_left_out_and_counted(ask: Ask) -> None:
    vertices = SQUARE.copy()
    vertices[3, 1] = np.nan
    faces = np.array([[0, 1, 2], [0, 2, 3], [0, 1, 4], [-1, 0, 1], [np.nan, 0, 1], [1e30, 0, 1]], np.float32)
    header, arrays = ask([value("m_VERTEX", 1, vertices[None]), value("m_FACE", 2, faces[None])])
    assert arrays["face"].tolist() == [[0, 1, 2]]
    assert (header["dropped_points"], header["dropped_faces"], header["faces_of"]) == (1, 5, 6)


@pytest.mark.parametrize("vertices", [np.full((1, 4, 3), np.nan), np.zeros((1, 0, 3)), np.full((1, 2, 3), 1e308)])
def test_a_cloud_of_nothing_is_empty(ask: Ask, vertices: np.ndarray[Any, Any]) -> None:
    header, arrays = ask([value("m_VERTEX", 1, vertices)])
    assert (header["points"], len(arrays["position"])) == (0, 0)


def test_colors_from_0_to_1_and_of_faces(ask: Ask) -> None:
    shades = np.array([[0.5, 0, 1]] * 4, np.float32)
    header, arrays = ask([value("m_VERTEX", 1, SQUARE[None]), value("m_COLOR", 3, shades[None])])
    assert arrays["color"][0].tolist() == [128, 0, 255]
    faces, sides = np.array([[0, 1, 2, 3]]), np.array([[7, 8, 9]])
    values = [value("m_VERTEX", 1, SQUARE[None]), value("m_FACE", 2, faces[None]), value("m_COLOR", 3, sides[None])]
    header, arrays = ask(values)
    assert header["faces"] == 2  # a side of four corners
    assert (arrays["color"] == [7, 8, 9]).all() and len(arrays["color"]) == 6


def test_parts_that_do_not_fit_are_told_and_left_out(ask: Ask) -> None:
    header, arrays = ask(
        [
            value("m_VERTEX", 1, SQUARE[None]),
            value("m_COLOR", 3, np.zeros((1, 9, 3))),
            value("m_FACE", 2, np.zeros((5, 2, 2))),
        ]
    )
    assert set(arrays) == {"position"}
    assert [note.split()[0] for note in header["notes"]] == ["faces", "9"]


def test_one_mesh_of_a_batch(ask: Ask) -> None:
    batch = np.stack([SQUARE, SQUARE + 100])
    values = [value("m_VERTEX", 1, batch), value("m_FACE", 2, np.array([[[0, 1, 2]]]))]
    header, _ = ask(values, sample=1)
    assert header["low"] == [100, 100, 100] and header["faces"] == 1 and header["batches"] == 2
    assert ask(values, sample=2).status_code == 404


def test_faces_without_vertices_say_so(ask: Ask) -> None:
    answer = ask([value("m_FACE", 2, np.zeros((1, 2, 3)))], tag="m_FACE")
    assert answer.status_code == 422 and "never logged" in answer.json["error"]
    answer = ask([value("m_VERTEX", 1, np.zeros((2, 2)))])
    assert answer.status_code == 422 and "batch, n, 3" in answer.json["error"]


@pytest.mark.parametrize("config", ["{", "[1]", "[" * 100_000, '{"camera": 7, "material": {"size": 1e999}}', "null"])
def test_any_configuration_is_harmless(ask: Ask, config: str) -> None:
    header, _ = ask([value("m_VERTEX", 1, SQUARE[None], config)])
    assert header["look"] == {} and header["points"] == 4


def test_look_takes_what_can_be_meant() -> None:
    material = {"cls": "PointsMaterial", "size": 0.02, "color": 0xFF8800, "wireframe": True}
    look = look_of({"camera": {"cls": "OrthographicCamera", "fov": 75}, "material": material})
    assert look == {"orthographic": True, "fov": 75, "point_size": 0.02, "wireframe": True, "color": "#ff8800"}
    odd = {"camera": {"cls": ["x"], "fov": True}, "material": {"size": -1, "color": "red;}", "wireframe": "yes"}}
    assert look_of(odd) == {}


def test_our_writers_meshes(tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_mesh("m", SQUARE[None], faces=np.array([[[0, 1, 2]]]), config_dict={"camera": {"fov": 60}})
    with open_logdir(tmp_path, index_dir=False) as log:
        client = create_app(log, Settings(logdirs={"": str(tmp_path)}, logdir_text="", index_dir="")).test_client()
        crc = log.meshes(".", "m_VERTEX").crc[0]
        answer = client.get(f"/api/blob/scene?run=.&kind=meshes&tag=m_VERTEX&id=0-{crc:08x}")
    header, _ = unpack(answer.data)
    assert (header["faces"], header["look"]) == (1, {"fov": 60})


# --- reduction --------------------------------------------------------------------------------------------------------


def test_every_beginning_of_the_order_covers_all_of_space() -> None:
    random = np.random.default_rng(3)
    cloud = np.concatenate([random.normal(0, 0.05, (50_000, 3)), [[1.0, 1.0, 1.0], [-1.0, -1.0, -1.0]]])
    kept = spread_order(cell_codes(cloud), 5_000)
    assert len(set(kept.tolist())) == 5_000
    assert {50_000, 50_001} <= set(kept[:20].tolist())  # the far-off points come first
    near = [np.abs(cloud[kept[i : i + 1000]]).mean() for i in (1000, 4000)]
    assert near[0] == pytest.approx(near[1], rel=0.8)
    assert (spread_order(cell_codes(cloud), 5_000) == kept).all()


def test_points_beyond_the_limit_are_left_out_and_told(ask: Ask) -> None:
    cloud = np.random.default_rng(0).normal(size=(1, 3000, 3)).astype(np.float32)
    header, arrays = ask([value("m_VERTEX", 1, cloud)], points=500)
    assert (header["points"], header["points_of"]) == (500, 3000) and header["how"]
    apart = np.abs(placed(header, arrays)[:, None] - cloud[0]).max(axis=2).min(axis=1)
    assert apart.max() < 1e-5  # they are real points


def test_fewer_faces_keep_the_shape() -> None:
    side = 200
    x, y = np.meshgrid(np.linspace(-1, 1, side), np.linspace(-1, 1, side))
    sheet = np.stack([x, y, 0.3 * np.sin(3 * x)], axis=-1).reshape(-1, 3)
    corner = (np.arange(side - 1)[:, None] * side + np.arange(side - 1)).ravel()
    faces = np.concatenate([np.stack([corner, corner + 1, corner + side], 1)], axis=0)
    vertices, colors, kept, cells = fewer_faces(sheet, sheet, faces, cell_codes(sheet), 5_000)
    assert 500 < len(kept) <= 5_000 and cells >= 16
    assert kept.max() < len(vertices) == len(colors)
    assert np.abs(vertices[:, 2] - 0.3 * np.sin(3 * vertices[:, 0])).max() < 0.05
