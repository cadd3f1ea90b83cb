"""EventMultiplexer: the EventAccumulators of several runs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from ..proto.event_pb2 import SummaryMetadata
from ..proto.graph_pb2 import GraphDef, MetaGraphDef, RunMetadata
from . import events
from .accumulator import EventAccumulator
from .event_stream import is_event_file

__all__ = ["EventMultiplexer"]


class EventMultiplexer:
    """Runs by name. Methods that take a run raise KeyError where there is none, and what EventAccumulator's raise."""

    def __init__(
        self,
        run_path_map: Mapping[str, str] | None = None,
        size_guidance: Mapping[str, int] | None = None,
        purge_orphaned_data: bool = True,
    ) -> None:
        self._accumulators: dict[str, EventAccumulator] = {}
        self._paths: dict[str, str] = {}
        self._size_guidance = size_guidance
        self._reload_called = False
        self.purge_orphaned_data = purge_orphaned_data
        for name, path in (run_path_map or {}).items():
            self.AddRun(path, name)

    def AddRun(self, path: str, name: str | None = None) -> EventMultiplexer:
        """Add a run, called by its path unless a name is given; a run of that name with another path goes."""
        name = name or path
        if self._paths.get(name) != path:
            run = EventAccumulator(path, self._size_guidance, purge_orphaned_data=self.purge_orphaned_data)
            self._accumulators[name], self._paths[name] = run, path
            if self._reload_called:
                run.Reload()
        return self

    def AddRunsFromDirectory(self, path: str, name: str | None = None) -> EventMultiplexer:
        """Add every folder with event files at or below `path`; a path that does not exist is none.

        Raises ValueError where it is no folder.
        """
        if os.path.exists(path) and not os.path.isdir(path):
            raise ValueError(f"AddRunsFromDirectory: {path} exists and is not a directory")
        for folder in _folders(path):
            below = os.path.relpath(folder, path)
            self.AddRun(folder, os.path.join(name, below) if name else below)
        return self

    def Reload(self) -> EventMultiplexer:
        """Read what is new in every run; one whose folder is gone goes too."""
        self._reload_called = True
        for name, run in list(self._accumulators.items()):
            try:
                run.Reload()
            except FileNotFoundError:
                del self._accumulators[name]
            except OSError:  # unreadable now; tried again the next time
                continue
        return self

    def Runs(self) -> dict[str, dict[str, Any]]:
        """run → its Tags()."""
        return {name: run.Tags() for name, run in self._accumulators.items()}

    def RunPaths(self) -> dict[str, str]:
        """run → path."""
        return self._paths

    def GetAccumulator(self, run: str) -> EventAccumulator:
        """The run itself."""
        return self._accumulators[run]

    def PluginAssets(self, plugin_name: str) -> dict[str, list[str]]:
        """run → names of the plugin's files."""
        return {name: run.PluginAssets(plugin_name) for name, run in self._accumulators.items()}

    def RetrievePluginAsset(self, run: str, plugin_name: str, asset_name: str) -> str:
        """The text of such a file."""
        return self.GetAccumulator(run).RetrievePluginAsset(plugin_name, asset_name)

    def PluginRunToTagToContent(self, plugin_name: str) -> dict[str, dict[str, bytes]]:
        """run → tag → the plugin's message, of the runs that have any."""
        found = {}
        for name, run in self._accumulators.items():
            if plugin_name in run.ActivePlugins():
                found[name] = run.PluginTagToContent(plugin_name)
        return found

    def FirstEventTimestamp(self, run: str) -> float:
        """Seconds since the epoch."""
        return self.GetAccumulator(run).FirstEventTimestamp()

    def GetSourceWriter(self, run: str) -> str | None:
        """The program that wrote the run."""
        return self.GetAccumulator(run).GetSourceWriter()

    def SummaryMetadata(self, run: str, tag: str) -> SummaryMetadata:
        """What the run says about a tag."""
        return self.GetAccumulator(run).SummaryMetadata(tag)

    def Scalars(self, run: str, tag: str) -> list[events.ScalarEvent]:
        """As of EventAccumulator, here and below."""
        return self.GetAccumulator(run).Scalars(tag)

    def Histograms(self, run: str, tag: str) -> list[events.HistogramEvent]:
        return self.GetAccumulator(run).Histograms(tag)

    def CompressedHistograms(self, run: str, tag: str) -> list[events.CompressedHistogramEvent]:
        return self.GetAccumulator(run).CompressedHistograms(tag)

    def Images(self, run: str, tag: str) -> list[events.ImageEvent]:
        return self.GetAccumulator(run).Images(tag)

    def Audio(self, run: str, tag: str) -> list[events.AudioEvent]:
        return self.GetAccumulator(run).Audio(tag)

    def Tensors(self, run: str, tag: str) -> list[events.TensorEvent]:
        return self.GetAccumulator(run).Tensors(tag)

    def Graph(self, run: str) -> GraphDef:
        return self.GetAccumulator(run).Graph()

    def SerializedGraph(self, run: str) -> bytes:
        return self.GetAccumulator(run).SerializedGraph()

    def MetaGraph(self, run: str) -> MetaGraphDef:
        return self.GetAccumulator(run).MetaGraph()

    def RunMetadata(self, run: str, tag: str) -> RunMetadata:
        return self.GetAccumulator(run).RunMetadata(tag)


def _folders(path: str) -> Iterator[str]:
    """Folders with event files, the given one first."""
    for folder, below, files in os.walk(path, followlinks=True):
        below.sort()
        if any(map(is_event_file, files)):
            yield folder
