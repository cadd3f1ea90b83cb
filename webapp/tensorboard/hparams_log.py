"""What a log says about hyperparameters: the three messages of TensorBoard's hparams plugin, by run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...logger import plugins
from ...logger.errors import CorruptRecord
from ...logger.proto.plugins_pb2 import Experiment, SessionEndInfo, SessionStartInfo
from ...logger.reader.values import hparams_message
from ..queries import Refused
from .stored import series_of_kind

if TYPE_CHECKING:
    from ...logger import LogDir

__all__ = ["Said", "what_is_said"]

_VERSION = 0  # of the plugin's message


@dataclass
class Said:
    """The messages of a log."""

    experiment: Experiment | None = None  # what the runs' experiments name, all together
    starts: dict[str, SessionStartInfo] = field(default_factory=dict)
    ends: dict[str, SessionEndInfo] = field(default_factory=dict)


def what_is_said(log: LogDir) -> Said:
    """Runs come in order of their names. Raises Refused where a message is of a version that is not known."""
    said = Said()
    for run, tag, series in series_of_kind(log, "hparams"):
        try:
            message = hparams_message(series.metadata.content)
        except CorruptRecord:  # says nothing
            continue
        if message.version != _VERSION:
            raise Refused(f"{tag} of run {run!r} has version {message.version}; only {_VERSION} can be read")
        if tag == plugins.HPARAMS_EXPERIMENT_TAG and message.HasField("experiment"):
            said.experiment = _united(said.experiment, message.experiment)
        elif tag == plugins.HPARAMS_SESSION_START_TAG and message.HasField("session_start_info"):
            said.starts[run] = message.session_start_info
        elif tag == plugins.HPARAMS_SESSION_END_TAG and message.HasField("session_end_info"):
            said.ends[run] = message.session_end_info
    return said


def _united(known: Experiment | None, more: Experiment) -> Experiment:
    """The first experiment with the hyperparameters and metrics that only later ones name."""
    if known is None:
        return more
    names = {info.name for info in known.hparam_infos}
    known.hparam_infos.extend([info for info in more.hparam_infos if info.name not in names])
    metrics = {(info.name.group, info.name.tag) for info in known.metric_infos}
    known.metric_infos.extend([info for info in more.metric_infos if (info.name.group, info.name.tag) not in metrics])
    return known
