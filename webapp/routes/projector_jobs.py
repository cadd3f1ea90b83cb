"""Layouts as jobs: started, followed frame by frame, paused, changed, stopped."""

from __future__ import annotations

from flask import Response, request

from ..context import get_log, get_site
from ..json_answers import json_answer
from ..projector.fields import short_text
from ..queries import as_object, one_of
from .patient import binary, patient_routes
from .projector_parameters import body, in_query, opened_of

__all__ = ["routes"]

routes = patient_routes("projector_jobs")

_ACTIONS = ("pause", "resume", "stop", "change", "discard")


@routes.post("/api/projector/jobs")
def start_job() -> Response:
    """`{embedding…, method, dims, preprocess, seed, parameters, restart?, peek?, asker?}` → `{job, state}`.

    The same content and settings are the same job, whoever asks; with `peek` it is only looked for (`job` null: none).
    `asker` names a page: what it discards goes on for the others.
    """
    from ..projector.starting import task_of

    fields = body()
    jobs = get_site().projector.jobs
    task = task_of(get_site().projector, get_log, fields, opened_of)
    if fields.get("peek"):
        job = jobs.same(task)
    else:
        job = jobs.start(task, restart=bool(fields.get("restart")), asker=short_text(fields.get("asker", ""), "asker"))
    return json_answer({"job": None, "state": "none"} if job is None else {"job": job.id, "state": job.state})


@routes.get("/api/projector/jobs")
def jobs() -> Response:
    """`{jobs}`: all layouts that run, wait or are over, the last one first."""
    from ..projector.layouts import jobs_as_json

    return json_answer({"jobs": jobs_as_json(get_site().projector.jobs)})


@routes.get("/api/projector/jobs/<job>/frame")
def job_frame(job: str) -> Response:
    """`after=` the `n` of the last answer: waits up to 10 s for more; `step=`: the layout of one step, at once."""
    from ..projector.layouts import frame_of, step_frame

    site = get_site()
    jobs = site.projector.jobs
    if "step" in request.args:
        return binary(step_frame(jobs, job, in_query("step")))
    asker = short_text(request.args.get("asker", ""), "asker")
    return binary(frame_of(jobs, job, in_query("after", 0), asker, site.source.closing))


@routes.post("/api/projector/jobs/<job>")
def steer_job(job: str) -> Response:
    """`{action: pause|resume|stop|change|discard, parameters?, asker?}` → `{job, state}`."""
    from ..projector.layouts import steer

    fields = body()
    action = one_of(fields.get("action"), _ACTIONS, "action")
    parameters = as_object(fields.get("parameters") or {}, "parameters")
    asker = short_text(fields.get("asker", ""), "asker")
    return json_answer(steer(get_site().projector.jobs, job, action, parameters, asker))
