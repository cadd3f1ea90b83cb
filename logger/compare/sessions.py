"""What one run says about its hyperparameters: the three messages of the hparams plugin, whoever wrote them.

torch, tensorboardX and Lightning write them into a run of their own below the run or into the run itself,
TensorFlow's `hparams.api` into the run, with the experiment anywhere; every message may be absent.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from .. import plugins
from ..errors import LogError
from ..reader.blob_queries import blob_series
from ..reader.kinds import HPARAMS
from ..reader.run import RunView
from ..reader.series import Metadata
from ..reader.storage import Storage

__all__ = ["HParam", "SessionFacts", "session_facts"]

HParam: TypeAlias = bool | int | float | str

_LONGEST_TEXT = 10_000  # characters of one value that are kept


@dataclass(frozen=True)
class SessionFacts:
    """The hparams messages of one run."""

    is_session: bool = False  # there is a session_start_info, maybe an empty one
    values: dict[str, HParam] = field(default_factory=dict)  # as they were written
    bools: frozenset[str] = frozenset()  # keys that the run's experiment calls booleans
    keys: tuple[str, ...] = ()  # keys that the run's experiment names
    metrics: tuple[str, ...] = ()  # tags that the run's experiment names
    status: str = ""  # "SUCCESS", "FAILURE", "RUNNING"; "" where no end was written
    start: float = math.nan  # seconds since the epoch, NaN where nobody said
    end: float = math.nan
    group: str = ""


NOTHING = SessionFacts()


def session_facts(storage: Storage, view: RunView) -> SessionFacts:
    """What the run's hparams messages say; a message that cannot be read says nothing."""
    if HPARAMS not in view.by_kind:
        return NOTHING
    experiment = _message(storage, view, plugins.HPARAMS_EXPERIMENT_TAG).get("experiment", {})
    began = _message(storage, view, plugins.HPARAMS_SESSION_START_TAG)
    ended = _message(storage, view, plugins.HPARAMS_SESSION_END_TAG).get("session_end_info", {})
    start = began.get("session_start_info", {})
    infos = [info for info in experiment.get("hparam_infos", ()) if info.get("name")]
    metrics = [info.get("name", {}).get("tag", "") for info in experiment.get("metric_infos", ())]
    return SessionFacts(
        is_session="session_start_info" in began,
        values=dict(_values(start.get("hparams", {}))),
        bools=frozenset(info["name"] for info in infos if info.get("type") == "DATA_TYPE_BOOL"),
        keys=tuple(info["name"] for info in infos),
        metrics=tuple(tag for tag in metrics if tag),
        status=str(ended.get("status", "")).removeprefix("STATUS_").replace("UNKNOWN", ""),
        start=start.get("start_time_secs") or math.nan,
        end=ended.get("end_time_secs") or math.nan,
        group=start.get("group_name", ""),
    )


def _message(storage: Storage, view: RunView, tag: str) -> dict[str, Any]:
    """The last message under a tag as a dict; usually it stands in the tag's metadata, and no file is opened."""
    from ..reader.values import decode_hparams

    number = view.tags.number.get((HPARAMS, tag))
    if number is None or tag not in view.by_kind[HPARAMS]:
        return {}
    try:
        if _written_again(view) and _rows(view, number) > 1:
            series = blob_series(storage, view, HPARAMS, tag)
            found = series[-1]
            if found:
                return dict(found)
        return decode_hparams(Metadata.parse(view.tags.metadata.get(number)).content)
    except LogError:
        return {}


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


def _values(written: dict[str, Any]) -> Iterator[tuple[str, HParam]]:
    """Values by name; null is no value, lists and structures are text."""
    for name, value in written.items():
        if isinstance(value, (bool, float, int)):
            yield name, value
        elif isinstance(value, str):
            yield name, value[:_LONGEST_TEXT]
        elif value is not None:
            yield name, json.dumps(value, ensure_ascii=False)[:_LONGEST_TEXT]
