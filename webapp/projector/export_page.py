"""An embedding with its layouts as one HTML file: the page of embeddings, and what the server would have answered it.

The page asks what it always asks; the answers are in the file. What they cannot tell is worked out in the page:
searches, cells of points, and neighbours where the vectors themselves are in the file.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..assets import Assets, package_version
from ..one_file import one_file
from ..queries import Refused
from .answers import arrays_frame, column_frame, info
from .layouts import frame_header
from .listing import methods_as_json
from .naming import FileEmbedding
from .opened import OpenedEmbedding

if TYPE_CHECKING:
    from ...projector.embedding import Embedding
    from ...projector.projecting import Projection

__all__ = ["KeptLayout", "clustered", "export_page", "kept_layout", "measured"]

_ENTRY = "projection.js"
_STYLES = ("page.css", "css/projection.css")
_NEIGHBORS = 10  # that quality compares
_FILE = "kept"  # what the embedding is called in the page
_MOST_VECTORS = 12_000_000  # bytes of vectors that go into the file
_FEWEST_CLUSTERED, _MOST_CLUSTERED = 10, 20_000  # points
_LARGEST = 400_000_000  # bytes before compression


@dataclass(frozen=True)
class KeptLayout:
    """coordinates: (n, width) float32. quality: as POST /api/projector/quality answers; None was not measured."""

    method: str
    dims: int
    preprocess: Sequence[str]
    seed: int
    parameters: Mapping[str, Any]
    coordinates: NDArray[np.float32]
    facts: Mapping[str, Any] = field(default_factory=dict)  # details, notes, curve: as a job's frame tells them
    quality: Mapping[str, Any] | None = None
    clusters: bytes | None = None  # as POST /api/projector/clusters answers of the axes that are shown at first


def kept_layout(projection: Projection, dims: int) -> KeptLayout:
    """A finished layout, of which `dims` axes are shown at first."""
    from ...projector.jobs.deliveries import plain

    facts = {"details": plain(dict(projection.details)), "notes": list(projection.notes)}
    how = (projection.method, dims, projection.preprocess, projection.seed)
    return KeptLayout(*how, plain(dict(projection.parameters)), projection.coordinates, facts)


def measured(embedding: Embedding, layout: KeptLayout, sample: int) -> KeptLayout:
    """The layout with how faithful the axes that are shown are; as it is for very few points."""
    from ...projector.seen import measured_quality

    points = int(embedding.finite.sum())
    if not sample or points < 2 * _NEIGHBORS + 2:
        return layout
    metric: Literal["cosine", "euclidean"] = "cosine" if layout.parameters.get("metric") == "cosine" else "euclidean"
    how = {"k": _NEIGHBORS, "sample": min(sample, points)}
    shown = layout.coordinates[:, : layout.dims]
    told, _ = measured_quality(embedding, shown, **how, preprocess=layout.preprocess, metric=metric)
    return replace(layout, quality=told)


def clustered(embedding: Embedding, layout: KeptLayout) -> KeptLayout:
    """The layout with its clusters; as it is for many points, where finding them takes long, and for very few."""
    from ...projector.clusters import clusters_as_facts, find_clusters

    if not _FEWEST_CLUSTERED <= len(embedding) <= _MOST_CLUSTERED:
        return layout
    found = find_clusters(layout.coordinates[:, : layout.dims], embedding)
    return replace(layout, clusters=arrays_frame(clusters_as_facts(found), {"labels": found.labels}))


def export_page(
    assets: Assets,
    embedding: Embedding,
    layouts: Sequence[KeptLayout],
    *,
    title: str = "",
    color: str = "",
    source: str = "",
    vectors: bool | None = None,
    notes: Sequence[str] = (),
) -> bytes:
    """The file. color: the column that colours the points; "" lets the page choose.

    notes: what the page tells first about its data, a sentence each.
    vectors: whether they go in, so that neighbours are found in the page; by default where they take at most 12 MB.
    Raises Refused for an embedding that is too large for one file.
    """
    opened = OpenedEmbedding(FileEmbedding(_FILE), embedding)
    small = embedding.points.size * 4 <= _MOST_VECTORS
    answers = dict(_answers(opened, layouts, small if vectors is None else vectors, notes))
    size = sum(map(len, answers.values()))
    if size > _LARGEST:
        raise Refused(
            f"{embedding.name} would take {size / 1e6:,.0f} MB in one file, at most {_LARGEST / 1e6:,.0f}: leave "
            f"columns of metadata or layouts out, or share the coordinates as .npy"
        )
    title = title or embedding.name
    header = {
        "title": title,
        "color": f"column:{color}" if color else "",
        "source": source,
        "made": time.time(),
        "stepscope": package_version(),
        "views": [_view(place, layout) for place, layout in enumerate(layouts)],
    }
    bodies = {name: np.frombuffer(content, np.uint8) for name, content in answers.items()}
    return one_file(assets, _ENTRY, _STYLES, arrays_frame(header, bodies), title, "projection")


def _view(place: int, layout: KeptLayout) -> dict[str, Any]:
    """As the page keeps its views."""
    return {
        "id": place,
        "method": layout.method,
        "dims": min(3, layout.dims),
        "preprocess": list(layout.preprocess),
        "seed": layout.seed,
        "parameters": dict(layout.parameters),
        "axes": [0, 1, 2],
    }


def _answers(
    opened: OpenedEmbedding, layouts: Sequence[KeptLayout], vectors: bool, notes: Sequence[str]
) -> Iterator[tuple[str, bytes]]:
    embedding = opened.embedding
    told = info(opened)
    told["notes"] = [*notes, *told["notes"]]
    for number, page in enumerate(told["sprite"]["pages"] if told["sprite"] else ()):
        assert opened.atlas is not None
        page["url"] = f"data:image/png;base64,{base64.b64encode(opened.atlas.page(number)).decode()}"
    yield "info", _json(told)
    yield "embeddings", _json(_listed(embedding, layouts, vectors))
    for name in embedding.columns:
        yield f"column {name}", column_frame(opened, name)
    for place, layout in enumerate(layouts):
        yield f"frame {place}", arrays_frame(_frame_header(place, layout), {"coordinates": layout.coordinates})
        if layout.quality is not None:
            yield f"quality {place}", _json(layout.quality)
        if layout.clusters is not None:
            yield f"clusters {place}", layout.clusters
    if vectors:
        yield "vectors", arrays_frame({}, {"points": np.asarray(embedding.points, np.float32)})


def _listed(embedding: Embedding, layouts: Sequence[KeptLayout], vectors: bool) -> dict[str, Any]:
    """As GET /api/projector says."""
    used = {layout.method for layout in layouts}
    methods = [{**method, "available": True} for method in methods_as_json() if method["method"] in used]
    files = [{"file": _FILE, "name": embedding.name, "shape": list(embedding.points.shape)}]
    return {"embeddings": [], "files": files, "methods": methods, "metrics": ["cosine", "euclidean"] if vectors else []}


def _frame_header(place: int, layout: KeptLayout) -> dict[str, Any]:
    """As a job that is done tells it."""
    about = {"method": layout.method, "dims": layout.dims, "width": int(layout.coordinates.shape[1])}
    return frame_header(layout.facts, n=1, job=str(place), state="done", **about)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
