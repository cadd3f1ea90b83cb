"""Answers that are not there yet: the request is asked again instead of holding one of the server's threads."""

from __future__ import annotations

from typing import Any

__all__ = ["PATIENCE", "Waiting"]

PATIENCE = 4.0  # s that a request waits for what is being made


class Waiting(Exception):
    """What was asked for is being made; `progress`: `{state, message, done?, total?}`."""

    def __init__(self, state: str, message: str, **progress: Any) -> None:
        super().__init__(message)
        self.progress = {"state": state, "message": message, **progress}
