"""The keys of pictures, sounds and graphs in addresses: base64 of JSON, made like TensorBoard's."""

from __future__ import annotations

import base64
import binascii
import json
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ..queries import Refused

__all__ = ["BlobKey", "blob_keys", "position", "read_key"]


class BlobKey(NamedTuple):
    """One of the strings of a value. `part` counts all of them: a picture's width and height come before it.

    `later` is the number of values after it that have the same step. TensorBoard keeps the last of them, and its keys
    have no such entry.
    """

    run: str
    tag: str
    step: int
    part: int
    later: int = 0


def blob_keys(run: str, tag: str, steps: Sequence[int], part: int) -> list[str]:
    """The keys of string `part` of each value, in order of step."""
    left = Counter(steps)
    keys = []
    for step in steps:
        left[step] -= 1
        keys.append(_spelled(BlobKey(run, tag, step, part, left[step])))
    return keys


def position(steps: Sequence[int], key: BlobKey) -> int | None:
    """Which of the values the key means; None where there is none."""
    same = [place for place, step in enumerate(steps) if step == key.step]
    return same[-1 - key.later] if 0 <= key.later < len(same) else None


def read_key(text: str, name: str = "blob_key") -> BlobKey:
    """The key in a query parameter called `name`. Raises Refused where this server cannot have made it."""
    try:
        experiment, run, tag, *numbers = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        key = BlobKey(run, tag, *numbers)
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise Refused(f"{name}: {text[:80]!r} is not one this server gave out") from None
    names = all(isinstance(entry, str) for entry in (experiment, run, tag))
    if not names or not all(isinstance(number, int) for number in numbers):
        raise Refused(f"{name}: {text[:80]!r} is not one this server gave out")
    return key


def _spelled(key: BlobKey) -> str:
    """TensorBoard's spelling; the empty first entry is the experiment."""
    entries = ["", *key] if key.later else ["", *key[:-1]]
    text = json.dumps(entries, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
