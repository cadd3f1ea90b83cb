"""The answers of a running TensorBoard and ours, side by side."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from stepscope.logger.proto.event_pb2 import Event
from stepscope.logger.records import frame

# Nothing is sampled away.
KEEP_ALL = "scalars=1000000,images=1000,audio=1000,text=1000,histograms=10000,pr_curves=1000,mesh=1000"


@dataclass(frozen=True)
class Sides:
    """Address of theirs, client of ours."""

    theirs: str
    ours: FlaskClient

    def same(self, path: str, order: Callable[[Any], Any] = lambda answer: answer, **parameters: Any) -> Any:
        """Assert the same status, type and answer below /data/plugin/; the answer, JSON parsed.

        `order` brings JSON whose order means nothing into one.
        """
        return self._same(f"/data/plugin/{path}{query(**parameters)}", None, order)

    def same_post(self, path: str, body: Any, order: Callable[[Any], Any] = lambda answer: answer) -> Any:
        """The same for a JSON body."""
        return self._same(f"/data/plugin/{path}", json.dumps(body).encode(), order)

    def _same(self, path: str, body: bytes | None, order: Callable[[Any], Any]) -> Any:
        status, content_type, data = self._get(path, body)
        sent = {"content_type": "application/json", "data": body, "method": "POST"} if body is not None else {}
        mine = self.ours.open(path, **sent)  # type: ignore[arg-type]
        assert (mine.status_code, mine.content_type) == (status, content_type) or status >= 400, path
        assert mine.status_code == status, f"{path}: {mine.data[:300]!r}"
        if status >= 400:
            return None
        if content_type.startswith("application/json"):
            assert order(mine.json) == order(json.loads(data)), path
            return mine.json
        assert mine.data == data, path
        return data

    def _get(self, path: str, body: bytes | None) -> tuple[int, str, bytes]:
        headers = {} if body is None else {"Content-Type": "application/json"}
        request = urllib.request.Request(self.theirs + path, data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.headers["Content-Type"], answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers["Content-Type"], error.read()


def query(**parameters: Any) -> str:
    """ "?a=1&b=2", or "" for nothing."""
    return "?" + urllib.parse.urlencode(parameters, doseq=True) if parameters else ""


def pairs(tags: dict[str, Any]) -> list[dict[str, str]]:
    """{run, tag} of each series in the answer of a `tags` route."""
    return [{"run": run, "tag": tag} for run, names in tags.items() for tag in names]


def write_events(folder: Path, *events: Event, start: float = 1.7e9) -> None:
    """An event file of these events."""
    folder.mkdir(parents=True, exist_ok=True)
    head = Event(wall_time=start, file_version="brain.Event:2")
    records = [frame(event.SerializeToString()) for event in (head, *events)]
    (folder / f"events.out.tfevents.{int(start)}.host.{len(list(folder.iterdir()))}").write_bytes(b"".join(records))
