"""The questions a table asks its server over HTTP: ours, and those of TensorBoard's hparams plugin."""

import json
import urllib.request

_PLUGIN = "data/plugin/hparams/"
_STATUSES = ["STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING", "STATUS_UNKNOWN"]
_ALL = 1_000_000  # rows
_HPARAM, _AT_MOST = "learning_rate", 0.01


def whole_table(server: str, url: str) -> None:
    """Every hyperparameter and the last value of every scalar of all runs, and first what columns there are."""
    if server == "stepscope":
        known = json.loads(_get(f"{url}api/columns"))
        _post(f"{url}api/table", {"columns": ["name", *(each["name"] for each in known["hparams"]), *known["scalars"]]})
    else:
        _session_groups(url, json.loads(_post(f"{url}{_PLUGIN}experiment", {"experimentName": ""})), {})


def filtered_runs(server: str, url: str) -> None:
    """The runs with a small learning rate, in its order."""
    if server == "stepscope":
        _post(f"{url}api/filter", {"query": f"{_HPARAM} <= {_AT_MOST}"})
    else:
        interval = {"filterInterval": {"minValue": "-Infinity", "maxValue": _AT_MOST}, "order": "ORDER_ASC"}
        _session_groups(url, {"hparamInfos": [{"name": _HPARAM}], "metricInfos": []}, interval)


def _session_groups(url: str, experiment: dict, options: dict) -> None:
    columns = [{"hparam": each["name"], **options} for each in experiment["hparamInfos"]]
    columns += [{"metric": each["name"]} for each in experiment["metricInfos"]]
    question = {"experimentName": "", "allowedStatuses": _STATUSES, "colParams": columns}
    answer = json.loads(_post(f"{url}{_PLUGIN}session_groups", {**question, "startIndex": 0, "sliceSize": _ALL}))
    assert len(answer["sessionGroups"]) == answer["totalSize"] > 0


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=300) as answer:
        return answer.read()


def _post(url: str, question: dict) -> bytes:
    request = urllib.request.Request(url, json.dumps(question).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=300) as answer:
        return answer.read()
