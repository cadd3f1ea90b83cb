"""Embeddings on disk, reducers, neighbours and quality. May import `stepscope.logger`; its parts come with their own issue."""

__all__: list[str] = []
