"""Profiles as one HTML file: the page of profiles, and what the server would have answered it.

The page asks what it always asks; the answers to what its views ask first are in the file, see kept_questions.py.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from functools import partial
from itertools import permutations
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from ...profiler.reports.gather import step_number
from ..app import STATIC_FOLDER, create_app
from ..assets import Assets, package_version
from ..context import EXTENSION, Site
from ..log_source import LogSource
from ..one_file import one_file
from ..projector.answers import arrays_frame
from ..queries import Refused
from ..settings import Settings
from .kept_memory import changes_between, memory_answers
from .kept_questions import address_of, comparisons_of, questions_of, tiles_of
from .kept_slices import KeptSlices
from .listing import ListedProfile

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from ...profiler.discovery import FoundProfile

__all__ = ["export_profiles"]

Progress: TypeAlias = Callable[[str], object]

_ENTRY = "profile-file.js"
_STYLES = ("page.css",)
_MOST_TILES, _FEW_TILES = 12_000_000, 2_000_000  # bytes of the first rank's timeline, of others'
_MOST_COMPARED = 3  # profiles
_LARGEST = 400_000_000  # bytes before compression
_LARGEST_ANSWER = 8_000_000  # bytes of one
_REFUSED = b"!"  # in front of the sentence that says why; no answer begins so


def export_profiles(
    found: Sequence[FoundProfile],
    *,
    before: Sequence[FoundProfile] = (),
    title: str = "",
    ranks: Sequence[int] = (),
    steps: tuple[int, int] | None = None,
    index_dir: str | None = None,
    progress: Progress = lambda _: None,
) -> bytes:
    """The file. before: what the first one is compared with; ranks: only these; steps: what is looked at first;
    progress: is told what is being done.

    Raises Refused where it would be too large.
    """
    from ...logger import open_logdir

    with tempfile.TemporaryDirectory() as empty, open_logdir(empty, index_dir=False) as log:
        app = create_app(LogSource.of(log), Settings(logdirs={"": empty}, logdir_text=empty, index_dir=index_dir))
        site: Site = app.extensions[EXTENSION]
        listed = [ListedProfile(f"{number}:{each.name}", each) for number, each in enumerate([*found, *before])]
        for each in listed:
            site.profiles.pin(each)
        try:
            answers = dict(_answers(app.test_client(), listed, ranks, steps, progress))
        finally:
            site.profiles.close()
    size = sum(map(len, answers.values()))
    if size > _LARGEST:
        raise Refused(
            f"the file would take {size / 1e6:,.0f} MB before compression, at most {_LARGEST / 1e6:,.0f}: name fewer "
            "traces, or one --rank"
        )
    title = title or (found[0].name if found else "Profile")
    header = {"title": title, "made": time.time(), "stepscope": package_version(), "addresses": list(answers)}
    first = listed[0].id if listed else ""
    rank = ranks[0] if ranks else None
    shown = address_of("info", {"p": first} if rank is None else {"p": first, "rank": str(rank)})
    header |= {"other": listed[len(found)].id if before else "", "all_ranks": _all_ranks(found, before, ranks)}
    header |= {"profile": first, "rank": rank, "window": _window(_told(answers.get(shown, _REFUSED)), steps)}
    bodies = {str(place): np.frombuffer(body, np.uint8) for place, body in enumerate(answers.values())}
    assets = Assets(STATIC_FOLDER)
    return one_file(assets, _ENTRY, _STYLES, arrays_frame(header, bodies), title, "profile-file", with_on_demand=True)


def _all_ranks(found: Sequence[FoundProfile], before: Sequence[FoundProfile], ranks: Sequence[int]) -> bool:
    """Whether the comparison that is shown first is of all ranks."""
    return not ranks and all(each and len(each[0].paths) > 1 for each in (found, before))


def _answers(
    client: FlaskClient,
    listed: Sequence[ListedProfile],
    ranks: Sequence[int],
    steps: tuple[int, int] | None,
    progress: Progress,
) -> Iterator[tuple[str, bytes]]:
    """Address → answer. What cannot be answered is kept as the sentence that says why."""
    yield "profiles?", json.dumps({"profiles": [], "files": [_entry(each, ranks) for each in listed]}).encode()
    first_ranks: dict[str, int] = {}
    snapshots: list[tuple[str, dict[str, Any]]] = []
    for each in listed:
        unasked = address_of("info", {"p": each.id})  # as the page asks before it knows which ranks there are
        progress(f"Reading {each.found.name}")
        first = _asked(client, unasked)
        yield unasked, first
        if "rank" not in _told(first):
            told = yield from _memory(client, each.id, None)
            snapshots += [(each.id, told)] if told.get("kind") == "snapshot" else []
        asked = [file["rank"] for file in _told(first).get("files", []) if not ranks or file["rank"] in ranks]
        for place, rank in enumerate(asked):
            progress(f"Answers of {each.found.name}" + (f", rank {rank}" if len(asked) > 1 else ""))
            address = address_of("info", {"p": each.id, "rank": str(rank)})
            info = _asked(client, address)
            yield address, info
            if "rank" in _told(info):
                first_ranks.setdefault(each.id, _told(info)["rank"])
                yield from _of_rank(client, each.id, _told(info), place == 0, steps)
    several = {each.id for each in listed if len(each.found.paths) > 1}
    yield from _comparisons(client, first_ranks, several)
    for address in changes_between(snapshots[:_MOST_COMPARED]):
        yield address, _asked(client, address)


def _of_rank(
    client: FlaskClient, p: str, info: Mapping[str, Any], first: bool, steps: tuple[int, int] | None
) -> Iterator[tuple[str, bytes]]:
    slices = KeptSlices(info["slices"])
    for question in questions_of(p, info, first, _window(info, steps)):
        answer = _asked(client, question)
        slices.note(answer)
        yield question, answer
    yield from _memory(client, p, info["rank"])
    if first:
        yield from slices.answers(p, info["rank"], partial(_asked, client))
    yield from _tiles(client, p, info["rank"], _MOST_TILES if first else _FEW_TILES)


def _memory(client: FlaskClient, p: str, rank: int | None) -> Generator[tuple[str, bytes], None, dict[str, Any]]:
    """What files tell of memory; its result is what they are, {} where that cannot be told."""
    address = address_of("memory", {"p": p} if rank is None else {"p": p, "rank": str(rank)})
    answer = _asked(client, address)
    yield address, answer
    told = _told(answer)
    if told:
        yield from memory_answers(p, rank, told, partial(_asked, client))
    return told


def _window(info: Mapping[str, Any], steps: tuple[int, int] | None) -> tuple[int, int] | None:
    """The time of the steps with these numbers, ns; None without any."""
    if steps is None:
        return None
    found = [step for step in info.get("steps", ()) if steps[0] <= step_number(step["name"]) <= steps[1]]
    return (found[0]["start"], found[-1]["end"]) if found else None


def _comparisons(
    client: FlaskClient, first_ranks: Mapping[str, int], several: Collection[str]
) -> Iterator[tuple[str, bytes]]:
    """Of a few profiles each with each other one. several: those with more ranks than one."""
    for shown, before in permutations(list(first_ranks)[:_MOST_COMPARED], 2):
        for address in comparisons_of(shown, first_ranks[shown], before, {shown, before} <= set(several)):
            yield address, _asked(client, address)


def _tiles(client: FlaskClient, p: str, rank: int, most: int) -> Iterator[tuple[str, bytes]]:
    """The timeline as close as `most` bytes allow, from its whole length on."""
    told = _told(_asked(client, address_of("timeline", {"p": p, "rank": str(rank)})))
    for address in tiles_of(p, rank, told) if told else ():
        answer = _asked(client, address)
        most -= len(answer)
        if most < 0 or answer.startswith(_REFUSED):
            return
        yield address, answer


def _told(answer: bytes) -> dict[str, Any]:
    told: dict[str, Any] = {} if answer.startswith(_REFUSED) else json.loads(answer)
    return told


def _entry(listed: ListedProfile, ranks: Sequence[int]) -> dict[str, Any]:
    told = listed.to_json()
    return {**told, "ranks": [rank for rank in told["ranks"] if not ranks or rank is None or rank in ranks]}


def _asked(client: FlaskClient, address: str) -> bytes:
    """The answer once it is there; a refusal begins with a sign of its own."""
    while (answer := client.get(f"/api/profile/{address}")).status_code == 202:
        pass
    body: bytes = answer.data
    if len(body) > _LARGEST_ANSWER:
        told = (
            f"This takes {len(body) / 1e6:,.0f} MB and is not in the file. The dashboard that reads the trace can tell."
        )
        return _REFUSED + json.dumps({"error": told}).encode()
    return body if answer.status_code == 200 else _REFUSED + body
