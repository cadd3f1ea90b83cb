"""What one run says about its hyperparameters: the three messages of the hparams plugin, whoever wrote them.

torch, tensorboardX and Lightning write them into a run of their own below the run or into the run itself,
TensorFlow's `hparams.api` into the run, with the experiment anywhere; every message may be absent.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from google.protobuf.message import DecodeError
from google.protobuf.struct_pb2 import Value

from .. import plugins
from ..errors import LogError
from ..proto.event_pb2 import Summary, SummaryMetadata
from ..proto.plugins_pb2 import DATA_TYPE_BOOL, Experiment, HParamsPluginData, SessionEndInfo
from ..reader.blob_queries import blob_series
from ..reader.kinds import HPARAMS
from ..reader.plain_messages import plain
from ..reader.run import RunView
from ..reader.storage import Storage
from ..reader.values import hparams_message

__all__ = ["HParam", "SessionFacts", "session_facts"]

HParam: TypeAlias = bool | int | float | str

_NO_MESSAGE = HParamsPluginData()
_LONGEST_TEXT = 10_000  # characters of one value that are kept
_STATUS = {
    SessionEndInfo.STATUS_SUCCESS: "SUCCESS",
    SessionEndInfo.STATUS_FAILURE: "FAILURE",
    SessionEndInfo.STATUS_RUNNING: "RUNNING",
}


@dataclass(frozen=True)
class SessionFacts:
    """The hparams messages of one run."""

    is_session: bool = False  # there is a session_start_info, maybe an empty one
    values: dict[str, HParam] = field(default_factory=dict)  # as they were written
    bools: frozenset[str] = frozenset()  # keys that the run's experiment calls booleans
    keys: tuple[str, ...] = ()  # keys that the run's experiment names
    metrics: tuple[str, ...] = ()  # tags that the run's experiment names
    metric_groups: frozenset[str] = frozenset()  # folders below a session in which it says that metrics are
    status: str = ""  # "SUCCESS", "FAILURE", "RUNNING"; "" where no end was written
    start: float = math.nan  # seconds since the epoch, NaN where nobody said
    end: float = math.nan
    group: str = ""


NOTHING = SessionFacts()


def session_facts(storage: Storage, view: RunView) -> SessionFacts:
    """What the run's hparams messages say; a message that cannot be read says nothing."""
    if HPARAMS not in view.by_kind:
        return NOTHING
    said: dict[str, Any] = {}
    experiment = _message(storage, view, plugins.HPARAMS_EXPERIMENT_TAG)
    if experiment is not _NO_MESSAGE:
        said |= _of_experiment(experiment.experiment)
    began = _message(storage, view, plugins.HPARAMS_SESSION_START_TAG)
    if began.HasField("session_start_info"):
        start = began.session_start_info
        said |= {"is_session": True, "values": dict(_values(start.hparams)), "group": start.group_name}
        said["start"] = start.start_time_secs or math.nan
    ended = _message(storage, view, plugins.HPARAMS_SESSION_END_TAG)
    if ended is not _NO_MESSAGE:
        end = ended.session_end_info
        said |= {"status": _STATUS.get(end.status, ""), "end": end.end_time_secs or math.nan}
    return SessionFacts(**said)


def _of_experiment(experiment: Experiment) -> dict[str, Any]:
    infos = [info for info in experiment.hparam_infos if info.name]
    metrics = [info.name for info in experiment.metric_infos]
    return {
        "bools": frozenset(info.name for info in infos if info.type == DATA_TYPE_BOOL),
        "keys": tuple(info.name for info in infos),
        "metrics": tuple(name.tag for name in metrics if name.tag),
        "metric_groups": frozenset(name.group for name in metrics if name.group),
    }


def _message(storage: Storage, view: RunView, tag: str) -> HParamsPluginData:
    """The last message under a tag; usually it stands in the tag's metadata, and no file is opened."""
    number = view.tags.number.get((HPARAMS, tag))
    if number is None or tag not in view.by_kind[HPARAMS]:
        return _NO_MESSAGE
    try:
        content = SummaryMetadata.FromString(view.tags.metadata.get(number, b"")).plugin_data.content
        if _written_again(view) and _rows(view, number) > 1:
            value = Summary.Value.FromString(blob_series(storage, view, HPARAMS, tag).raw(-1))
            content = value.metadata.plugin_data.content or content
        return hparams_message(content)
    except (LogError, DecodeError):
        return _NO_MESSAGE


def _written_again(view: RunView) -> bool:
    """Whether any tag may have several values: quick, and "no" for nearly all runs that hold hyperparameters."""
    return sum(file.blobs for file in view.files) > len(view.by_kind[HPARAMS])


def _rows(view: RunView, number: int) -> int:
    return sum(
        int((blobs.series == number).sum())
        for file in view.files
        for session in file.sessions
        for blobs in session.blobs
    )


def _values(written: Mapping[str, Value]) -> Iterator[tuple[str, HParam]]:
    """Values by name; null is no value, lists and structures are text."""
    for name in sorted(written):  # the map has no order
        value = written[name]
        kind = value.WhichOneof("kind")
        if kind == "string_value":
            yield name, value.string_value[:_LONGEST_TEXT]
        elif kind in ("number_value", "bool_value"):
            yield name, getattr(value, kind)
        elif kind in ("list_value", "struct_value"):
            yield name, json.dumps(plain(value), ensure_ascii=False)[:_LONGEST_TEXT]
