"""One blueprint per subject: parse the request, ask the log, encode the answer."""

from __future__ import annotations

from . import (
    alerts,
    bars,
    blobs,
    downloads,
    events,
    files,
    groups,
    histograms,
    hparams,
    kinds,
    live,
    pages,
    pr_curves,
    report,
    runs,
    scalars,
    state,
    status,
    table,
    tensorboard,
    tensorboard_series,
    text,
    views,
)

__all__ = ["BLUEPRINTS"]

BLUEPRINTS = (
    pages.routes,
    status.routes,
    runs.routes,
    kinds.routes,
    scalars.routes,
    pr_curves.routes,
    groups.routes,
    live.routes,
    state.routes,
    views.routes,
    table.routes,
    bars.routes,
    blobs.routes,
    histograms.routes,
    hparams.routes,
    events.routes,
    alerts.routes,
    report.routes,
    downloads.routes,
    files.routes,
    text.routes,
    tensorboard.routes,
    tensorboard_series.routes,
)
