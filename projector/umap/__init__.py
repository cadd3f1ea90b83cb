"""UMAP: a graph of neighbours, a start, and epochs that can be watched."""

__all__: list[str] = []
