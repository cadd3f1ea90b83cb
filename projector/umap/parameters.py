"""The settings of UMAP, as forms show them."""

from __future__ import annotations

from ..reducer import Parameter
from ..tsne.search import METRICS

__all__ = ["ENGINES", "PARAMETERS", "STARTS"]

ENGINES = ("auto", "umap-learn")
STARTS = ("spectral", "pca", "random")

PARAMETERS = (
    Parameter("neighbors", "whole", 15, "Neighbours", "Few show detail, many the whole.", least=2),
    Parameter("min_dist", "number", 0.1, "Least distance", "How close points may lie.", least=0, most=100, live=True),
    Parameter("spread", "number", 1.0, "Spread", "How far clusters lie apart.", least=1e-3, most=100, live=True),
    Parameter("metric", "choice", "euclidean", "Metric", "Between the points as they come.", choices=METRICS),
    Parameter(
        "epochs", "whole", "auto", "Epochs", "“auto” is 500 up to 10,000 points, 200 beyond.", least=1, most=1_000_000
    ),
    Parameter("learning_rate", "number", 1.0, "Learning rate", "At first.", least=1e-3, most=1_000, live=True),
    Parameter("repulsion", "number", 1.0, "Repulsion", "Of random other points.", least=0, most=1_000, live=True),
    Parameter("negatives", "whole", 5, "Others drawn", "Random points a turn of an edge.", least=1, most=1_000),
    Parameter("initialisation", "choice", "spectral", "Start", "Before the first epoch.", choices=STARTS),
    Parameter(
        "components", "whole", "auto", "Components searched",
        "Neighbours are looked for among this many principal components; 0 searches all dimensions.", least=0,
    ),
    Parameter("labels", "column", "", "Supervise by", "Points of different labels are kept apart."),
    Parameter("labels_weight", "number", 50.0, "Supervision", "How much, in percent.", least=0, most=100),
    Parameter("labels_ignored", "text", "", "Ignored label", "Points with this label count as unknown."),
    Parameter("engine", "choice", "auto", "Engine", "“auto” needs nothing else installed.", choices=ENGINES),
)  # fmt: skip
