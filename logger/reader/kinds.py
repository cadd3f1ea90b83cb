"""Which kind of data a row is: the names that `log.tags(run)` and `log.blobs(run, kind, tag)` use."""

from __future__ import annotations

from .. import plugins
from . import layout as L

__all__ = ["EVENTS", "KINDS", "SCALARS", "SESSIONS", "kind_of"]

SCALARS = "scalars"
HISTOGRAMS, IMAGES, AUDIO, TEXT, TENSORS = "histograms", "images", "audio", "text", "tensors"
PR_CURVES, MESHES, GRAPHS, HPARAMS, CUSTOM_SCALARS = "pr_curves", "meshes", "graphs", "hparams", "custom_scalars"
PLOTLY, HTML, TABLES, CONFUSION_MATRICES, ROC_CURVES = "plotly", "html", "tables", "confusion_matrices", "roc_curves"
EVENTS = "events"
SESSIONS = "sessions"  # what SessionLog says; no kind of data, so no tag of the run

KINDS = (
    SCALARS, HISTOGRAMS, IMAGES, AUDIO, TEXT, PLOTLY, HTML, TABLES, TENSORS, PR_CURVES, ROC_CURVES, CONFUSION_MATRICES,
    MESHES, GRAPHS, HPARAMS, CUSTOM_SCALARS, EVENTS,
)  # fmt: skip

_OF_CODE = {
    L.CODE_HISTOGRAM: HISTOGRAMS,
    L.CODE_OLD_HISTOGRAM: HISTOGRAMS,
    L.CODE_IMAGE: IMAGES,
    L.CODE_AUDIO: AUDIO,
    L.CODE_GRAPH: GRAPHS,
    L.CODE_META_GRAPH: GRAPHS,
    L.CODE_RUN_METADATA: GRAPHS,
    L.CODE_SESSION_STOP: SESSIONS,
    L.CODE_CHECKPOINT: SESSIONS,
}

_OF_PLUGIN = {
    "": TENSORS,
    plugins.SCALARS: TENSORS,  # a "scalar" of several numbers, or of text
    plugins.TENSOR: TENSORS,
    plugins.HISTOGRAMS: HISTOGRAMS,
    plugins.IMAGES: IMAGES,
    plugins.AUDIO: AUDIO,
    plugins.TEXT: TEXT,
    plugins.PR_CURVES: PR_CURVES,
    plugins.MESH: MESHES,
    plugins.HPARAMS: HPARAMS,
    plugins.CUSTOM_SCALARS: CUSTOM_SCALARS,
    plugins.EVENTS: EVENTS,
    plugins.PLOTLY: PLOTLY,
    plugins.HTML: HTML,
    plugins.TABLE: TABLES,
    plugins.CONFUSION_MATRIX: CONFUSION_MATRICES,
    plugins.ROC_CURVE: ROC_CURVES,
    plugins.GRAPH: GRAPHS,
    plugins.GRAPH_RUN_METADATA: GRAPHS,
    plugins.GRAPH_RUN_METADATA_WITH_GRAPH: GRAPHS,
    plugins.GRAPH_KERAS_MODEL: GRAPHS,
}


def kind_of(code: int, plugin: str) -> str:
    """The kind of a blob row; an unknown plugin is a kind of its own name."""
    return _OF_CODE.get(code) or _OF_PLUGIN.get(plugin, plugin)
