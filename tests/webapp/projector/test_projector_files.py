"""Files of embeddings: thumbnails cut into pages, tables of points, files opened by hand."""

from __future__ import annotations

import base64
import io
import json
import re
import zlib
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image
from point_answers import BYTES, POINTS, QUERY, arrays_of, finished, points_at

from stepscope.projector.embedding import Sprite
from stepscope.webapp.projector import uploads
from stepscope.webapp.projector.atlas import Atlas


def picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def upload(client: FlaskClient, name: str, data: bytes, **more: str) -> Any:
    return client.post("/api/projector/file", query_string={"name": name, **more}, data=data, content_type=BYTES)


def test_thumbnails(points_client: FlaskClient) -> None:
    whole = points_client.get(f"/api/projector/sprite?{QUERY}&page=0")
    assert whole.content_type == "image/png"
    page = points_client.get(f"/api/projector/info?{QUERY}").json["sprite"]["pages"][0]
    assert picture(whole.data).size == (4 * page["columns"], 6 * page["rows"])
    last = picture(points_client.get(f"/api/projector/thumbnail?{QUERY}&row=59&size=60").data)
    assert last.size == (40, 60) and last.getpixel((0, 0)) == (255, 0, 0)
    assert points_client.get(f"/api/projector/thumbnail?{QUERY}&row=60").status_code == 404
    assert points_client.get(f"/api/projector/sprite?{QUERY}&page=1").status_code == 404


def test_pages_hold_all_thumbnails_in_their_order() -> None:
    """As many as 8,192 × 8,192 pixels hold: two pages a side, nothing is lost."""
    shades = (np.arange(64 * 64) % 251).astype(np.uint8).reshape(64, 64)
    sheet = io.BytesIO()
    Image.fromarray(shades.repeat(128, 0).repeat(128, 1)).save(sheet, "PNG", compress_level=1)
    atlas = Atlas(Sprite(sheet.getvalue, 128, 128, 64, 4096), 4090)
    pages = atlas.as_json()["pages"]
    assert [page["first"] for page in pages] == [0, 1024, 2048, 3072] and sum(page["count"] for page in pages) == 4090
    third = Image.open(io.BytesIO(atlas.page(2)))
    assert third.size == (4096, 4096)
    assert third.getpixel((5 * 128 + 64, 1 * 128 + 64)) == (2048 + 32 + 5) % 251


def test_too_many_thumbnails_are_made_smaller() -> None:
    atlas = Atlas(Sprite(bytes, 100, 50, 1000, 1_000_000), 1_000_000)
    assert atlas.pages <= 4 and atlas.width / atlas.height == pytest.approx(2, rel=0.2)


def test_a_table_of_points_with_their_layout(points_client: FlaskClient) -> None:
    job, _, arrays = finished(points_client, method="pca")
    answer = points_client.get(f"/api/projector/download?{QUERY}&form=csv&job={job}&rows=2,1")
    lines = answer.text.split("\r\n")
    assert lines[0] == "row,name,group,half,x,y"
    x, y = arrays["coordinates"].reshape(POINTS, -1)[2, :2]
    assert lines[1].split(",")[:4] == ["2", "point 2", "a", "1"]
    assert np.allclose([float(cell) for cell in lines[1].split(",")[4:]], [x, y])
    assert 'filename="layer_00020.csv"' in answer.headers["Content-Disposition"]


def test_the_rows_of_a_selection_are_posted(points_client: FlaskClient) -> None:
    rows = np.array([59, 0], "<u4").tobytes()
    answer = points_client.post(f"/api/projector/download?{QUERY}&form=tsv", data=rows, content_type=BYTES)
    assert answer.text == "row\tname\tgroup\thalf\n59\tpoint 59\tc\t29.5\n0\tpoint 0\ta\t0\n"
    wrong = points_client.post(
        f"/api/projector/download?{QUERY}", data=np.array([60], "<u4").tobytes(), content_type=BYTES
    )
    assert wrong.status_code == 400 and "there is no row 60" in wrong.json["error"]


def test_points_and_layouts_as_arrays(points_client: FlaskClient) -> None:
    answer = points_client.get(f"/api/projector/download?{QUERY}&form=npy")
    assert np.allclose(np.load(io.BytesIO(answer.data)), points_at(20), atol=1e-4)
    job, _, _ = finished(points_client, method="pca")
    answer = points_client.get(f"/api/projector/download?{QUERY}&form=npy&job={job}&components=0,1,2&rows=5")
    assert np.load(io.BytesIO(answer.data)).shape == (1, 3)


def test_layouts_as_a_page_of_its_own(points_client: FlaskClient) -> None:
    job, _, _ = finished(points_client, method="pca")
    answer = points_client.get(f"/api/projector/download?{QUERY}&form=html&job={job}&dims=2")
    assert answer.status_code == 200
    assert answer.data.startswith(b"<!doctype html>")
    refused = points_client.get(f"/api/projector/download?{QUERY}&form=html&job={job}&dims=2&dims=3")
    assert (refused.status_code, refused.json) == (400, {"error": "dims= goes with each job= and is 2 or 3, got 2, 3"})


def test_a_page_of_one_step_tells_that_there_are_others(points_client: FlaskClient) -> None:
    order = {"run": "run", "tag": "layer", "steps": "all", "method": "pca"}
    job, _, _ = finished(points_client, **order)
    query = "run=run&name=layer:00010&form=html"
    answer = points_client.get(f"/api/projector/download?{query}&job={job}&step=10&dims=2")
    kept = kept_in(answer.data)
    assert json.loads(kept["info"].tobytes())["notes"][0] == (
        "layer has 3 steps, 0 to 20: this file holds step 10 alone. The Projector page plays all of them."
    )
    _, step = arrays_of(points_client.get(f"/api/projector/jobs/{job}/frame?step=10").data)
    assert np.array_equal(arrays_of(kept["frame 0"].tobytes())[1]["coordinates"], step["coordinates"])
    missing = points_client.get(f"/api/projector/download?{query}&job={job}&step=15")
    assert missing.status_code == 404


def kept_in(page: bytes) -> dict[str, Any]:
    """What a page of its own would be answered, by question."""
    packed = re.search(rb'id="page-data">([^<]*)<', page)
    assert packed
    return arrays_of(zlib.decompress(base64.b64decode(packed[1])))[1]


def test_a_file_is_opened_by_hand_and_laid_out(points_client: FlaskClient) -> None:
    written = io.BytesIO()
    np.save(written, points_at(0))
    answer = upload(points_client, "../up/vectors.npy", written.getvalue()).json
    assert (answer["name"], answer["shape"]) == ("vectors.npy", [60, 8])
    labels = "\n".join("xyz"[row % 3] for row in range(POINTS)).encode()
    labelled = upload(points_client, "labels.tsv", labels, of=answer["file"]).json
    header, _ = arrays_of(points_client.get(f"/api/projector/column?file={labelled['file']}&column=label").data)
    assert header["names"] == ["x", "y", "z"]
    job = points_client.post("/api/projector/jobs", json={"file": labelled["file"], "method": "pca"})
    assert job.status_code == 200
    listed = points_client.get("/api/projector").json["files"]
    assert {each["file"] for each in listed} >= {answer["file"], labelled["file"]}


def test_the_same_file_is_the_same_embedding(points_client: FlaskClient) -> None:
    first, second = (upload(points_client, "a.csv", b"1,2\n3,4\n5,7\n").json["file"] for _ in range(2))
    assert first == second != upload(points_client, "a.csv", b"1,2\n3,4\n5,8\n").json["file"]


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("weights.pt", b"PK\x03\x04", "is a pickle, which runs code when it is opened, so it never is"),
        ("empty.npy", b"", "'empty.npy' is empty"),
        ("page.html", b"<html>", "page.html: files that can be read are"),
        ("cut.npy", b"\x93NUMPY\x01\x00", "cut.npy"),
    ],
)
def test_what_holds_no_points_is_refused(points_client: FlaskClient, name: str, data: bytes, sentence: str) -> None:
    answer = upload(points_client, name, data)
    assert answer.status_code == 422 and sentence in answer.json["error"]
    assert all(each["name"] != name for each in points_client.get("/api/projector").json["files"])


def test_a_file_may_be_only_so_large(points_client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_FILE_BYTES", 100)
    assert upload(points_client, "a.csv", b"1,2\n" * 100).status_code == 413
    assert points_client.post("/api/projector/file?name=a.csv", json={}).status_code == 415
    foreign = {"Sec-Fetch-Site": "cross-site"}
    answer = points_client.post("/api/projector/file?name=a", data=b"1", content_type=BYTES, headers=foreign)
    assert answer.status_code == 403
