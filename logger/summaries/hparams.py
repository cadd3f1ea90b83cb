"""Hyperparameters of a run: what they are, their values, how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from google.protobuf.struct_pb2 import ListValue, Value

from .. import plugins
from ..proto import plugins_pb2 as pb
from ..proto.event_pb2 import Summary
from ..values import described, number

HParam = bool | float | str


def hparam_values(call: str, hparams: Mapping[str, Any]) -> dict[str, HParam]:
    """Booleans, numbers and strings by name; None is left out.

    Raises TypeError for a value of another kind and for names that are no strings.
    """
    if not isinstance(hparams, Mapping):
        raise TypeError(f"{call}: expected a dict of hyperparameters, got {type(hparams).__name__}")
    values: dict[str, HParam] = {}
    for name, value in hparams.items():
        if not isinstance(name, str):
            raise TypeError(f"{call}: expected names of type str, got {name!r}")
        if value is None:
            continue
        if isinstance(value, (bool, str)):
            values[name] = value
        elif "bool" in str(getattr(value, "dtype", "")):  # numpy.bool_ and one-element arrays and tensors of it
            values[name] = bool(value)
        else:
            values[name] = _hparam_number(call, name, value)
    return values


def _hparam_number(call: str, name: str, value: object) -> float:
    try:
        return float(number(call, value))
    except (TypeError, ValueError) as error:
        sentence = f"{call}, {name!r}: expected a bool, a number, a str or None, got {described(value)}"
        raise type(error)(sentence) from None


def hparam_domains(
    call: str, values: Mapping[str, HParam], domains: Mapping[str, Sequence[Any]] | None
) -> dict[str, list[HParam]]:
    """Allowed values by name. Raises TypeError unless each is a list of the hyperparameter's own type."""
    checked: dict[str, list[HParam]] = {}
    for name, domain in (domains or {}).items():
        if name not in values or isinstance(domain, str) or not isinstance(domain, Sequence):
            raise TypeError(f"{call}: hparam_domain_discrete[{name!r}] must be a list for a hyperparameter logged here")
        checked[name] = list(hparam_values(call, {str(index): value for index, value in enumerate(domain)}).values())
        if any(type(value) is not type(values[name]) for value in checked[name]):
            raise TypeError(f"{call}: hparam_domain_discrete[{name!r}] must hold values of {values[name]!r}'s type")
    return checked


def experiment_summary(
    values: Mapping[str, HParam], metrics: Sequence[str], domains: Mapping[str, list[HParam]]
) -> Summary:
    """Names, types and domains of the hyperparameters, and the tags of the metrics."""
    infos = []
    for name, value in values.items():
        domain = ListValue(values=[_value(one) for one in domains[name]]) if name in domains else None
        infos.append(pb.HParamInfo(name=name, type=_type_of(value), domain_discrete=domain))
    metric_infos = [pb.MetricInfo(name=pb.MetricName(tag=tag)) for tag in metrics]
    experiment = pb.Experiment(hparam_infos=infos, metric_infos=metric_infos)
    return _summary(plugins.HPARAMS_EXPERIMENT_TAG, pb.HParamsPluginData(experiment=experiment))


def session_start_summary(values: Mapping[str, HParam], start_time: float = 0.0) -> Summary:
    """The values of this run, and when it began (seconds since the epoch)."""
    start = pb.SessionStartInfo(start_time_secs=start_time)
    for name, value in values.items():
        start.hparams[name].CopyFrom(_value(value))
    return _summary(plugins.HPARAMS_SESSION_START_TAG, pb.HParamsPluginData(session_start_info=start))


def session_end_summary(end_time: float = 0.0) -> Summary:
    """That the run succeeded, and when it ended (seconds since the epoch)."""
    end = pb.SessionEndInfo(status=pb.SessionEndInfo.STATUS_SUCCESS, end_time_secs=end_time)
    return _summary(plugins.HPARAMS_SESSION_END_TAG, pb.HParamsPluginData(session_end_info=end))


def _type_of(value: HParam) -> pb.HParamType:
    if isinstance(value, bool):  # before numbers: a bool is an int
        return pb.DATA_TYPE_BOOL
    return pb.DATA_TYPE_STRING if isinstance(value, str) else pb.DATA_TYPE_FLOAT64


def _value(value: HParam) -> Value:
    if isinstance(value, bool):
        return Value(bool_value=value)
    return Value(string_value=value) if isinstance(value, str) else Value(number_value=value)


def _summary(tag: str, data: pb.HParamsPluginData) -> Summary:
    metadata = plugins.metadata(plugins.HPARAMS, data.SerializeToString(deterministic=True))
    return Summary(value=[Summary.Value(tag=tag, metadata=metadata)])
