"""Files of profiles: opened by hand, and as they are for elsewhere."""

from __future__ import annotations

import os

from flask import Response, request, send_file

from ..context import get_site
from ..json_answers import json_answer
from .parameters import parameter
from .patient import patient_routes
from .profile_parameters import asked_of_query

__all__ = ["routes"]

routes = patient_routes("profile_files")


@routes.post("/api/profile/file")
def open_file() -> Response:
    """`name=` and the file as the body → an entry as of GET /api/profiles; `beside=` the id of another rank's file."""
    beside = parameter("beside") if "beside" in request.args else None
    return json_answer(get_site().profiles.take(request.stream, parameter("name"), beside))


@routes.get("/api/profile/original")
def original() -> Response:
    """`p=`, `rank=`: the file as it is, for Perfetto and others."""
    asked = asked_of_query()
    path = asked.opened.file(asked.rank).path
    return send_file(path, "application/octet-stream", as_attachment=True, download_name=os.path.basename(path))
