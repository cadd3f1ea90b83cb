"""EventAccumulator: everything that the event files of one run say, by kind and tag."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..percentiles import BASIS_POINTS, percentiles
from ..proto import event_pb2 as pb
from ..proto import graph_pb2 as graphs
from .assets import list_assets, read_asset
from .event_stream import EventStream
from .events import (
    AudioEvent,
    CompressedHistogramEvent,
    HistogramEvent,
    HistogramValue,
    ImageEvent,
    ScalarEvent,
    TensorEvent,
)
from .reservoir import Reservoir

__all__ = ["DEFAULT_SIZE_GUIDANCE", "STORE_EVERYTHING_SIZE_GUIDANCE", "EventAccumulator"]

COMPRESSED_HISTOGRAMS, HISTOGRAMS, IMAGES, AUDIO = "distributions", "histograms", "images", "audio"
SCALARS, TENSORS, GRAPH, META_GRAPH, RUN_METADATA = "scalars", "tensors", "graph", "meta_graph", "run_metadata"

# Values kept of each tag; 0 keeps all.
DEFAULT_SIZE_GUIDANCE = {COMPRESSED_HISTOGRAMS: 500, IMAGES: 4, AUDIO: 4, SCALARS: 10000, HISTOGRAMS: 1, TENSORS: 10}
STORE_EVERYTHING_SIZE_GUIDANCE = dict.fromkeys(DEFAULT_SIZE_GUIDANCE, 0)

_SAYS_RESTARTS = 2.0  # version of event files whose writers announce a restart
_LONGEST_WRITER = 128


class EventAccumulator:
    """The values of one run.

    path                  a folder with event files, or one of these
    size_guidance         kind → values kept of each tag, 0 for all; what is not named as in DEFAULT_SIZE_GUIDANCE
    compression_bps       basis points that `CompressedHistograms` gives
    purge_orphaned_data   whether a restart drops what an earlier session logged beyond it

    Nothing is read before `Reload()`.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        size_guidance: Mapping[str, int] | None = None,
        compression_bps: tuple[int, ...] = BASIS_POINTS,
        purge_orphaned_data: bool = True,
    ) -> None:
        if not path:
            raise ValueError("path must be a valid string")
        self.path = os.fspath(path)
        sizes = {**DEFAULT_SIZE_GUIDANCE, **(size_guidance or {})}
        self.scalars: Reservoir[ScalarEvent] = Reservoir(sizes[SCALARS])
        self.histograms: Reservoir[HistogramEvent] = Reservoir(sizes[HISTOGRAMS])
        self.compressed_histograms: Reservoir[CompressedHistogramEvent] = Reservoir(
            sizes[COMPRESSED_HISTOGRAMS], always_keep_last=False
        )
        self.images: Reservoir[ImageEvent] = Reservoir(sizes[IMAGES])
        self.audios: Reservoir[AudioEvent] = Reservoir(sizes[AUDIO])
        self.tensors: Reservoir[TensorEvent] = Reservoir(sizes[TENSORS])
        self.summary_metadata: dict[str, pb.SummaryMetadata] = {}
        self.purge_orphaned_data = purge_orphaned_data
        self.file_version: float | None = None
        self.most_recent_step = -1
        self.most_recent_wall_time: float = -1
        self._compression_bps = compression_bps
        self._stream = EventStream(self.path)
        self._first_wall_time: float | None = None
        self._source_writer: str | None = None
        self._contents: dict[str, dict[str, bytes]] = {}  # plugin → tag → its message
        self._graph: bytes | None = None
        self._graph_is_part = False  # of a meta graph
        self._meta_graph: bytes | None = None
        self._run_metadata: dict[str, bytes] = {}

    def Reload(self) -> EventAccumulator:
        """Read what the files have had since the last time. Raises OSError where the path cannot be read."""
        for event in self._stream.new_events():
            self._take(event)
        return self

    # --- what there is ---

    def Tags(self) -> dict[str, Any]:
        """kind → tags; for graphs whether there is one."""
        return {
            IMAGES: self.images.Keys(),
            AUDIO: self.audios.Keys(),
            HISTOGRAMS: self.histograms.Keys(),
            SCALARS: self.scalars.Keys(),
            COMPRESSED_HISTOGRAMS: self.compressed_histograms.Keys(),
            TENSORS: self.tensors.Keys(),
            GRAPH: self._graph is not None,
            META_GRAPH: self._meta_graph is not None,
            RUN_METADATA: list(self._run_metadata),
        }

    def FirstEventTimestamp(self) -> float:
        """Seconds since the epoch; reads one event if none was read. Raises ValueError where there is none."""
        if self._first_wall_time is None and not self._take_one():
            raise ValueError("No event timestamp could be found")
        assert self._first_wall_time is not None
        return self._first_wall_time

    def GetSourceWriter(self) -> str | None:
        """The program that wrote the files; None where it does not say."""
        if self._source_writer is None:
            self._take_one()
        return self._source_writer

    def ActivePlugins(self) -> list[str]:
        """The plugins that any tag belongs to."""
        return list(self._contents)

    def PluginTagToContent(self, plugin_name: str) -> dict[str, bytes]:
        """tag → the plugin's own message. Raises KeyError where no tag belongs to the plugin."""
        if plugin_name not in self._contents:
            raise KeyError(f"Plugin {plugin_name!r} could not be found.")
        return self._contents[plugin_name]

    def SummaryMetadata(self, tag: str) -> pb.SummaryMetadata:
        """What the first event with metadata said about a tag. Raises KeyError."""
        return self.summary_metadata[tag]

    def AllSummaryMetadata(self) -> dict[str, pb.SummaryMetadata]:
        """tag → metadata."""
        return self.summary_metadata

    def PluginAssets(self, plugin_name: str) -> list[str]:
        """Names of the files that a plugin keeps beside the event files."""
        return list_assets(self.path, plugin_name)

    def RetrievePluginAsset(self, plugin_name: str, asset_name: str) -> str:
        """The text of such a file. Raises KeyError."""
        return read_asset(self.path, plugin_name, asset_name)

    # --- values; each raises KeyError where there is no such tag ---

    def Scalars(self, tag: str) -> list[ScalarEvent]:
        """Numbers of the old form; those of the new one are tensors."""
        return self.scalars.Items(tag)

    def Histograms(self, tag: str) -> list[HistogramEvent]:
        """Histograms of the old form."""
        return self.histograms.Items(tag)

    def CompressedHistograms(self, tag: str) -> list[CompressedHistogramEvent]:
        """The same as percentiles."""
        return self.compressed_histograms.Items(tag)

    def Images(self, tag: str) -> list[ImageEvent]:
        """Pictures of the old form."""
        return self.images.Items(tag)

    def Audio(self, tag: str) -> list[AudioEvent]:
        """Sounds of the old form."""
        return self.audios.Items(tag)

    def Tensors(self, tag: str) -> list[TensorEvent]:
        """Whatever was stored as a tensor."""
        return self.tensors.Items(tag)

    # --- graphs; each raises ValueError where there is none ---

    def Graph(self) -> graphs.GraphDef:
        """The model graph, or that of the meta graph."""
        return graphs.GraphDef.FromString(self.SerializedGraph())

    def SerializedGraph(self) -> bytes:
        """The same as bytes."""
        if self._graph is None:
            raise ValueError("There is no graph in this EventAccumulator")
        return self._graph

    def MetaGraph(self) -> graphs.MetaGraphDef:
        """The meta graph; fields beside its graph are kept, and have no names here."""
        if self._meta_graph is None:
            raise ValueError("There is no metagraph in this EventAccumulator")
        return graphs.MetaGraphDef.FromString(self._meta_graph)

    def RunMetadata(self, tag: str) -> graphs.RunMetadata:
        """What was noted of one execution."""
        if tag not in self._run_metadata:
            raise ValueError("There is no run metadata with this tag name")
        return graphs.RunMetadata.FromString(self._run_metadata[tag])

    # --- one event after the other ---

    def _take_one(self) -> bool:
        """Take the next event; whether there was one."""
        event = next(self._stream.new_events(), None)
        if event is not None:
            self._take(event)
        return event is not None

    def _take(self, event: pb.Event) -> None:
        if self._first_wall_time is None:
            self._first_wall_time = event.wall_time
        if event.HasField("source_metadata"):
            writer = event.source_metadata.writer
            self._source_writer = writer if 0 < len(writer) <= _LONGEST_WRITER else None
        what = event.WhichOneof("what")
        if what == "file_version":
            self.file_version = _version(event.file_version)
        if self.purge_orphaned_data:
            self._purge(event, what)
        if what == "summary":
            for value in event.summary.value:
                self._take_value(event, value)
        elif what == "graph_def":
            self._graph, self._graph_is_part = event.graph_def, False
        elif what == "meta_graph_def":
            self._take_meta_graph(event.meta_graph_def)
        elif what == "tagged_run_metadata":
            self._run_metadata[event.tagged_run_metadata.tag] = event.tagged_run_metadata.run_metadata

    def _take_meta_graph(self, data: bytes) -> None:
        self._meta_graph = data
        if self._graph is None or self._graph_is_part:
            self._graph = graphs.MetaGraphDef.FromString(data).graph_def.SerializeToString()
            self._graph_is_part = True

    def _take_value(self, event: pb.Event, value: pb.Summary.Value) -> None:
        tag = value.tag
        if value.HasField("metadata") and tag not in self.summary_metadata:
            self.summary_metadata[tag] = value.metadata
            plugin = value.metadata.plugin_data
            if plugin.plugin_name:
                self._contents.setdefault(plugin.plugin_name, {})[tag] = plugin.content
        kind = value.WhichOneof("value")
        wall, step = event.wall_time, event.step
        if kind == "simple_value":
            self.scalars.AddItem(tag, ScalarEvent(wall, step, value.simple_value))
        elif kind == "tensor":
            self.tensors.AddItem(tag or value.node_name, TensorEvent(wall, step, value.tensor))
        elif kind == "histo":
            histogram = HistogramValue.of(value.histo)
            self.histograms.AddItem(tag, HistogramEvent(wall, step, histogram))
            self.compressed_histograms.offer(tag, self._compressed(wall, step, histogram))
        elif kind == "image":
            image = value.image
            self.images.AddItem(tag, ImageEvent(wall, step, image.encoded_image_string, image.width, image.height))
        elif kind == "audio":
            audio = value.audio
            data = audio.encoded_audio_string, audio.content_type, audio.sample_rate, audio.length_frames
            self.audios.AddItem(tag, AudioEvent(wall, step, *data))

    def _compressed(self, wall: float, step: int, histogram: HistogramValue) -> Callable[[], CompressedHistogramEvent]:
        def make() -> CompressedHistogramEvent:
            points = self._compression_bps
            values = [(point, 0.0) for point in points]
            if histogram.num:
                edges, counts = np.array(histogram.bucket_limit), np.array(histogram.bucket)
                values = percentiles(edges, counts, histogram.min, histogram.max, points)
            return CompressedHistogramEvent(wall, step, values)

        return make

    # --- restarts ---

    def _purge(self, event: pb.Event, what: str | None) -> None:
        """Drop what a restart logs again: from where it says, or of a tag from its first step that goes back."""
        if self.file_version and self.file_version >= _SAYS_RESTARTS:
            if what == "session_log" and event.session_log.status == pb.SessionLog.START:
                self._drop_from(event.step, None)
        elif event.step < self.most_recent_step and what == "summary":
            for value in event.summary.value:
                self._drop_from(event.step, value.tag)
        else:
            self.most_recent_step, self.most_recent_wall_time = event.step, event.wall_time

    def _drop_from(self, step: int, tag: str | None) -> None:
        kinds = (self.scalars, self.histograms, self.compressed_histograms, self.images, self.audios)
        for reservoir in kinds:
            reservoir.FilterItems(lambda item: item.step < step, tag)


def _version(text: str) -> float:
    """The number in "brain.Event:2"; -1 where there is none."""
    try:
        return float(text.split("brain.Event:")[-1])
    except ValueError:
        return -1.0
