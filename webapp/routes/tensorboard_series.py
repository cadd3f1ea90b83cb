"""TensorBoard's Time Series plugin: tags and series of scalars, histograms and images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from ..context import get_log
from ..json_answers import json_answer
from ..numbers import cleansed
from ..queries import Refused, parse_json
from ..tensorboard.blob_keys import blob_keys, read_key
from ..tensorboard.described import description_html
from ..tensorboard.pictures import FIRST, picture
from ..tensorboard.samples import most_samples, samples_in
from ..tensorboard.scalars import scalar_rows
from ..tensorboard.stored import read_all

if TYPE_CHECKING:
    from ...logger import LogDir
    from ...logger.reader import BlobSeries
    from ...logger.reader.values import Histogram

__all__ = ["routes"]

routes = Blueprint("tensorboard_series", __name__)

_SINGLE_RUN = ("histograms", "images")
_PLUGINS = ("scalars", *_SINGLE_RUN)
_MOST_REQUESTS = 1_000


@routes.get("/data/plugin/timeseries/tags")
def tags() -> Response:
    """{scalars: {runTagInfo, tagDescriptions}, histograms: likewise, images: {tagDescriptions, tagRunSampledInfo}}"""
    log = get_log()
    by_kind: dict[str, dict[str, list[str]]] = {kind: {} for kind in _PLUGINS}
    for run in log.runs:
        for kind, names in log.tags(run).items():
            if kind in by_kind and names:
                by_kind[kind][run] = sorted(names)
    sampled: dict[str, dict[str, Any]] = {}
    images = by_kind.pop("images")
    for run, names in images.items():
        for tag in names:
            sampled.setdefault(tag, {})[run] = {"maxSamplesPerStep": most_samples(log.images(run, tag))}
    answer: dict[str, Any] = {
        kind: {"runTagInfo": runs, "tagDescriptions": _descriptions(log, kind, runs)} for kind, runs in by_kind.items()
    }
    answer["images"] = {"tagDescriptions": _descriptions(log, "images", images), "tagRunSampledInfo": sampled}
    return json_answer(answer)


@routes.route("/data/plugin/timeseries/timeSeries", methods=["GET", "POST"])
def time_series() -> Response:
    """One answer for each entry of the JSON list in the field `requests`."""
    field = (request.form if request.method == "POST" else request.args).get("requests")
    if not field:
        raise Refused("requests: expected a JSON list in this field, got nothing")
    wanted = parse_json(field.encode())
    if not isinstance(wanted, list) or not all(isinstance(entry, dict) for entry in wanted):
        raise Refused("requests: expected a list of objects")
    if len(wanted) > _MOST_REQUESTS:
        raise Refused(f"requests: {len(wanted):,} asked for, at most {_MOST_REQUESTS:,} are answered at once")
    log = get_log()
    return json_answer([_answer(log, entry) for entry in wanted])


@routes.get("/data/plugin/timeseries/imageData")
def image_data() -> Response:
    """The picture behind an imageId."""
    data, content_type = picture(get_log(), read_key(request.args.get("imageId", ""), "imageId"))
    return Response(data, content_type=content_type)


def _answer(log: LogDir, entry: dict[str, Any]) -> dict[str, Any]:
    plugin, tag, run, sample = (entry.get(key) for key in ("plugin", "tag", "run", "sample"))
    answer: dict[str, Any] = {"plugin": plugin, "tag": tag}
    if isinstance(run, str):
        answer["run"] = run
    if isinstance(sample, int):
        answer["sample"] = sample
    error = _problem(plugin, tag, run, sample)
    if error:
        return {**answer, "error": error}
    runs = [run] if run else log.runs
    series = {name: _series(log, name, str(plugin), str(tag), sample or 0) for name in runs}
    return {**answer, "runToSeries": {name: steps for name, steps in series.items() if steps}}


def _problem(plugin: Any, tag: Any, run: Any, sample: Any) -> str | None:
    """TensorBoard's own words for what is missing."""
    if not isinstance(tag, str):
        return "Missing tag"
    if plugin not in _PLUGINS:
        return "Invalid plugin"
    if plugin in _SINGLE_RUN and not isinstance(run, str):
        return "Missing run"
    if plugin == "images" and not isinstance(sample, int):
        return "Missing sample"
    return None


def _series(log: LogDir, run: str, plugin: str, tag: str, sample: int) -> list[dict[str, Any]]:
    """The steps of one series; none when the run does not have it."""
    try:
        if plugin == "scalars":
            rows = scalar_rows(log.scalars(run, tag).latest())
            return [{"wallTime": cleansed(wall), "step": step, "value": cleansed(value)} for wall, step, value in rows]
        blobs = log.blobs(run, plugin, tag).latest()
    except KeyError:
        return []
    if plugin == "images":
        return _images(run, tag, blobs, sample)
    return [
        {"wallTime": cleansed(float(blobs.wall_time[i])), "step": int(blobs.step[i]), "bins": _bins(value)}
        for i, value in read_all(blobs)
    ]


def _bins(histogram: Histogram) -> list[dict[str, float | str]]:
    from ..tensorboard.histograms import buckets

    return [
        {"min": cleansed(left), "max": cleansed(right), "count": cleansed(count)}
        for left, right, count in buckets(histogram).tolist()
    ]


def _images(run: str, tag: str, series: BlobSeries, sample: int) -> list[dict[str, Any]]:
    keys = blob_keys(run, tag, series.step.tolist(), sample + FIRST)
    rows = zip(series.step.tolist(), series.wall_time.tolist(), samples_in(series), keys, strict=True)
    return [
        {"step": step, "wallTime": cleansed(wall), "imageId": key}
        for step, wall, count, key in rows
        if 0 <= sample < count
    ]


def _descriptions(log: LogDir, kind: str, runs: dict[str, list[str]]) -> dict[str, str]:
    """tag → HTML, for tags that have a description; different ones of several runs one after another."""
    found: dict[str, dict[str, list[str]]] = {}
    for run, tags in runs.items():
        for tag in tags:
            series = log.scalars(run, tag) if kind == "scalars" else log.blobs(run, kind, tag)
            if series.metadata.description:
                found.setdefault(tag, {}).setdefault(series.metadata.description, []).append(run)
    return {tag: _combined(descriptions) for tag, descriptions in found.items()}


def _combined(descriptions: dict[str, list[str]]) -> str:
    """One description, or several, each below the runs that have it."""
    if len(descriptions) == 1:
        return description_html(next(iter(descriptions)))
    parts = ["# Multiple descriptions"]
    for description, runs in sorted(descriptions.items()):
        names = ", ".join(sorted(runs))
        parts.append(f"## For {'runs' if len(runs) > 1 else 'run'}: {names}\n{description}")
    return description_html("\n".join(parts))
