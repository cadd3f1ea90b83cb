"""How long the server takes to group runs, to smooth, and to work out formulas and statistics, on all points."""

import json

from stepscope.logger import open_logdir
from stepscope.webapp import create_app

from .make_logdir import scalar_logdir
from .measure import Row, Table, median_time

_RUNS, _STEPS = 500, 1000
_GROUPS_AT_MOST = 0.15  # of 0.3 s from the click to the drawn chart


def run(*, quick: bool) -> list[Table]:
    """The tables of this subject."""
    with open_logdir(scalar_logdir(_RUNS, 1, _STEPS), index_dir=False) as log:
        client = create_app(log).test_client()
        runs = log.runs
        tag = log.tags(runs[0])["scalars"][0]

        def seconds(path: str, **body: object) -> float:
            request = {"data": json.dumps({"pixels": 600, **body}), "content_type": "application/json"}
            client.post(path, **request)  # kernels load
            return median_time(3 if quick else 15, lambda: client.post(path, **request))

        def grouped(center: str, band: str, **body: object) -> float:
            members = [{"name": str(i), "runs": runs[i::10]} for i in range(10)]
            groups = {"center": center, "band": band, "members": members}
            return seconds("/api/scalars", series=[{"tag": tag}], groups=groups, **body)

        one = [{"tag": tag, "runs": runs}]
        rows = [
            Row("10 groups: mean ± std", grouped("mean", "std"), at_most=_GROUPS_AT_MOST),
            Row("10 groups: median, quartiles", grouped("median", "quartiles"), at_most=_GROUPS_AT_MOST),
            Row("10 groups: mean, 95 % CI, smoothed", grouped("mean", "ci95", smoothing=0.6), at_most=_GROUPS_AT_MOST),
            Row("10 groups over relative time", grouped("mean", "std", x="relative"), at_most=_GROUPS_AT_MOST),
            Row("500 curves, running median of 51", seconds("/api/scalars", series=one, smoothing=_MEDIAN)),
            Row(
                "500 curves of a formula",
                seconds("/api/scalars", series=[{"formula": f"log(abs(`{tag}`))", "runs": runs}]),
            ),
            Row("statistics of 500 curves", seconds("/api/statistics", series=one)),
        ]
    notes = f"{_RUNS} runs × {_STEPS:,} steps; from the request to the last byte of the answer, inside one process."
    return [Table("Groups", (), notes, rows)]


_MEDIAN = {"kind": "median", "amount": 51}
