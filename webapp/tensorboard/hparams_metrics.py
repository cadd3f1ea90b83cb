"""The last values of metrics, by session and by group of sessions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ...logger.proto.hparams_api_pb2 import (
    AGGREGATION_AVG,
    AGGREGATION_MAX,
    AGGREGATION_MEDIAN,
    AGGREGATION_MIN,
    AGGREGATION_UNSET,
    ListSessionGroupsRequest,
    MetricValue,
    Session,
    SessionGroup,
)
from ...logger.proto.plugins_pb2 import MetricInfo, MetricName
from ..queries import Refused

if TYPE_CHECKING:
    from ...logger import LogDir

__all__ = ["aggregate", "find_value", "last_values", "metric_series"]

_LARGEST_STEP = 2**31 - 1  # the message has 32 bits for it

Last = dict[tuple[str, str], tuple[float, int, float]]  # (run, tag) → wall time, step, value


def metric_series(session: str, metric: MetricName) -> tuple[str, str]:
    """(run, tag) of a session's metric: its group is a folder below the session."""
    run = f"{session.rstrip('/')}/{metric.group}" if session and not metric.group.startswith("/") else metric.group
    return (run if metric.group else session).removesuffix("/"), metric.tag


def last_values(log: LogDir, sessions: Iterable[str], metrics: Iterable[MetricInfo]) -> Last:
    """The newest point of each metric of each session that has it."""
    runs_of: dict[str, dict[str, None]] = {}
    names = [info.name for info in metrics]
    for session in sessions:
        for name in names:
            run, tag = metric_series(session, name)
            runs_of.setdefault(tag, {})[run] = None
    found: Last = {}
    for tag, wanted in runs_of.items():
        runs = list(wanted)
        columns = log.scalar_columns(tag, runs)
        for run, end in zip(columns.run.tolist(), columns.offsets[1:].tolist(), strict=True):
            point = columns.wall_time[end - 1], columns.step[end - 1], columns.value[end - 1]
            found[runs[run], tag] = float(point[0]), int(point[1]), float(point[2])
    return found


def session_values(session: str, metrics: Iterable[MetricInfo], last: Last) -> list[MetricValue]:
    """The session's metrics, in order of `metrics`, without those that it lacks."""
    values = []
    for info in metrics:
        point = last.get(metric_series(session, info.name))
        if point is not None:
            wall, step, value = point
            step = max(-_LARGEST_STEP - 1, min(step, _LARGEST_STEP))
            values.append(MetricValue(name=info.name, wall_time_secs=wall, training_step=step, value=value))
    return values


def find_value(holder: Session | SessionGroup, metric: MetricName) -> MetricValue | None:
    """The holder's value of a metric; None where it has none."""
    return next((value for value in holder.metric_values if value.name == metric), None)


def aggregate(group: SessionGroup, request: ListSessionGroupsRequest) -> None:
    """Give the group the metrics of its sessions: their averages, or those of one session that a metric chooses.

    Raises Refused.
    """
    kind, metric = request.aggregation_type, request.aggregation_metric
    if kind in (AGGREGATION_AVG, AGGREGATION_UNSET):
        _average(group)
        return
    if kind not in (AGGREGATION_MEDIAN, AGGREGATION_MIN, AGGREGATION_MAX):
        raise Refused(f"aggregationType: {kind} is not known")
    measured = [(value.value, session) for session in group.sessions if (value := find_value(session, metric))]
    if not measured:
        return
    if kind == AGGREGATION_MEDIAN:
        chosen = sorted(measured, key=_value)[(len(measured) - 1) // 2]
    else:
        chosen = (min if kind == AGGREGATION_MIN else max)(measured, key=_value)
    group.metric_values.extend(chosen[1].metric_values)


def _value(measured: tuple[float, Session]) -> float:
    return measured[0]


def _average(group: SessionGroup) -> None:
    """Averages of value, step (rounded down) and wall time over the sessions that have the metric."""
    found: dict[tuple[str, str], list[MetricValue]] = {}
    for session in group.sessions:
        for value in session.metric_values:
            found.setdefault((value.name.group, value.name.tag), []).append(value)
    for values in found.values():
        count = len(values)
        group.metric_values.add(
            name=values[0].name,
            value=sum(value.value for value in values) / count,
            training_step=sum(value.training_step for value in values) // count,
            wall_time_secs=sum(value.wall_time_secs for value in values) / count,
        )
