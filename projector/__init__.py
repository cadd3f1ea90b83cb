"""Embeddings: reading them, reducing them to two or three dimensions, nearest neighbours, and how good a layout is.

    from stepscope.projector import load_embedding, neighbors, project, quality

    embedding = load_embedding("vectors.npy", metadata="labels.tsv")
    layout = project(embedding, "tsne", perplexity=30)
    quality(embedding, layout.coordinates).trustworthiness
    neighbors(embedding, 17, k=10).ids

    embedding.py         Embedding, Column, Sprite: what everything else takes
    loading.py           load_embedding: files, folders, logs, arrays; catalog.py lists the embeddings of a log
    reading/             one file per format
    metadata.py          tables of what is known about the points; sprites.py their thumbnails
    projecting.py        project; methods.py which reducers there are; reducer.py what they share
    nearest.py           exact nearest neighbours; measures.py trustworthiness and recall
    sequence.py          one embedding at many steps, aligned; clusters.py, density_grid.py what a layout shows
    jobs/                reducers in worker processes

Importing this package loads nothing heavy: its names are resolved on first use. It may import `stepscope.logger`; only
`stepscope.webapp` may import it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..logger.lazy_names import lazy_names

if TYPE_CHECKING:
    from .catalog import find_embeddings
    from .clusters import Clusters, find_clusters
    from .density_grid import Density, density
    from .embedding import Column, Embedding, Sprite
    from .found import FoundEmbedding
    from .loading import load_embedding
    from .measures import Quality, faithfulness, quality
    from .nearest import Neighbors, NeighborSearch, SharedNeighbors, neighbors, shared_neighbors
    from .projecting import Projection, project
    from .sequence import StepLayout, project_sequence, trajectories

_HOME = {
    "Clusters": ".clusters",
    "Column": ".embedding",
    "Density": ".density_grid",
    "Embedding": ".embedding",
    "FoundEmbedding": ".found",
    "NeighborSearch": ".nearest",
    "Neighbors": ".nearest",
    "Projection": ".projecting",
    "Quality": ".measures",
    "SharedNeighbors": ".nearest",
    "Sprite": ".embedding",
    "StepLayout": ".sequence",
    "density": ".density_grid",
    "faithfulness": ".measures",
    "find_clusters": ".clusters",
    "find_embeddings": ".catalog",
    "load_embedding": ".loading",
    "neighbors": ".nearest",
    "project": ".projecting",
    "project_sequence": ".sequence",
    "quality": ".measures",
    "shared_neighbors": ".nearest",
    "trajectories": ".sequence",
}

__all__ = [
    "Clusters",
    "Column",
    "Density",
    "Embedding",
    "FoundEmbedding",
    "NeighborSearch",
    "Neighbors",
    "Projection",
    "Quality",
    "SharedNeighbors",
    "Sprite",
    "StepLayout",
    "density",
    "faithfulness",
    "find_clusters",
    "find_embeddings",
    "load_embedding",
    "neighbors",
    "project",
    "project_sequence",
    "quality",
    "shared_neighbors",
    "trajectories",
]

__getattr__, __dir__ = lazy_names(__name__, _HOME)
