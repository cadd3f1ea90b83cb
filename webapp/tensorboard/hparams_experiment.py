"""The experiment: which hyperparameters and metrics there are, as somebody wrote it down or as the runs show it."""

from __future__ import annotations

import math
import posixpath
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from google.protobuf import json_format
from google.protobuf.struct_pb2 import Value

from ...logger.proto.plugins_pb2 import (
    DATA_TYPE_BOOL,
    DATA_TYPE_FLOAT64,
    DATA_TYPE_STRING,
    Experiment,
    HParamInfo,
    HParamType,
    MetricInfo,
    MetricName,
)
from .hparams_log import Said

if TYPE_CHECKING:
    from ...logger import LogDir

__all__ = ["experiment_of", "is_number_json_lacks"]

_TYPES = {"number_value": DATA_TYPE_FLOAT64, "string_value": DATA_TYPE_STRING, "bool_value": DATA_TYPE_BOOL}


def experiment_of(log: LogDir, said: Said, include_metrics: bool, limit: int = 0) -> Experiment:
    """The experiment with its hyperparameters in order: those that differ between runs first, then by name.

    `limit`: at most so many of them; 0 is all.
    """
    experiment = Experiment()
    if said.experiment is not None:
        experiment.CopyFrom(said.experiment)
    else:
        experiment.hparam_infos.extend(_hparam_infos(said))
        if experiment.hparam_infos and include_metrics:
            experiment.metric_infos.extend(_metric_infos(log, set(said.starts)))
    if not include_metrics:
        experiment.ClearField("metric_infos")
    infos = sorted(experiment.hparam_infos, key=lambda info: (not info.differs, info.name))
    experiment.ClearField("hparam_infos")
    experiment.hparam_infos.extend(infos[:limit] if limit else infos)
    return experiment


def is_number_json_lacks(value: Value) -> bool:
    """Whether it is NaN or infinite, which protobuf's JSON refuses."""
    return value.HasField("number_value") and not math.isfinite(value.number_value)


def _hparam_infos(said: Said) -> Iterator[HParamInfo]:
    columns: dict[str, list[Value]] = {}
    for start in said.starts.values():
        for name, value in start.hparams.items():
            columns.setdefault(name, []).append(value)
    for name, values in columns.items():
        kinds = {_TYPES.get(value.WhichOneof("kind") or "") for value in values} - {None}
        if kinds:
            kind = kinds.pop() if len(kinds) == 1 else None
            yield _info(name, DATA_TYPE_STRING if kind is None else kind, values)


def _info(name: str, kind: HParamType, values: list[Value]) -> HParamInfo:
    """The domain: the interval of numbers, otherwise every value."""
    info = HParamInfo(name=name, type=kind)
    if kind == DATA_TYPE_FLOAT64:
        numbers = sorted(value.number_value for value in values)
        info.domain_interval.min_value, info.domain_interval.max_value = numbers[0], numbers[-1]
        info.differs = len(set(numbers)) > 1
        return info
    if kind == DATA_TYPE_BOOL:
        distinct: list[bool] | list[str] = sorted({value.bool_value for value in values})
    else:
        distinct = sorted({_as_text(value) for value in values if _has_text(value)})
    info.domain_discrete.extend(distinct)
    info.differs = len(distinct) > 1
    return info


def _has_text(value: Value) -> bool:
    return value.WhichOneof("kind") in _TYPES and not is_number_json_lacks(value)


def _as_text(value: Value) -> str:
    """A text as it stands in JSON between quotation marks; numbers and truth values as JSON writes them."""
    text = json_format.MessageToJson(value)
    return text[1:-1] if value.HasField("string_value") else text


def _metric_infos(log: LogDir, sessions: set[str]) -> list[MetricInfo]:
    """Every scalar of a session or of a run below one; the group is the way from the session to that run."""
    found = set()
    for run in log.runs:
        session = _session_of(run, sessions)
        if session is None:
            continue
        group = posixpath.relpath(run, session)
        if group == "." and not run.endswith("."):
            group = ""
        found |= {(tag, group) for tag in _scalars(log, run)}
    return [MetricInfo(name=MetricName(group=group, tag=tag)) for tag, group in sorted(found)]


def _scalars(log: LogDir, run: str) -> Iterable[str]:
    try:
        return log.tags(run).get("scalars", ())
    except KeyError:  # the run went away meanwhile
        return ()


def _session_of(run: str, sessions: set[str]) -> str | None:
    """The run itself or the nearest folder above it that is a session."""
    while run not in sessions:
        if not run:
            return None
        run = posixpath.dirname(run)
    return run
