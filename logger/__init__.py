"""The log on disk, both directions: write event files, read log directories.

    writer.py            SummaryWriter: every add_* call notes a value; writer_*.py hold its methods by group
    global_writer.py     GlobalSummaryWriter, shared by a whole program; shared_steps.py counts for it
    file_writer.py       FileWriter: messages → one event file
    background.py        the thread that encodes and writes, so that training never waits
    scalar_records.py    batches of scalars → records
    summaries/           value → Summary message, one file per kind
    event_files.py       an event file being written; records.py, crc32c.py its framing
    embedding_files.py   the projector's folder: tensors, labels, sprites, their list
    taken_objects.py     copies of nested Python objects
    values.py            numbers and arrays of any framework → numpy, none of them imported
    tensors.py           TensorProto ⇄ numpy
    packed_parts.py      what is compressed in a tensor; table_columns.py typed tables in it
    plugins.py           plugin names and metadata
    proto/               the messages, under a proto package of our own
    native.py            compiled kernels, kept so that a new process need not load the compiler
    reader/              open_logdir: discovery, decoding, index, queries
    compat/              EventAccumulator, for scripts on top of TensorBoard's; percentiles.py histograms in short
    errors.py            what all of this raises
    lazy_names.py        public names that are imported when first asked for

Importing this package loads no framework, no web server and no compiler: the reader's names are resolved on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .lazy_names import lazy_names

if TYPE_CHECKING:
    from .event_files import RecordWriter
    from .file_writer import FileWriter
    from .global_writer import GlobalSummaryWriter
    from .reader import LogDir, open_logdir
    from .writer import SummaryWriter

__all__ = ["FileWriter", "GlobalSummaryWriter", "LogDir", "RecordWriter", "SummaryWriter", "open_logdir"]

_HOME = {
    "FileWriter": ".file_writer",
    "GlobalSummaryWriter": ".global_writer",
    "LogDir": ".reader",
    "RecordWriter": ".event_files",
    "SummaryWriter": ".writer",
    "open_logdir": ".reader",
}

__getattr__, __dir__ = lazy_names(__name__, _HOME)
