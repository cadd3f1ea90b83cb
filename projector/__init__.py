"""Embeddings on disk, reducers, neighbours and quality. Nothing is public here yet.

May import `stepscope.logger`; only `stepscope.webapp` may import this package.
"""

__all__: list[str] = []
