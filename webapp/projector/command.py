"""`dashboard project`: an embedding laid out without a browser, as a page of its own or as a table."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...logger.errors import LogError
from ..output_files import write_output
from ..queries import Refused

if TYPE_CHECKING:
    from ...projector.embedding import Embedding
    from ...projector.found import FoundEmbedding
    from ...projector.projecting import Projection
    from .export_page import KeptLayout

__all__ = ["write_projection"]

_TELL_EVERY = 2.0  # s between two lines about a layout in the making


def write_projection(asked: argparse.Namespace) -> int:
    """Write what was asked for; the exit code."""
    try:
        _check(asked)
        embedding, beside = _opened(asked)
        for remark in (*beside, *embedding.remarks()):
            _say(remark)
        content = _page(embedding, beside, asked) if asked.form == "html" else _table(embedding, asked)
        write_output(asked.output, content)
    except (Refused, LogError, ValueError, ImportError, OSError) as error:
        print(f"dashboard project: {error}", file=sys.stderr)
        return 1
    if asked.output != "-":
        print(f"{asked.output}: {_size(len(content))}, {len(embedding):,} point{'s' * (len(embedding) != 1)}")
    return 0


def _check(asked: argparse.Namespace) -> None:
    """What can be told before a layout takes its time. Raises Refused."""
    from ...projector.methods import METHODS, check_parameters

    folder = Path(asked.output).expanduser().parent
    if asked.output != "-" and not folder.is_dir():
        raise Refused(f"{asked.output} cannot be written: there is no folder {folder}")
    known = {method: [parameter.name for parameter in METHODS[method].parameters] for method in asked.method}
    for name, _ in asked.settings:
        method, dot, own = name.rpartition(".")
        if dot and method not in known:
            raise Refused(f"--set {name}: {method} is not among the methods ({', '.join(known)})")
        if not any(own in known[one] for one in ([method] if dot else known)):
            listed = "; ".join(f"{one} has {', '.join(names) or 'none'}" for one, names in known.items())
            raise Refused(f"--set {name}: there is no such parameter: {listed}")
    for method in known:
        try:
            check_parameters(method, _settings(method, asked))
        except ValueError as error:
            raise Refused(f"--set, {method}: {error}") from None


def _opened(asked: argparse.Namespace) -> tuple[Embedding, tuple[str, ...]]:
    """The embedding, and what is told of other steps of its tag."""
    from ...projector.loading import load_embedding

    beside = {"metadata": asked.metadata, "sprite": asked.sprite, "sprite_size": asked.sprite_size}
    which = {"name": asked.name, "step": asked.step, "coordinates": _coordinates(asked.coordinates)}
    path = Path(asked.what).expanduser()
    if path.is_dir():
        from ...logger import open_logdir
        from ...projector.catalog import find_embeddings

        with open_logdir(path, index_dir=False) as log:
            if found := find_embeddings(log):
                embedding = load_embedding(log, run=asked.run, **which, **beside)
                return embedding, _other_steps(embedding, found, asked.run)
    return load_embedding(path, run=asked.run, columns=asked.columns, shape=asked.shape, **which, **beside), ()


def _other_steps(embedding: Embedding, found: Sequence[FoundEmbedding], run: str | None) -> tuple[str, ...]:
    from .listing import one_step_told

    chosen = next((one for one in found if one.name == embedding.name and run in (None, one.run)), None)
    return () if chosen is None else one_step_told(chosen, found)


def _coordinates(given: str | None) -> str | list[str] | None:
    """Names of columns, where there is no such file."""
    if given is None or Path(given).expanduser().exists():
        return given
    return given.split(",")


def _page(embedding: Embedding, notes: Sequence[str], asked: argparse.Namespace) -> bytes:
    from ..app import STATIC_FOLDER
    from ..assets import Assets
    from .export_page import export_page

    if asked.color and asked.color not in embedding.columns:
        listed = ", ".join(map(repr, embedding.columns)) or "none"
        raise Refused(f"--color {asked.color}: {embedding.name} has no such column; there are {listed}")
    layouts = [_measured(embedding, _projected(embedding, method, asked), asked) for method in asked.method]
    vectors = False if asked.no_vectors else None
    title = asked.title or embedding.name
    about = {"title": title, "color": asked.color, "source": asked.what, "notes": notes}
    return export_page(Assets(STATIC_FOLDER), embedding, layouts, vectors=vectors, **about)


def _projected(embedding: Embedding, method: str, asked: argparse.Namespace) -> Projection:
    from ...projector.expectations import expectation
    from ...projector.projecting import project

    width = min(3, embedding.dimensions, len(embedding)) if method == "pca" else asked.dims
    told = _Told(method)
    if expected := expectation(method, len(embedding), embedding.dimensions, asked.dims):
        _say(f"{method}: {expected}")
    return project(
        embedding,
        method,
        dims=max(asked.dims, width),
        preprocess=asked.preprocess,
        seed=asked.seed,
        on_frame=told.frame,
        **_settings(method, asked),
    )


def _settings(method: str, asked: argparse.Namespace) -> dict[str, Any]:
    """Those of one method; what is said without a method goes to all that know it."""
    from ...projector.methods import METHODS

    known = {parameter.name for parameter in METHODS[method].parameters}
    given = {name: value for name, value in asked.settings if name in known}
    own = {name.partition(".")[2]: value for name, value in asked.settings if name.startswith(f"{method}.")}
    return {**given, **own}


class _Told:
    """Tells now and then how far a layout is."""

    def __init__(self, method: str) -> None:
        self._method, self._next = method, time.monotonic() + _TELL_EVERY

    def frame(self, frame: Any) -> None:
        if time.monotonic() > self._next and frame.total and not frame.last:
            _say(f"{self._method}: {frame.stage} {frame.done:,} of {frame.total:,}")
            self._next = time.monotonic() + _TELL_EVERY


def _measured(embedding: Embedding, projection: Projection, asked: argparse.Namespace) -> KeptLayout:
    from .export_page import clustered, kept_layout, measured

    told = embedding.remarks()
    for note in projection.notes:
        if note not in told:
            _say(f"{projection.method}: {note}")
    layout = measured(embedding, kept_layout(projection, asked.dims), asked.sample)
    if found := layout.quality:
        _say(
            f"{projection.method}: trustworthiness {found['trustworthiness']:.3f}, recall of {found['k']} neighbours "
            f"{found['recall']:.3f}, measured on {found['sample']:,} of {len(embedding):,} points"
        )
    return clustered(embedding, layout)


def _table(embedding: Embedding, asked: argparse.Namespace) -> bytes:
    from .downloads import npy, table

    coordinates = _projected(embedding, asked.method[0], asked).coordinates[:, : asked.dims]
    if asked.form == "npy":
        return npy(embedding, None, coordinates)
    return "".join(table(embedding, None, coordinates, asked.form)).encode("utf-8", "replace")


def _size(count: int) -> str:
    return f"{count / 1e6:,.2f} MB" if count >= 100_000 else f"{count / 1e3:,.1f} kB"


def _say(sentence: str) -> None:
    print(f"dashboard project: {sentence}", file=sys.stderr)
