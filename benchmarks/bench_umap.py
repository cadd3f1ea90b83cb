"""UMAP in a fresh process against umap-learn: until the first frame, until the end, and how good the layout is."""

from .measure import Row, Table, in_fresh_process

_ENGINES = ("stepscope", "umap-learn")


def run(*, quick: bool) -> list[Table]:
    """The tables of this subject."""
    count, dimensions = (3_000 if quick else 10_000), 128
    in_fresh_process("benchmarks.umap_process", "stepscope", 300, 8)  # compiles what is compiled once a machine
    ours, theirs = (in_fresh_process("benchmarks.umap_process", engine, count, dimensions) for engine in _ENGINES)

    def row(what: str, key: str, unit: str = "s", **bars: float) -> Row:
        return Row(what, ours[key], [theirs[key]], unit=unit, **bars)

    rows = [
        row("until the first frame", "first", at_most=2.0),
        row("until the layout is done", "seconds", at_least=1.0),
        row("processor time", "cpu", at_least=1.0),
        row("trustworthiness of 5,000 points", "trustworthiness", ""),
        row("recall of 10 neighbours", "recall", ""),
    ]
    notes = f"{count:,} × {dimensions} float32, 500 epochs, in a fresh process, imports included."
    return [Table("UMAP", ("umap-learn",), notes, rows)]
