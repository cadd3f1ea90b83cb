"""Which embeddings and methods there are, for the page's choices."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any

from ..queries import Refused
from ..stamps import stamps_of

if TYPE_CHECKING:
    from ...logger import LogDir
    from ...projector.found import FoundEmbedding

__all__ = ["Listing", "embeddings_as_json", "file_stamps", "methods_as_json", "one_step_told"]

_LOOK_EVERY = 1.0  # s between two looks through the folders
_SHARE = 5  # times as long as a look takes: there may be thousands of folders


class Listing:
    """The embeddings of a log; its folders are looked through now and then. For any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: list[FoundEmbedding] = []
        self._of: LogDir | None = None
        self._next_look = 0.0

    def found(self, log: LogDir) -> list[FoundEmbedding]:
        """All of them, in the order of the page."""
        from ...projector.catalog import find_embeddings

        with self._lock:
            began = time.monotonic()
            if self._of is not log or began > self._next_look:
                self._found, self._of = find_embeddings(log), log
                now = time.monotonic()
                self._next_look = now + max(_LOOK_EVERY, _SHARE * (now - began))
            return self._found

    def find(self, log: LogDir, run: str, name: str) -> FoundEmbedding:
        """Raises Refused (404)."""
        known = _named(self._found, run, name) if self._of is log else None
        if known is not None and not known.broken:  # needs no look
            return known
        found = _named(self.found(log), run, name)
        if found is None:
            raise Refused(f"run {run[:200]!r} has no embedding {name[:200]!r} (any more)", 404)
        return found

    def steps(self, log: LogDir, run: str, tag: str) -> list[FoundEmbedding]:
        """The steps of a tag that can be opened, in their order. Raises Refused (404)."""
        steps = [one for one in self.found(log) if one.run == run and one.tag == tag and not one.broken]
        if not steps:
            raise Refused(f"run {run[:200]!r} has no embedding {tag[:200]!r} (any more)", 404)
        return steps


def _named(listed: list[FoundEmbedding], run: str, name: str) -> FoundEmbedding | None:
    return next((one for one in listed if one.run == run and one.name == name), None)


def embeddings_as_json(found: list[FoundEmbedding]) -> list[dict[str, Any]]:
    """`[{run, tag, steps: [{step, name, shape, broken}], metadata, sprite}]`"""
    listed: dict[tuple[str, str], dict[str, Any]] = {}
    for one in found:
        entry: dict[str, Any] = {"run": one.run, "tag": one.tag, "steps": [], "metadata": False, "sprite": False}
        entry = listed.setdefault((one.run, one.tag), entry)
        step = {"step": one.step, "name": one.name, "shape": one.shape and list(one.shape), "broken": one.broken}
        entry["steps"].append(step)
        entry["metadata"] |= one.metadata
        entry["sprite"] |= one.sprite
    return list(listed.values())


def one_step_told(one: FoundEmbedding, found: Iterable[FoundEmbedding]) -> tuple[str, ...]:
    """What a file of one step leaves out, among all that were found; () where its tag has no other step."""
    steps = sorted(each.step for each in found if (each.run, each.tag) == (one.run, one.tag) and not each.broken)
    if len(steps) < 2:
        return ()
    span = f"{len(steps):,} steps, {steps[0]:,} to {steps[-1]:,}"
    return (f"{one.tag} has {span}: this file holds step {one.step:,} alone. The Projector page plays all of them.",)


def file_stamps(found: FoundEmbedding) -> tuple[tuple[int, ...], ...]:
    """Tell one content of the files of an embedding from the next."""
    return stamps_of(found.files or (found.path,))


@cache
def methods_as_json() -> list[dict[str, Any]]:
    """`[{method, title, parameters, preprocess, dims, quick, available, install}]`; looked at once.

    quick: it takes no time worth asking about.
    """
    from ...projector.jobs.projection import lane_of
    from ...projector.methods import METHODS, availability

    listed = []
    for method, reducer in METHODS.items():
        available, install = availability(method)
        listed.append(
            {
                "method": method,
                "title": reducer.title,
                "parameters": [asdict(parameter) for parameter in reducer.parameters],
                "preprocess": list(reducer.preprocess),
                "dims": [2, 3],
                "quick": lane_of(method) == "quick",
                "available": available,
                "install": install,
            }
        )
    return listed
