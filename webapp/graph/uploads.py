"""Graphs of files that somebody opened in the page: read once, kept in memory, never written anywhere."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from ..kept import Kept
from ..queries import Refused
from ..received import receive
from .measured import Measured, OpenedTables
from .naming import FileGraph

if TYPE_CHECKING:
    from .opened import OpenedGraph

__all__ = ["MOST_FILE_BYTES", "OpenedFiles", "file_entry"]

MOST_FILE_BYTES = 256 << 20
_MOST_NODES = 300_000  # in memory, of all files


class OpenedFiles:
    """The files last opened, by the checksum of their content. For any thread."""

    def __init__(self, tables: OpenedTables) -> None:
        self._tables = tables  # that graphs can be coloured by
        self._files: Kept[OpenedGraph] = Kept(_MOST_NODES, lambda graph: graph.weight)

    def find(self, file: str) -> OpenedGraph:
        """Raises Refused (404)."""
        found = self._files.find(file)
        if found is None:
            raise Refused(f"the file {file[:64]!r} is not open here (any more); open it again", 404)
        return found

    def read(self, stream: IO[bytes], name: str) -> OpenedGraph:
        """The graph of a file's bytes. `name` tells its format where its content does not. Raises Refused."""
        from ...projector.jobs.scratch import Scratch

        with closing(Scratch(None)) as scratch:
            path = scratch.new("file")
            file = receive(stream, path, name, MOST_FILE_BYTES)
            return self._files.get(file, lambda: self._open(path, name, file))

    def _open(self, path: Path, name: str, file: str) -> OpenedGraph:
        from ...logger.graphs.files import open_graph_file
        from .opened import OpenedGraph

        try:
            model = open_graph_file(path, name, MOST_FILE_BYTES)
        except ValueError as error:
            raise Refused(str(error), 422) from error
        return OpenedGraph(FileGraph(file), model, file, measured=Measured(self._tables))

    def listed(self) -> list[dict[str, Any]]:
        """As `file_entry`, of each file that is open, the last one first."""
        return [file_entry(graph) for graph in reversed(self._files.values())]


def file_entry(graph: OpenedGraph) -> dict[str, Any]:
    """`{file, name, format, level, nodes, notes}` of a graph out of a file."""
    model = graph.model
    return {
        "file": graph.version,
        "name": model.title,
        "format": model.format,
        "level": model.level,
        "nodes": len(model.nodes),
        "notes": model.notes,
    }
