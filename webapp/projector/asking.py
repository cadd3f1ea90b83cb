"""Questions about layouts: answered in worker processes, kept with the layouts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..queries import Refused, names_list
from ..waiting import PATIENCE, Waiting
from .fields import row_numbers, whole
from .layouts import Layout, find_layout
from .naming import embedding_name

if TYPE_CHECKING:
    from ...logger import LogDir
    from ...projector.jobs.deliveries import Delivery
    from .opened import OpenedEmbedding
    from .store import ProjectorStore

__all__ = ["answer", "clusters_asked", "faithfulness_asked", "quality_asked"]

_MOST_SAMPLE = 20_000  # quality takes memory as the square of it
Asked = Mapping[str, Any]


def answer(
    store: ProjectorStore,
    log: Callable[[], LogDir],
    question: str,
    fields: Mapping[str, Any],
    parameters: Callable[[Asked, int], Asked],
) -> Delivery:
    """The answer about the layout that `fields` name. Raises Refused, Waiting while it is worked out."""
    from ...projector.jobs.questions import question_task

    layout = find_layout(store.jobs, fields)
    opened = embedding_of_layout(store, log, layout, fields)
    asked = {**parameters(fields, len(opened.embedding)), **_seen_by_method(layout)}
    task = question_task(question, opened.embedding, layout.coordinates, layout.name, asked)
    job = store.jobs.start(task)
    number = 0
    while True:
        news = store.jobs.news(job.id, number, PATIENCE)
        if news.state == "failed":
            raise Refused(news.message, 422)
        if news.state == "stopped":
            raise Refused(f"{question}: it was stopped; ask again", 409)
        if news.state == "done":
            return store.jobs.newest(job.id)
        if news.number == number:
            done, total = news.facts.get("done", 0), news.facts.get("total", 0)
            raise Waiting(news.state, f"Working out {question}", done=done, total=total)
        number = news.number


def _seen_by_method(layout: Layout) -> Asked:
    """How the method looked at the points: a layout is measured against what it shows."""
    metric = layout.fields["parameters"].get("metric")
    return {"preprocess": layout.fields["preprocess"], "metric": "cosine" if metric == "cosine" else "euclidean"}


def embedding_of_layout(
    store: ProjectorStore, log: Callable[[], LogDir], layout: Layout, fields: Mapping[str, Any]
) -> OpenedEmbedding:
    """The embedding that was laid out, as it is now. Raises Refused (409) where that has other points, Waiting."""
    about = layout.fields["embedding"]
    if "steps" in about:
        step = fields.get("step")
        found = store.listing.steps(log(), about["run"], about["tag"])
        opened = store.open_found(next((one for one in found if one.step == step), found[-1]))
    else:
        opened = store.open(embedding_name(about), log)
    if len(opened.embedding) != len(layout.coordinates):
        raise Refused(f"{opened.embedding.name} has other points since it was laid out; run it again", 409)
    return opened


def quality_asked(fields: Asked, points: int) -> Asked:
    """`k` and `sample`. Raises Refused."""
    return {"k": whole(fields, "k", 10, 1, 1_000), "sample": whole(fields, "sample", 5_000, 3, _MOST_SAMPLE)}


def faithfulness_asked(fields: Asked, points: int) -> Asked:
    """`k`; all points are measured. Raises Refused."""
    return {"k": whole(fields, "k", 10, 1, 1_000), "sample": None}


def clusters_asked(fields: Asked, points: int) -> Asked:
    """`least` points of a cluster, `rows` that are looked at, `columns` whose words are told. Raises Refused."""
    rows, columns = fields.get("rows"), fields.get("columns")
    least = fields.get("least")
    return {
        "least": None if least is None else whole(fields, "least", 5, 2, max(2, points)),
        "rows": None if rows is None else row_numbers(rows, points).tolist(),
        "columns": None if columns is None else names_list(columns, "columns"),
    }
