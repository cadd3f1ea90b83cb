"""Files of embeddings: opened by hand, pictures of the points, tables of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, request

from ..attachments import attachment
from ..context import get_log, get_site
from ..json_answers import json_answer
from ..queries import Refused, one_of
from .parameters import parameter
from .patient import patient_routes
from .projector_parameters import in_query, layout_in_query, numbers_in_query, opened_of_query

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..projector.opened import OpenedEmbedding

__all__ = ["routes"]

routes = patient_routes("projector_files")

_ROW_BYTES = 4


@routes.post("/api/projector/file")
def open_file() -> Response:
    """`name=` and the file as the body → `{file, name, shape, notes}`; `file` names it from then on.

    `shape=n,d` of raw float32, `array=` one of several in the file; `of=` another open file whose labels these are.
    """
    store = get_site().projector
    shape = numbers_in_query("shape") if "shape" in request.args else None
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
    """`form=csv|tsv|npy`, `job=`: the points as a file, those of `rows=1,5,9` or of a body of row numbers (uint32).

    `form=html`: all points and the layouts of one to four `job=` (each with its `dims=`), of jobs over all steps
    at one `step=`, as a page of its own.
    """
    from ..projector.downloads import FORMS, npy, table

    form = one_of(request.args.get("form", "csv"), (*FORMS, "html"), "form")
    opened = opened_of_query()
    embedding = opened.embedding
    if form == "html":
        return _page(opened)
    rows, layout = _rows(len(embedding)), _layout(len(embedding))
    content = npy(embedding, rows, layout) if form == "npy" else table(embedding, rows, layout, form)
    headers = {"Content-Disposition": attachment(f"{embedding.name}.{form}")}
    return Response(content, content_type=FORMS[form], headers=headers)


def _page(opened: OpenedEmbedding) -> Response:
    """The layouts of `job=`, which may be repeated, in one file with the points. Raises Refused."""
    from ..projector.job_page import page_of_jobs

    site, embedding = get_site(), opened.embedding
    content = page_of_jobs(
        site.assets, site.projector.jobs, embedding, request.args.getlist("job"), request.args.getlist("dims"),
        step=in_query("step") if "step" in request.args else None,
        notes=_one_step(opened),
    )  # fmt: skip
    headers = {"Content-Disposition": attachment(f"{embedding.name}.html")}
    return Response(content, content_type="text/html; charset=utf-8", headers=headers)


def _one_step(opened: OpenedEmbedding) -> tuple[str, ...]:
    """That the tag has other steps, where it has."""
    from ..projector.listing import one_step_told
    from ..projector.naming import LoggedEmbedding

    if not isinstance(opened.name, LoggedEmbedding):
        return ()
    listing, log = get_site().projector.listing, get_log()
    return one_step_told(listing.find(log, opened.name.run, opened.name.name), listing.found(log))


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
    return find_layout(get_site().projector.jobs, layout_in_query(), points).coordinates


def _rows(points: int) -> NDArray[np.int64] | None:
    """The rows that are asked for; None for all. Raises Refused."""
    import numpy as np  # not at the top: the first page needs no numpy

    if request.method == "POST":
        data = request.get_data(cache=False)
        if len(data) % _ROW_BYTES:
            raise Refused(f"the body has {len(data):,} bytes: expected row numbers of 4 bytes each")
        rows = np.frombuffer(data, "<u4").astype(np.int64)
    elif "rows" in request.args:
        rows = np.array(numbers_in_query("rows"), np.int64)
    else:
        return None
    if len(rows) and int(rows.max()) >= points:
        raise Refused(f"rows: there is no row {int(rows.max()):,}, rows are 0 to {points - 1:,}")
    return rows
