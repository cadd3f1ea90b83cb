"""The log's queries for everything that is read on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import TagNotFound
from ..plugins import RUN_GRAPH_TAG
from . import kinds
from .blob_reading import BlobPlaces
from .blob_restarts import superseded_values
from .run import RunView
from .run_tags import BlobBlock
from .series import BlobSeries, Metadata
from .storage import Storage

if TYPE_CHECKING:
    from ..graphs.model import GraphModel

__all__ = ["BlobQueries", "blob_series"]

Array = npt.NDArray[Any]


class BlobQueries:
    """The part of a log that gives series of blobs. Every method raises RunNotFound and TagNotFound."""

    _storage: Storage

    def _view(self, run: str) -> RunView:
        raise NotImplementedError

    def blobs(self, run: str, kind: str, tag: str) -> BlobSeries:
        """The values of a tag of any kind but scalars, in order of step."""
        return blob_series(self._storage, self._view(run), kind, tag)

    def histograms(self, run: str, tag: str) -> BlobSeries:
        """Decoded to Histogram."""
        return self.blobs(run, kinds.HISTOGRAMS, tag)

    def images(self, run: str, tag: str) -> BlobSeries:
        """Decoded to Image."""
        return self.blobs(run, kinds.IMAGES, tag)

    def audio(self, run: str, tag: str) -> BlobSeries:
        """Decoded to Audio."""
        return self.blobs(run, kinds.AUDIO, tag)

    def text(self, run: str, tag: str) -> BlobSeries:
        """Decoded to str, or to an object array of str where several were logged together."""
        return self.blobs(run, kinds.TEXT, tag)

    def tensors(self, run: str, tag: str) -> BlobSeries:
        """Decoded to numpy arrays."""
        return self.blobs(run, kinds.TENSORS, tag)

    def pr_curves(self, run: str, tag: str) -> BlobSeries:
        """Decoded to PrCurve."""
        return self.blobs(run, kinds.PR_CURVES, tag)

    def roc_curves(self, run: str, tag: str) -> BlobSeries:
        """Decoded to RocCurve."""
        return self.blobs(run, kinds.ROC_CURVES, tag)

    def confusion_matrices(self, run: str, tag: str) -> BlobSeries:
        """Decoded to ConfusionMatrix."""
        return self.blobs(run, kinds.CONFUSION_MATRICES, tag)

    def plotly(self, run: str, tag: str) -> BlobSeries:
        """Decoded to the figure's JSON, a str."""
        return self.blobs(run, kinds.PLOTLY, tag)

    def html(self, run: str, tag: str) -> BlobSeries:
        """Decoded to str."""
        return self.blobs(run, kinds.HTML, tag)

    def tables(self, run: str, tag: str) -> BlobSeries:
        """Decoded to Table."""
        return self.blobs(run, kinds.TABLES, tag)

    def meshes(self, run: str, tag: str) -> BlobSeries:
        """Decoded to Mesh."""
        return self.blobs(run, kinds.MESHES, tag)

    def hparams(self, run: str, tag: str) -> BlobSeries:
        """Decoded to a dict with "experiment", "session_start_info" or "session_end_info"."""
        return self.blobs(run, kinds.HPARAMS, tag)

    def custom_scalars(self, run: str, tag: str) -> BlobSeries:
        """Decoded to the layout as a dict."""
        return self.blobs(run, kinds.CUSTOM_SCALARS, tag)

    def graphs(self, run: str, tag: str) -> BlobSeries:
        """Decoded to Graph."""
        return self.blobs(run, kinds.GRAPHS, tag)

    def graph(self, run: str, tag: str | None = None, step: int | None = None) -> GraphModel:
        """A graph of the run as nodes in groups: of the tag that says most, the newest, unless told otherwise.

        Raises ValueError with a sentence where what is stored cannot be drawn.
        """
        from .stored_graphs import best_first, newest_at, stored_graph

        tags = self._view(run).by_kind.get(kinds.GRAPHS, ())
        if tag is None and not tags:
            raise TagNotFound(f"run {run!r} has no graph; writer.add_graph(model, inputs) logs one")
        values = self.graphs(run, best_first(tags)[0] if tag is None else tag).latest()
        of_run = self.graphs(run, RUN_GRAPH_TAG).latest() if RUN_GRAPH_TAG in tags else None
        return stored_graph(values, newest_at(values, step), of_run)


class _Place(NamedTuple):
    """The rows of one series in one block."""

    path: str
    blobs: BlobBlock
    rows: Array


def blob_series(storage: Storage, view: RunView, kind: str, tag: str) -> BlobSeries:
    """The values of one tag, in order of step, then wall time. Raises TagNotFound."""
    number = view.tags.number.get((kind, tag))
    places = [] if number is None or kind == kinds.SCALARS else _places(view, number)
    if number is None or not places:
        raise TagNotFound(f"run {view.name!r} has no {kind} {tag!r}; {view.offer(kind)}")
    columns = {
        name: np.concatenate([getattr(place.blobs, name)[place.rows] for place in places])
        for name in ("code", "step", "wall", "at", "length", "crc")
    }
    place_of = np.repeat(np.arange(len(places)), [len(place.rows) for place in places])
    order = np.lexsort((columns["wall"], columns["step"]))
    code, at, length, crc = (columns[name][order] for name in ("code", "at", "length", "crc"))
    place_of = place_of[order]
    metadata = Metadata.parse(view.tags.metadata.get(number))
    where = BlobPlaces(storage, [place.path for place in places], place_of, at, length, crc)

    def decode(index: int, data: bytes) -> Any:
        from .values import decode_blob

        return decode_blob(kind, int(code[index]), metadata.content, data)

    def superseded() -> Array | None:
        hidden = superseded_values(view, number)
        return None if hidden is None else hidden[order]

    return BlobSeries(
        kind, tag, columns["step"][order], columns["wall"][order], metadata,
        crc.astype(np.uint32), length.astype(np.int64), where, decode, superseded,
    )  # fmt: skip


def _places(view: RunView, number: int) -> list[_Place]:
    places = []
    for file in view.files:
        for session in file.sessions:
            for blobs in session.blobs:
                rows = np.flatnonzero(blobs.series == number)
                if len(rows):
                    places.append(_Place(file.path, blobs, rows))
    return places
