"""The user state as the text of its file: a line for each thing that people edit, so that versions can be compared."""

from __future__ import annotations

import json
from typing import Any

from .strict_json import parse_strictly
from .user_state_format import itemised

__all__ = ["Lines", "NotOurs", "parse_document"]


class NotOurs(ValueError):
    """A file that was never a user state: it belongs to somebody else and is left alone."""


def parse_document(data: bytes) -> dict[str, Any]:
    """The document in a file. Raises ValueError with a sentence, NotOurs."""

    if b'"stepscope_state"' not in data and data.strip():
        raise NotOurs('it is not a JSON object with the key "stepscope_state"')
    document = parse_strictly(data)
    if not isinstance(document, dict) or "stepscope_state" not in document:
        raise NotOurs('it is not a JSON object with the key "stepscope_state"')
    return {section: itemised(section, value) for section, value in document.items()}


class Lines:
    """Writes documents one after the other; what is the same object as last time is not spelled out again."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[Any, str]] = {}

    def text(self, document: dict[str, Any]) -> bytes:
        """The file's content. Raises ValueError for what is no JSON."""
        known: dict[tuple[str, str], tuple[Any, str]] = {}
        sections = []
        for section, value in document.items():
            if isinstance(value, dict) and value:
                lines = []
                for key, item in value.items():
                    before = self._known.get((section, key))
                    line = before[1] if before is not None and before[0] is item else f"{_json(key)}: {_json(item)}"
                    known[section, key] = (item, line)
                    lines.append(line)
                sections.append(f"{_json(section)}: {{\n  " + ",\n  ".join(lines) + "}")
            else:
                sections.append(f"{_json(section)}: {_json(value)}")
        self._known = known
        return ("{" + ",\n ".join(sections) + "}\n").encode("utf-8", "backslashreplace")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
