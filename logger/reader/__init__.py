"""Reading log directories: `open_logdir(path)` and what it returns.

    logdir.py            LogDir, the view of a log directory; roots.py which directories, published.py what it shows
    follow.py            keeping up in the background
    loader.py            one pass: find files, take what the index has, publish views; file_reader.py reads what is new
    discovery.py         which folders are runs; storage.py the only place that opens files
    reading.py, scan.py  one file: unchanged, grown or anew; chunks, truncated and damaged tails
    decoder.py           the kernels' tables, layout.py; compiled.py, kernels.py, message_kernel.py, tag_kernel.py,
                         tensor_kernel.py, wire.py, memory.py the compiled part
    run_tags.py          series of a run; blocks.py their columns; event_file.py a file as far as it was read
    run_events.py        what happened to a run: restarts, checkpoints, notes
    run.py, segments.py  a run's queries; how files and sessions become one series, blob_restarts.py of blobs
    index.py             what outlives the process
    values.py            blobs decoded; media_values.py pictures and sounds, graph_values.py graphs,
                         own_values.py what only our writer writes

Importing this loads no compiler: numba is imported where the kernels were never compiled, once per machine.
"""

from __future__ import annotations

from .decoder import Damage
from .logdir import LogDir, open_logdir
from .run_events import RunEvent
from .series import BlobSeries, Metadata, ScalarColumns, Scalars
from .status import FileStatus, Root, RunInfo, Status

__all__ = [
    "BlobSeries",
    "Damage",
    "FileStatus",
    "LogDir",
    "Metadata",
    "Root",
    "RunEvent",
    "RunInfo",
    "ScalarColumns",
    "Scalars",
    "Status",
    "open_logdir",
]
