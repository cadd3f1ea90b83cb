"""Layouts that jobs have made as a page of its own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

import numpy as np

from ..assets import Assets
from ..queries import Refused
from .export_page import KeptLayout, clustered, export_page, measured
from .layouts import find_layout

if TYPE_CHECKING:
    from ...projector.embedding import Embedding
    from ...projector.jobs.manager import Jobs

__all__ = ["page_of_jobs"]

_SAMPLE = 2_000  # points that quality is measured on
_TOLD = ("details", "notes", "curve", "done", "total")
_MOST = 4  # layouts of a file


def page_of_jobs(
    assets: Assets,
    jobs: Jobs,
    embedding: Embedding,
    ids: Sequence[str],
    dims: Sequence[str] = (),
    step: int | None = None,
    notes: Sequence[str] = (),
) -> bytes:
    """The file; `dims`: whether 2 or 3 axes of each are shown at first, as the job says without it.

    step: which layout of jobs over all steps. notes: as of `export_page`.
    Raises Refused for jobs that have no layout of these points yet, and for none.
    """
    if not 1 <= len(ids) <= _MOST:
        raise Refused(f"a page holds one to {_MOST} layouts: name each as job=, got {len(ids)}")
    if dims and (len(dims) != len(ids) or set(dims) - {"2", "3"}):
        raise Refused(f"dims= goes with each job= and is 2 or 3, got {', '.join(dims)[:100]}")
    layouts = [_kept(jobs, embedding, step, *each) for each in zip_longest(ids, map(int, dims))]
    return export_page(assets, embedding, layouts, notes=notes)


def _kept(jobs: Jobs, embedding: Embedding, step: int | None, id: str, shown: int | None) -> KeptLayout:
    layout = find_layout(jobs, {"job": id, "step": step}, len(embedding))  # says what is wrong
    delivery = jobs.newest(id) if step is None else jobs.part(id, step)
    facts = {name: delivery.facts[name] for name in _TOLD if name in delivery.facts}
    coordinates = np.asarray(delivery.arrays["coordinates"], np.float32)
    fields = layout.fields
    dims = min(shown or int(fields.get("dims") or 2), coordinates.shape[1])
    how = (fields["method"], dims, fields["preprocess"], fields["seed"], fields["parameters"])
    return clustered(embedding, measured(embedding, KeptLayout(*how, coordinates, facts), _SAMPLE))
