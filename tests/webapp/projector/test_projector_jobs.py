"""Layouts over HTTP: live frames, steering, questions about them, all steps of a tag."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from point_answers import LAYER, POINTS, arrays_of, finished, patiently, points_at

JOBS = "/api/projector/jobs"
LONG = {**LAYER, "method": "tsne", "parameters": {"perplexity": 5, "iterations": 100_000}}


def next_frame(client: FlaskClient, job: str, after: int = 0) -> tuple[dict[str, Any], dict[str, Any]]:
    return arrays_of(client.get(f"{JOBS}/{job}/frame?after={after}").data)


def running(client: FlaskClient, **order: Any) -> tuple[str, dict[str, Any]]:
    """(job, header of the first frame with coordinates) of a t-SNE that goes on and on."""
    job = client.post(JOBS, json={**LONG, **order}).json["job"]
    header, arrays = next_frame(client, job)
    while "coordinates" not in arrays:
        header, arrays = next_frame(client, job, header["n"])
    return job, header


def test_pca_is_the_one_of_numpy(points_client: FlaskClient) -> None:
    _, header, arrays = finished(points_client, method="pca", preprocess=["centre"])
    assert header["state"] == "done" and header["width"] == 8
    centred = points_at(20) - points_at(20).mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    layout = arrays["coordinates"].reshape(POINTS, -1)
    assert np.allclose(np.abs(layout[:, :2]), np.abs(centred @ axes[:2].T), atol=1e-3)
    assert len(header["details"]["explained_variance_ratio"]) >= 2


def test_the_same_order_is_the_same_job_and_its_result_is_there_at_once(points_client: FlaskClient) -> None:
    order = {"method": "pca", "preprocess": ["l2"]}
    none = points_client.post(JOBS, json={**LAYER, **order, "peek": True})
    assert none.json == {"job": None, "state": "none"}
    job, _, _ = finished(points_client, **order)
    again = points_client.post(JOBS, json={**LAYER, **order, "peek": True, "parameters": {"components": 10}})
    assert again.json == {"job": job, "state": "done"}
    assert points_client.post(JOBS, json={**LAYER, **order, "restart": True}).json["job"] != job
    assert {each["job"] for each in points_client.get(JOBS).json["jobs"]} >= {job}


def test_tsne_comes_in_frames_and_can_be_steered(points_client: FlaskClient) -> None:
    job, header = running(points_client, seed=1)
    assert header["state"] == "running" and header["total"] == 100_000
    later, arrays = next_frame(points_client, job, header["n"])
    assert later["n"] > header["n"] and arrays["coordinates"].size == 2 * POINTS
    assert points_client.post(f"{JOBS}/{job}", json={"action": "pause"}).json == {"job": job, "state": "paused"}
    assert points_client.post(f"{JOBS}/{job}", json={"action": "resume"}).status_code == 200
    change = {"action": "change", "parameters": {"learning_rate": 10}}
    assert points_client.post(f"{JOBS}/{job}", json=change).status_code == 200
    header, _ = next_frame(points_client, job)
    while header["values"].get("learning rate") != 10:
        header, _ = next_frame(points_client, job, header["n"])
    assert len(header["curve"]) > 1
    points_client.post(f"{JOBS}/{job}", json={"action": "stop"})
    while header["state"] == "running":
        header, _ = next_frame(points_client, job, header["n"])
    assert header["state"] == "stopped"
    refused = points_client.post(f"{JOBS}/{job}", json={"action": "resume"})
    assert refused.status_code == 409 and "start it again" in refused.json["error"]


def test_a_discarded_job_is_gone(points_client: FlaskClient) -> None:
    job, _ = running(points_client, asker="one")
    points_client.get(f"{JOBS}/{job}/frame?asker=other")
    points_client.post(f"{JOBS}/{job}", json={"action": "discard", "asker": "one"})
    assert points_client.get(f"{JOBS}/{job}/frame?after=0&asker=other").status_code == 200
    points_client.post(f"{JOBS}/{job}", json={"action": "discard"})
    assert points_client.get(f"{JOBS}/{job}/frame").status_code == 404


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        ({"method": "tsna"}, "there is no method 'tsna'"),
        ({"method": "tsne", "parameters": {"perplexity": "x"}}, "perplexity is a number, got 'x'"),
        ({"method": "pca", "parameters": {"k": 1}}, "PCA has no parameter 'k'"),
        ({"method": "pca", "dims": 7}, "dims: expected a whole number from 2 to 3, got 7"),
        ({"method": "pca", "preprocess": "l2"}, "preprocess: expected a list of strings"),
        ({"method": "pca", "seed": -1}, "seed: expected a whole number"),
        ({"method": "pca", "steps": "some", "tag": "layer"}, 'steps: expected "all"'),
        ({"method": "pca", "asker": ["x"]}, "asker: expected a text"),
    ],
)
def test_wrong_orders_are_refused(points_client: FlaskClient, order: dict[str, Any], sentence: str) -> None:
    answer = points_client.post(JOBS, json={**LAYER, **order})
    assert answer.status_code == 400 and sentence in answer.json["error"]


def test_what_the_points_do_not_allow_is_told_with_the_layout_or_instead_of_it(points_client: FlaskClient) -> None:
    _, header, _ = finished(points_client, method="tsne", parameters={"perplexity": 60})
    assert header["state"] == "done" and any("perplexity" in note for note in header["notes"])
    _, header, _ = finished(points_client, method="tsne", parameters={"labels": "nothing"})
    assert header["state"] == "failed" and "has no column 'nothing'" in header["message"]


def test_quality_and_faithfulness_of_a_layout(points_client: FlaskClient) -> None:
    job, _, _ = finished(points_client, method="pca")
    quality = patiently(points_client, "/api/projector/quality", job=job, k=5, sample=50).json
    assert 0.5 < quality["trustworthiness"] <= 1 and 0 < quality["recall"] <= 1
    assert (quality["k"], quality["sample"], quality["points"]) == (5, 50, 60)
    header, arrays = arrays_of(patiently(points_client, f"/api/projector/faithfulness?job={job}&k=5").data)
    assert len(arrays["recall"]) == POINTS
    assert np.isclose(header["mean"], arrays["recall"].mean(), atol=1e-6)
    unit, _, _ = finished(points_client, method="pca", preprocess=["l2"])
    notes = patiently(points_client, "/api/projector/quality", job=unit, k=5, sample=50).json["notes"]
    assert "Measured against the points as the method saw them: l2." in notes
    refused = patiently(points_client, "/api/projector/quality", job=job, k=40)
    assert refused.status_code == 422 and "40" in refused.json["error"]


def test_clusters_have_the_words_of_their_points(points_client: FlaskClient) -> None:
    job, _, _ = finished(points_client, method="pca")
    answer = patiently(points_client, "/api/projector/clusters", job=job, least=5, columns=["group"])
    header, arrays = arrays_of(answer.data)
    assert len(arrays["labels"]) == POINTS and arrays["labels"].dtype.kind == "i"
    assert {cluster["terms"][0] for cluster in header["clusters"]} <= {"a", "b", "c"}
    assert all({"label", "size", "x", "y"} <= cluster.keys() for cluster in header["clusters"])


def test_all_steps_are_one_job_with_a_layout_of_each(points_client: FlaskClient) -> None:
    order = {"run": "run", "tag": "layer", "steps": "all", "method": "pca"}
    _, header, _ = finished(points_client, **order)
    job = points_client.post(JOBS, json=order).json["job"]
    assert header["steps"] == [0, 10, 20]
    frames = [arrays_of(points_client.get(f"{JOBS}/{job}/frame?step={step}").data)[1] for step in (0, 10, 20)]
    assert all(frame["coordinates"].size == 2 * POINTS for frame in frames)
    moved = np.linalg.norm((frames[2]["coordinates"] - frames[1]["coordinates"]).reshape(-1, 2), axis=1)
    assert np.allclose(frames[2]["drift"], moved, atol=1e-4)
    assert points_client.get(f"{JOBS}/{job}/frame?step=5").status_code == 404
    quality = patiently(points_client, "/api/projector/quality", job=job, step=10, k=5, sample=50)
    assert quality.status_code == 200
