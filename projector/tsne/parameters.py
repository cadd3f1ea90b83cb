"""The settings of t-SNE, as forms show them."""

from __future__ import annotations

from ..reducer import Parameter
from .engines import ENGINES
from .search import METRICS

__all__ = ["PARAMETERS"]

PARAMETERS = (
    Parameter(
        "perplexity", "number", 30.0, "Perplexity", "About how many neighbours count.", least=1, live=True
    ),
    Parameter(
        "learning_rate", "number", "auto", "Learning rate", "“auto” is points / exaggeration.", least=1e-3, live=True
    ),
    Parameter("iterations", "whole", 1_000, "Iterations", least=1, most=1_000_000, live=True),
    Parameter(
        "early_exaggeration",
        "number",
        12.0,
        "Early exaggeration",
        "Attraction is multiplied by this at first, so that clusters find each other.",
        least=1,
        most=1_000,
        live=True,
    ),
    Parameter("early_iterations", "whole", 250, "Early iterations", "How long “at first” is.", least=0, live=True),
    Parameter(
        "exaggeration",
        "number",
        1.0,
        "Exaggeration",
        "Later; above 1 clusters are denser and wider apart.",
        least=0.1,
        most=1_000,
        live=True,
    ),
    Parameter(
        "initialisation", "choice", "pca", "Start", "Where points are before the first iteration.",
        choices=("pca", "random"),
    ),
    Parameter("metric", "choice", "euclidean", "Metric", "Between the points as they come.", choices=METRICS),
    Parameter(
        "components", "whole", "auto", "Components searched",
        "Neighbours are looked for among this many principal components; 0 searches all dimensions.", least=0,
    ),
    Parameter("labels", "column", "", "Supervise by", "Points of different labels attract each other less.", live=True),
    Parameter(
        "labels_weight", "number", 50.0, "Supervision", "How much less, in percent.", least=0, most=100, live=True
    ),
    Parameter("labels_ignored", "text", "", "Ignored label", "Points with this label are not supervised.", live=True),
    Parameter(
        "perturb", "number", 0.0, "Perturb", "Moves all points at random, in percent of the layout.",
        least=0, most=100, live=True,
    ),
    Parameter("engine", "choice", "auto", "Engine", "“auto” is the fastest.", choices=ENGINES),
)  # fmt: skip
