"""TensorBoard's Time Series plugin: tags and series of scalars, histograms and images."""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from ...logger.errors import LogError
from ..context import get_log
from ..json_answers import json_answer
from ..numbers import cleansed
from ..queries import Refused, parse_json
from .tensorboard import description_html, scalar_rows

if TYPE_CHECKING:
    from ...logger import LogDir
    from ...logger.reader import BlobSeries
    from ...logger.reader.values import Histogram

__all__ = ["routes"]

routes = Blueprint("tensorboard_series", __name__)

_SINGLE_RUN = ("histograms", "images")
_PLUGINS = ("scalars", *_SINGLE_RUN)
_MOST_REQUESTS = 1_000
_KEPT_IMAGES = 10
_HEADER_STRINGS = 2  # width and height come before the pictures of an image summary


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
            sampled.setdefault(tag, {})[run] = {"maxSamplesPerStep": _most_samples(log, run, tag)}
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
    run, tag, step, index = _parse_image_id(request.args.get("imageId", ""))
    series = get_log().images(run, tag)
    for i, at in enumerate(series.step.tolist()):
        if at == step:
            image = series[i]
            if 0 <= index - _HEADER_STRINGS < len(image.samples):
                return Response(image.samples[index - _HEADER_STRINGS], content_type=image.mime)
    raise Refused("there is no such image", 404)


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
        blobs = log.blobs(run, plugin, tag)
    except KeyError:
        return []
    if plugin == "histograms":
        return [
            {"wallTime": cleansed(wall), "step": step, "bins": _bins(value)} for wall, step, value in _readable(blobs)
        ]
    return [
        {"step": step, "wallTime": cleansed(wall), "imageId": _image_id(run, tag, step, sample + _HEADER_STRINGS)}
        for wall, step, image in _readable(blobs)
        if 0 <= sample < len(image.samples)
    ]


def _readable(blobs: BlobSeries, begin: int = 0) -> Iterator[tuple[float, int, Any]]:
    """(wall time, step, value) of each value from `begin` that can be decoded: a bad one hides no others."""
    for i in range(begin, len(blobs)):
        try:
            yield float(blobs.wall_time[i]), int(blobs.step[i]), blobs[i]
        except LogError:
            continue


def _bins(histogram: Histogram) -> list[dict[str, float | str]]:
    """The buckets, the outermost edges of a HistogramProto replaced by its minimum and maximum, as TensorBoard does."""
    columns = [column.tolist() for column in (histogram.left, histogram.right, histogram.counts)]
    if columns[0] and not math.isnan(histogram.sum):  # a tensor of buckets has no sum, and its own edges
        columns[0][0], columns[1][-1] = histogram.min, histogram.max
    return [
        {"min": cleansed(left), "max": cleansed(right), "count": cleansed(count)}
        for left, right, count in zip(*columns, strict=True)
    ]


def _most_samples(log: LogDir, run: str, tag: str) -> int:
    """Pictures in one summary; of the newest ones, as many as TensorBoard keeps, because each has to be read."""
    images = log.images(run, tag)
    newest = _readable(images, max(0, len(images) - _KEPT_IMAGES))
    return max((len(image.samples) for _, _, image in newest), default=0)


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
    if len(descriptions) == 1:
        return description_html(next(iter(descriptions)))
    parts = ["<h1>Multiple descriptions</h1>"]
    for description, runs in sorted(descriptions.items()):
        names = escape(", ".join(sorted(runs)), quote=False)
        parts += [f"<h2>For {'runs' if len(runs) > 1 else 'run'}: {names}</h2>", description_html(description)]
    return "\n".join(parts)


def _image_id(run: str, tag: str, step: int, index: int) -> str:
    """An opaque key, made like TensorBoard's: experiment, run, tag, step, index."""
    key = json.dumps(["", run, tag, step, index], separators=(",", ":"))
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _parse_image_id(image_id: str) -> tuple[str, str, int, int]:
    try:
        key = json.loads(base64.urlsafe_b64decode(image_id + "=" * (-len(image_id) % 4)))
        _, run, tag, step, index = key
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise Refused(f"imageId: {image_id[:80]!r} is not one this server gave out") from None
    if not (isinstance(run, str) and isinstance(tag, str) and isinstance(step, int) and isinstance(index, int)):
        raise Refused(f"imageId: {image_id[:80]!r} is not one this server gave out")
    return run, tag, step, index
