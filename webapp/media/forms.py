"""The forms in which a value that is no scalar can be had: `GET /api/blob/<form>` of a value of a kind.

A module of this package registers what it can make of the values of its kind:

    @form("images", "thumbnail", cache=True)
    def thumbnail(asked: Asked) -> Answer: ...

Every kind has the form "raw": the bytes as they were logged.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..json_answers import json_text
from ..queries import Refused
from . import MODULES

if TYPE_CHECKING:
    from ...logger.reader.series import BlobSeries

__all__ = ["Answer", "Asked", "Form", "attachment", "chosen_sample", "find_form", "form", "json_form", "sniff"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent."""

    body: bytes
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """One value, and how it is wanted."""

    run: str
    series: BlobSeries
    index: int  # in the series
    sample: int  # which of the values that were logged together
    args: Mapping[str, str]  # the other parameters of the request
    find: Callable[[str], BlobSeries]  # see `other`

    @property
    def kind(self) -> str:
        """The kind of data."""
        return self.series.kind

    @property
    def tag(self) -> str:
        """The tag as the log has it."""
        return self.series.tag

    @property
    def step(self) -> int:
        """The value's step."""
        return int(self.series.step[self.index])

    @property
    def wall_time(self) -> float:
        """When it was logged, in seconds since the epoch."""
        return float(self.series.wall_time[self.index])

    def value(self) -> Any:
        """Decoded, as `log.images(run, tag)[index]` gives it. Raises ValueError, BlobUnavailable."""
        return self.series[self.index]

    def other(self, tag: str) -> BlobSeries:
        """The values of another tag of the same run and kind. Raises TagNotFound."""
        return self.find(tag)

    def message(self) -> bytes:
        """The message of the event file. Raises BlobUnavailable."""
        return self.series.raw(self.index)

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        """A parameter that is a whole number, cut to [least, most]. Raises Refused where it is none."""
        text = self.args.get(name, str(default))
        if not re.fullmatch(r"-?\d{1,12}", text):
            raise Refused(f"{name}: expected a whole number, got {text[:80]!r}")
        return max(least, min(most, int(text)))


@dataclass(frozen=True, slots=True)
class Form:
    """How a value is turned into an answer; with `cache` answers are worth keeping."""

    make: Callable[[Asked], Answer]
    cache: bool = False


_FORMS: dict[tuple[str, str], Form] = {}


def form(kind: str, name: str, *, cache: bool = False) -> Callable[[Callable[[Asked], Answer]], Any]:
    """Register a function as form `name` of the values of `kind`."""

    def register(make: Callable[[Asked], Answer]) -> Callable[[Asked], Answer]:
        _FORMS[kind, name] = Form(make, cache)
        return make

    return register


def find_form(kind: str, name: str) -> Form:
    """The form of this name; kinds that nobody registered have those of "other". Raises Refused."""
    family = kind if kind in MODULES else "other"
    if family in MODULES:
        importlib.import_module(f".{MODULES[family]}", __package__)
    found = _FORMS.get((family, name))
    if found is None and name == "raw":
        return Form(_raw)
    if found is None:
        known = sorted({"raw", *(known for owner, known in _FORMS if owner == family)})
        raise Refused(f"{kind} have no form {name[:80]!r}, only {', '.join(known)}", 404)
    return found


def json_form(value: Any) -> Answer:
    """An answer with `value` as JSON."""
    return Answer(json_text(value).encode(), "application/json")


def attachment(asked: Asked, body: bytes, suffix: str, content_type: str = "application/octet-stream") -> Answer:
    """`body` as a file to be saved, named by run, tag and step."""
    stem = re.sub(r"[^A-Za-z0-9.-]+", "_", f"{asked.run}_{asked.tag}_{asked.step}").strip("._")[-120:] or "value"
    return Answer(body, content_type, {"Content-Disposition": f'attachment; filename="{stem}{suffix}"'})


def chosen_sample(asked: Asked, value: Any) -> bytes:
    """The bytes of the sample that was asked for, of a decoded picture or sound. Raises Refused where there is none."""
    if not 0 <= asked.sample < len(value.samples):
        count = len(value.samples)
        logged = f"there is no sample {asked.sample}: {count} were logged together" if count else "it was logged empty"
        raise Refused(logged, 404)
    data: bytes = value.samples[asked.sample]
    return data


def _raw(asked: Asked) -> Answer:
    value = asked.value()
    if isinstance(value, str):
        return Answer(value.encode(), "text/plain; charset=utf-8")
    if not hasattr(value, "samples"):
        return attachment(asked, asked.message(), ".pb")
    data = chosen_sample(asked, value)
    content_type, suffix = sniff(data)
    return Answer(data, content_type) if content_type else attachment(asked, data, suffix)


_SIGNATURES = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (0, b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (0, b"GIF8", "image/gif", ".gif"),
    (8, b"WEBP", "image/webp", ".webp"),
    (0, b"BM", "image/bmp", ".bmp"),
    (8, b"WAVE", "audio/wav", ".wav"),
    (0, b"fLaC", "audio/flac", ".flac"),
    (0, b"OggS", "audio/ogg", ".ogg"),
    (0, b"ID3", "audio/mpeg", ".mp3"),
    (4, b"ftypavi", "image/avif", ".avif"),
    (4, b"ftyp", "video/mp4", ".mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm", ".webm"),
)


def sniff(data: bytes) -> tuple[str, str]:
    """(content type, suffix) by the first bytes; what a log says of its bytes is not believed.

    ("", ".bin") for everything that a browser might take for more than a picture or a sound, such as SVG.
    """
    for at, signature, content_type, suffix in _SIGNATURES:
        if data.startswith(signature, at):
            return content_type, suffix
    if len(data) > 2 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0:  # MPEG audio without a tag before it
        return "audio/mpeg", ".mp3"
    return "", ".bin"
