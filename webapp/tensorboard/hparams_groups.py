"""Sessions, those with the same hyperparameters in one group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...logger.proto.hparams_api_pb2 import ListSessionGroupsRequest, ListSessionGroupsResponse, Session, SessionGroup
from .hparams_columns import filtered, keep_included, sort_groups
from .hparams_experiment import experiment_of, is_number_json_lacks
from .hparams_log import Said, what_is_said
from .hparams_metrics import Last, aggregate, last_values, session_values

if TYPE_CHECKING:
    from ...logger import LogDir
    from ...logger.proto.plugins_pb2 import Experiment, SessionStartInfo

__all__ = ["list_groups", "wants_metrics"]


def list_groups(log: LogDir, request: ListSessionGroupsRequest) -> ListSessionGroupsResponse:
    """The groups that the request asks for. Raises Refused."""
    said = what_is_said(log)
    experiment = experiment_of(log, said, wants_metrics(request))
    groups = filtered(_groups(log, said, experiment, request), request.col_params)
    sort_groups(groups, request.col_params)
    keep_included(groups, request.col_params)
    begin, size = max(request.start_index, 0), max(request.slice_size, 0)
    return ListSessionGroupsResponse(session_groups=groups[begin : begin + size], total_size=len(groups))


def wants_metrics(request: ListSessionGroupsRequest) -> bool:
    """Unless it says otherwise."""
    return not request.HasField("include_metrics") or request.include_metrics


def _groups(log: LogDir, said: Said, experiment: Experiment, request: ListSessionGroupsRequest) -> list[SessionGroup]:
    """Sessions of an allowed status, by the name of their group; a session without one is a group of its own."""
    last = last_values(log, said.starts, experiment.metric_infos) if wants_metrics(request) else {}
    groups: dict[str, SessionGroup] = {}
    for name, start in said.starts.items():
        session = _session(name, said, experiment, last)
        if session.status not in request.allowed_statuses:
            continue
        key = start.group_name or name
        if key not in groups:
            groups[key] = _empty_group(key, start)
        groups[key].sessions.append(session)
    for group in groups.values():
        group.sessions.sort(key=lambda session: session.name)
        aggregate(group, request)
    return list(groups.values())


def _empty_group(name: str, start: SessionStartInfo) -> SessionGroup:
    """With the hyperparameters of its first session, without numbers that JSON has not."""
    group = SessionGroup(name=name, monitor_url=start.monitor_url)
    for key, value in start.hparams.items():
        if not is_number_json_lacks(value):
            group.hparams[key].CopyFrom(value)
    return group


def _session(name: str, said: Said, experiment: Experiment, last: Last) -> Session:
    start, end = said.starts[name], said.ends.get(name)
    session = Session(
        name=name,
        start_time_secs=start.start_time_secs,
        model_uri=start.model_uri,
        monitor_url=start.monitor_url,
        metric_values=session_values(name, experiment.metric_infos, last),
    )
    if end is not None:
        session.status, session.end_time_secs = end.status, end.end_time_secs
    return session
