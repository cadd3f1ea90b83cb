"""TensorBoard's hparams plugin: the experiment, sessions in groups, a session's metrics, and the table as a file.

Questions are messages as JSON: the body of a POST, or the parameter `request`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from ..context import get_log
from ..json_answers import json_answer
from ..queries import Refused, parse_json
from ..tensorboard.scalars import cleansed_rows, find_rows
from .parameters import parameter
from .tensorboard_frame import message_answer, plugin_route

if TYPE_CHECKING:
    from ..tensorboard.messages import Kind

__all__ = ["routes"]

routes = Blueprint("tensorboard_hparams", __name__)


@plugin_route(routes, "hparams/experiment")
def experiment() -> Response:
    """GetExperimentRequest → Experiment: hyperparameters and metrics."""
    from ...logger.proto.hparams_api_pb2 import GetExperimentRequest
    from ..tensorboard.hparams_experiment import experiment_of
    from ..tensorboard.hparams_log import what_is_said

    question, log = _question(GetExperimentRequest), get_log()
    with_metrics = not question.HasField("include_metrics") or question.include_metrics
    return message_answer(experiment_of(log, what_is_said(log), with_metrics, max(question.hparams_limit, 0)))


@plugin_route(routes, "hparams/session_groups")
def session_groups() -> Response:
    """ListSessionGroupsRequest → ListSessionGroupsResponse."""
    from ...logger.proto.hparams_api_pb2 import ListSessionGroupsRequest
    from ..tensorboard.hparams_groups import list_groups

    return message_answer(list_groups(get_log(), _question(ListSessionGroupsRequest)))


@plugin_route(routes, "hparams/metric_evals")
def metric_evals() -> Response:
    """ListMetricEvalsRequest → [[wall time, step, value], …]"""
    from ...logger.proto.hparams_api_pb2 import ListMetricEvalsRequest
    from ..tensorboard.hparams_metrics import metric_series

    question = _question(ListMetricEvalsRequest)
    run, tag = metric_series(question.session_name, question.metric_name)
    return json_answer(cleansed_rows(find_rows(get_log(), run, tag)))


@plugin_route(routes, "hparams/download_data")
def download_data() -> Response:
    """The table of a ListSessionGroupsRequest as `format=csv|json|latex`; `columnsVisibility` is a list of booleans."""
    from ...logger.proto.hparams_api_pb2 import ListSessionGroupsRequest
    from ..tensorboard.hparams_download import FORMATS, table_of
    from ..tensorboard.hparams_experiment import experiment_of
    from ..tensorboard.hparams_groups import list_groups, wants_metrics
    from ..tensorboard.hparams_log import what_is_said

    wanted = request.args.get("format", "")
    if wanted not in FORMATS:
        raise Refused(f"format: expected one of {', '.join(FORMATS)}, got {wanted[:80]!r}")
    visible = parse_json(parameter("columnsVisibility").encode())
    if not isinstance(visible, list):
        raise Refused("columnsVisibility: expected a list of booleans")
    question, log = _question(ListSessionGroupsRequest), get_log()
    columns = experiment_of(log, what_is_said(log), wants_metrics(question))
    content_type, write = FORMATS[wanted]
    table = table_of(columns, list_groups(log, question).session_groups, visible)
    return Response(write(table), content_type=content_type)


def _question(kind: type[Kind]) -> Kind:
    """The message of the request. Raises Refused."""
    from ..tensorboard.messages import parsed_message

    text = request.get_data() if request.method == "POST" else request.args.get("request")
    return parsed_message(text, kind)
