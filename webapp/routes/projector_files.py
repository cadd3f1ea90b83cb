"""Files of embeddings: opened by hand, pictures of the points, tables of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from flask import Response, request
from numpy.typing import NDArray

from ..attachments import attachment
from ..context import get_site
from ..json_answers import json_answer
from ..queries import Refused, one_of
from .parameters import parameter
from .projector_parameters import in_query, opened_of_query, patient_routes

__all__ = ["routes"]

routes = patient_routes("projector_files")

_ROW_BYTES = 4


@routes.post("/api/projector/file")
def open_file() -> Response:
    """`name=` and the file as the body → `{file, name, shape, notes}`; `file` names it from then on.

    `shape=n,d` of raw float32, `array=` one of several in the file; `of=` another open file whose labels these are.
    """
    store = get_site().projector
    shape = _numbers("shape") if "shape" in request.args else None
    upload = store.uploads.take(request.stream, parameter("name"), shape, request.args.get("array"))
    if "of" in request.args:
        upload = store.uploads.with_metadata(store.uploads.find(parameter("of")), upload)
    return json_answer(store.first_look(upload))


@routes.get("/api/projector/sprite")
def sprite() -> Response:
    """`page=` of the thumbnails as PNG, see atlas.py."""
    atlas = _atlas()
    return Response(atlas.page(in_query("page", 0)), content_type="image/png")


@routes.get("/api/projector/thumbnail")
def thumbnail() -> Response:
    """The thumbnail of `row=` as PNG, enlarged up to `size=` pixels."""
    atlas = _atlas()
    return Response(atlas.thumbnail(in_query("row"), in_query("size", 64)), content_type="image/png")


@routes.route("/api/projector/download", methods=["GET", "POST"])
def download() -> Response:
    """`form=csv|tsv|npy`, `job=`: the points as a file, those of `rows=1,5,9` or of a body of row numbers (uint32)."""
    from ..projector.downloads import FORMS, npy, table

    form = one_of(request.args.get("form", "csv"), tuple(FORMS), "form")
    embedding = opened_of_query().embedding
    rows, layout = _rows(len(embedding)), _layout(len(embedding))
    content = npy(embedding, rows, layout) if form == "npy" else table(embedding, rows, layout, form)
    headers = {"Content-Disposition": attachment(f"{embedding.name}.{form}")}
    return Response(content, content_type=FORMS[form], headers=headers)


def _atlas() -> Any:
    """Raises Refused (404) where there are no thumbnails."""
    opened = opened_of_query()
    if opened.atlas is None:
        raise Refused(f"{opened.embedding.name} has no thumbnails", 404)
    return opened.atlas


def _layout(points: int) -> NDArray[np.float32] | None:
    """The layout of `job=`, `step=` and `components=`; None where none is named. Raises Refused."""
    from ..projector.layouts import find_layout

    if "job" not in request.args:
        return None
    fields: dict[str, Any] = {"job": parameter("job")}
    if "step" in request.args:
        fields["step"] = in_query("step")
    if "components" in request.args:
        fields["components"] = _numbers("components")
    return find_layout(get_site().projector.jobs, fields, points).coordinates


def _rows(points: int) -> NDArray[np.int64] | None:
    """The rows that are asked for; None for all. Raises Refused."""
    if request.method == "POST":
        data = request.get_data(cache=False)
        if len(data) % _ROW_BYTES:
            raise Refused(f"the body has {len(data):,} bytes: expected row numbers of 4 bytes each")
        rows = np.frombuffer(data, "<u4").astype(np.int64)
    elif "rows" in request.args:
        rows = np.array(_numbers("rows"), np.int64)
    else:
        return None
    if len(rows) and int(rows.max()) >= points:
        raise Refused(f"rows: there is no row {int(rows.max()):,}, rows are 0 to {points - 1:,}")
    return rows


def _numbers(name: str) -> list[int]:
    listed = parameter(name).split(",")
    if not all(text.isascii() and text.isdecimal() and len(text) < 12 for text in listed):
        raise Refused(f"{name}: expected whole numbers with commas between them, got {parameter(name)[:80]!r}")
    return [int(text) for text in listed]
