"""PCA to ten components in a fresh process against scikit-learn, exact on both sides."""

from __future__ import annotations

from .layout_tables import measured, row
from .make_points import digits
from .measure import Table

_LAYOUTS = ("pca", "scikit-learn PCA")


def run(*, quick: bool) -> list[Table]:
    """The table of this subject."""
    count = 10_000 if quick else 70_000
    figures = measured(_LAYOUTS, digits(count))
    rows = [
        row(figures, "until the coordinates are there", "seconds", at_most=2.0),
        row(figures, "processor time", "cpu"),
        row(figures, "peak memory", "peak", "B"),
    ]
    notes = (
        f"{count:,} × 784 float32 to 10 components, in a fresh process, imports included. Ours tells the whole spectrum"
        " and the loadings too, and centres before it multiplies."
    )
    return [Table("PCA", ("scikit-learn, covariance_eigh",), notes, rows)]
