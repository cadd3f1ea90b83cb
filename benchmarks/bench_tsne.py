"""t-SNE in a fresh process against scikit-learn and openTSNE: seconds, first frame, and how good the layout is."""

from __future__ import annotations

from .layout_tables import measured, row
from .make_points import clusters, digits
from .measure import Table

_LAYOUTS = ("tsne", "scikit-learn t-SNE", "openTSNE")
_RIVALS = ("scikit-learn", "openTSNE")


def run(*, quick: bool) -> list[Table]:
    """The tables of this subject."""
    if quick:
        return [_clusters(2_000, 300)]
    return [_clusters(10_000, 1_000), _digits(70_000, 1_000)]


def _clusters(count: int, iterations: int) -> Table:
    figures = measured(_LAYOUTS, clusters(count, 128), iterations)
    rows = [
        row(figures, "until the layout is done", "seconds", at_most=45.0),
        row(figures, "processor time", "cpu", at_least=2.0),
        row(figures, "until the first frame", "first", at_most=2.0),
        row(figures, "from frame to frame, mean", "frame", at_most=0.2),
        row(figures, "1 − trustworthiness", "1 − trustworthiness", "", at_most=0.04),
        row(figures, "neighbours lost (1 − recall of 10)", "1 − recall", "", at_least=0.95),
        row(figures, "peak memory", "peak", "B"),
    ]
    return Table(f"t-SNE, {count:,} × 128", _RIVALS, _told(iterations), rows)


def _digits(count: int, iterations: int) -> Table:
    figures = measured(_LAYOUTS, digits(count), iterations)
    rows = [
        row(figures, "until the layout is done", "seconds", at_most=150.0),
        row(figures, "scikit-learn's time against ours", "seconds", at_least=4.0),
        row(figures, "processor time", "cpu"),
        row(figures, "until the first frame", "first"),
        row(figures, "from frame to frame, mean", "frame", at_most=0.2),
        row(figures, "1 − trustworthiness", "1 − trustworthiness", "", at_most=0.04),
        row(figures, "neighbours lost (1 − recall of 10)", "1 − recall", "", at_least=0.95),
        row(figures, "peak memory", "peak", "B"),
    ]
    return Table(
        f"t-SNE, {count:,} × 784", _RIVALS, _told(iterations) + " All three search 50 principal components.", rows
    )


def _told(iterations: int) -> str:
    return (
        f"{iterations:,} iterations, perplexity 30, all cores, in a fresh process, imports included. Quality is that of"
        " 5,000 points in all dimensions; our time includes frames and the divergence."
    )
