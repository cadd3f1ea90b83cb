"""UMAP in a fresh process against umap-learn: until the first frame, until the end, and how good the layout is."""

from .layout_tables import measured, row
from .make_points import clusters
from .measure import Table


def run(*, quick: bool) -> list[Table]:
    """The tables of this subject."""
    count, dimensions = (3_000 if quick else 10_000), 128
    figures = measured(("umap", "umap-learn"), clusters(count, dimensions))
    rows = [
        row(figures, "until the first frame", "first", at_most=2.0),
        row(figures, "until the layout is done", "seconds", at_least=1.0),
        row(figures, "processor time", "cpu", at_least=1.0),
        row(figures, "trustworthiness of 5,000 points", "trustworthiness", ""),
        row(figures, "recall of 10 neighbours", "recall", ""),
    ]
    notes = f"{count:,} × {dimensions} float32, 500 epochs, in a fresh process, imports included."
    return [Table("UMAP", ("umap-learn",), notes, rows)]
