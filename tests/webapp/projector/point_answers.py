"""Asking about embeddings, and reading the answers as the page does."""

from __future__ import annotations

import json
import struct
import time
from typing import Any

import numpy as np
from flask.testing import FlaskClient

LAYER = {"run": "run", "name": "layer:00020"}
QUERY = "run=run&name=layer:00020"
BYTES = "application/octet-stream"
POINTS = 60


def points_at(step: int) -> np.ndarray[Any, Any]:
    """Three groups of 20 points in 8 dimensions, which drift apart."""
    rng = np.random.default_rng(0)
    groups = np.repeat(np.eye(3, 8), POINTS // 3, axis=0) * (5 + step)
    return (groups + rng.normal(size=(POINTS, 8))).astype(np.float32)


def arrays_of(data: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """The header and the arrays of a binary frame."""
    assert data[:4] == b"SSB1", data[:200]
    (length,) = struct.unpack("<I", data[4:8])
    header = json.loads(data[8 : 8 + length])
    found = {}
    for name, place in header["arrays"].items():
        assert place["at"] % 8 == 0
        dtype = np.dtype(place["dtype"]).newbyteorder("<")
        found[name] = np.frombuffer(data, dtype, place["n"], 8 + length + place["at"])
    return header, found


def patiently(client: FlaskClient, path: str, **body: Any) -> Any:
    """The answer, asked for again while it is being made: of a POST where there is a body, else of a GET."""
    end = time.monotonic() + 60
    while True:
        answer = client.post(path, json=body) if body else client.get(path)
        if answer.status_code != 202:
            return answer
        assert time.monotonic() < end, answer.json


def finished(client: FlaskClient, **order: Any) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """(job, all that was told of it, the arrays of its last frame)."""
    started = client.post("/api/projector/jobs", json={**LAYER, **order})
    assert started.status_code == 200, started.json
    job, arrays, header = started.json["job"], {}, {"n": 0, "state": "running"}
    while header["state"] not in ("done", "stopped", "failed"):
        told, newer = arrays_of(client.get(f"/api/projector/jobs/{job}/frame?after={header['n']}").data)
        header, arrays = {**header, **told}, newer or arrays
    return job, header, arrays
