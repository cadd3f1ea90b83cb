"""What the page asks about an embedding: what there is, its columns, searches, neighbours."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from point_answers import LAYER, POINTS, QUERY, arrays_of, finished, points_at

from stepscope.webapp.opening import Opening, Steps
from stepscope.webapp.waiting import Waiting


def test_what_there_is_and_what_can_be_done_with_it(points_client: FlaskClient) -> None:
    answer = points_client.get("/api/projector").json
    (series,) = answer["embeddings"]
    assert (series["run"], series["tag"], series["metadata"], series["sprite"]) == ("run", "layer", True, True)
    assert [(step["step"], step["name"], step["shape"]) for step in series["steps"]] == [
        (0, "layer:00000", [60, 8]), (10, "layer:00010", [60, 8]), (20, "layer:00020", [60, 8]),
    ]  # fmt: skip
    methods = {method["method"]: method for method in answer["methods"]}
    assert {"pca", "tsne", "umap", "axes", "random", "given"} <= methods.keys()
    perplexity = next(each for each in methods["tsne"]["parameters"] if each["name"] == "perplexity")
    assert perplexity["kind"] == "number" and perplexity["live"] is True
    assert answer["metrics"] == ["cosine", "euclidean", "dot", "manhattan"]


def test_info_of_an_embedding(points_client: FlaskClient) -> None:
    info = points_client.get(f"/api/projector/info?{QUERY}").json
    assert (info["points"], info["dimensions"], info["dtype"], info["finite"]) == (60, 8, "float32", 60)
    kinds = {column["name"]: column["kind"] for column in info["columns"]}
    assert kinds == {"name": "category", "group": "category", "half": "number"}
    assert info["sprite"]["width"] == 4 and info["sprite"]["height"] == 6
    assert [page["count"] for page in info["sprite"]["pages"]] == [60]


def test_columns(points_client: FlaskClient) -> None:
    header, arrays = arrays_of(points_client.get(f"/api/projector/column?{QUERY}&column=group").data)
    assert header["names"] == ["a", "b", "c"] and arrays["codes"].dtype == np.uint8
    assert arrays["codes"].tolist() == [0] * 20 + [1] * 20 + [2] * 20
    _, arrays = arrays_of(points_client.get(f"/api/projector/column?{QUERY}&column=half").data)
    assert arrays["values"].dtype == np.float32 and arrays["values"][3] == 1.5
    answer = points_client.get(f"/api/projector/column?{QUERY}&column=none")
    assert answer.status_code == 404 and "there are: name, group, half" in answer.json["error"]


def test_rows(points_client: FlaskClient) -> None:
    rows = points_client.get(f"/api/projector/rows?{QUERY}&rows=21,0").json["rows"]
    assert rows[0] == {"row": 21, "cells": {"name": "point 21", "group": "b", "half": 10.5}}
    assert points_client.get(f"/api/projector/rows?{QUERY}&rows=60").status_code == 400
    many = ",".join(["1"] * 1_001)
    assert points_client.get(f"/api/projector/rows?{QUERY}&rows={many}").status_code == 413


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("q=POINT+1", [1, *range(10, 20)]),
        ("q=^point+.$&regex=1", list(range(10))),
        ('q=b&columns=["group"]', list(range(20, 40))),
        ("q=29.5", [59]),
        ("q=nowhere", []),
    ],
)
def test_search_finds_all_rows(points_client: FlaskClient, asked: str, expected: list[int]) -> None:
    header, arrays = arrays_of(points_client.get(f"/api/projector/search?{QUERY}&{asked}").data)
    assert arrays["rows"].tolist() == expected and header["total"] == len(expected)


def test_a_wrong_pattern_is_refused_with_its_place(points_client: FlaskClient) -> None:
    answer = points_client.get(f"/api/projector/search?{QUERY}&q=a(&regex=1")
    assert answer.status_code == 400 and answer.json["start"] == 2


def test_neighbours_are_exact(points_client: FlaskClient) -> None:
    points = points_at(20).astype(np.float64)
    distances = np.linalg.norm(points - points[7], axis=1)
    nearest = np.argsort(distances, kind="stable")[1:6]
    body = {**LAYER, "rows": [7], "k": 5, "metric": "euclidean"}
    _, arrays = arrays_of(points_client.post("/api/projector/neighbors", json=body).data)
    assert arrays["rows"].tolist() == nearest.tolist()
    assert np.allclose(arrays["distances"], distances[nearest], atol=1e-4)
    within = list(range(40, 60))
    _, arrays = arrays_of(points_client.post("/api/projector/neighbors", json={**body, "within": within}).data)
    assert set(arrays["rows"].tolist()) <= set(within)


def test_neighbours_in_the_layout_stand_beside_them(points_client: FlaskClient) -> None:
    job, _, arrays = finished(points_client, method="pca")
    body = {**LAYER, "rows": [7], "k": 5, "metric": "euclidean", "job": job, "components": [1, 2]}
    header, found = arrays_of(points_client.post("/api/projector/neighbors", json=body).data)
    layout = arrays["coordinates"].reshape(POINTS, -1)[:, 1:3]
    here = np.argsort(np.linalg.norm(layout - layout[7], axis=1))[1:6]
    assert found["here"].tolist() == here.tolist()
    assert header["shared"] == np.isin(found["rows"], here).mean()


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        ({"rows": []}, 400, "rows: expected a list of row numbers"),
        ({"rows": [60]}, 400, "rows: there is no row 60, rows are 0 to 59"),
        ({"rows": [1], "k": 0}, 400, "k: expected a whole number from 1 to 10,000, got 0"),
        ({"rows": [1], "metric": "hamming"}, 400, "metric: expected one of cosine, euclidean, dot, manhattan"),
        ({"rows": [1], "job": "none"}, 404, "there is no job 'none' (any more); start it again"),
        ({"rows": [1], "name": "layer:00005"}, 404, "run 'run' has no embedding 'layer:00005' (any more)"),
    ],
)
def test_wrong_questions(points_client: FlaskClient, body: dict[str, Any], status: int, sentence: str) -> None:
    answer = points_client.post("/api/projector/neighbors", json={**LAYER, **body})
    assert answer.status_code == status and sentence in answer.json["error"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "layer:00020/../x", "\0"])
def test_names_are_looked_up_and_never_paths(points_client: FlaskClient, name: str) -> None:
    assert points_client.get("/api/projector/info", query_string={"run": "run", "name": name}).status_code == 404
    assert points_client.get("/api/projector/info", query_string={"file": name}).status_code == 404
    assert points_client.get("/api/projector/jobs/" + "%2e%2e%2fx/frame").status_code == 404


@pytest.mark.parametrize("route", ["jobs", "neighbors", "quality", "clusters", "jobs/1234"])
def test_only_json_of_the_own_page_is_taken(points_client: FlaskClient, route: str) -> None:
    form = points_client.post(f"/api/projector/{route}", data={"method": "pca"})
    assert form.status_code == 415
    foreign = points_client.post(f"/api/projector/{route}", json={}, headers={"Origin": "http://elsewhere.example"})
    assert foreign.status_code == 403


def test_an_embedding_that_takes_long_to_open_makes_nobody_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stepscope.webapp.opening.PATIENCE", 0.02)
    opening: Opening[object] = Opening(1, lambda _: 1, name="open", too_large="is too large")
    may_end, opened = threading.Event(), object()

    def slow(steps: Steps) -> object:
        steps.tell(1, 2)
        may_end.wait(20)
        return opened

    with pytest.raises(Waiting) as waiting:
        opening.get("key", "Opening vectors.tsv", slow)
    assert waiting.value.progress == {"state": "opening", "message": "Opening vectors.tsv", "done": 1, "total": 2}
    may_end.set()
    monkeypatch.setattr("stepscope.webapp.opening.PATIENCE", 20)
    assert opening.get("key", "Opening vectors.tsv", slow) is opened
