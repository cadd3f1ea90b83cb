"""Names with slashes as paths of scopes, whatever somebody put between the slashes."""

from __future__ import annotations

__all__ = ["DEEPEST", "scope_parts"]

DEEPEST = 48  # scopes in each other; what lies deeper keeps its slashes in its name
_LONGEST = 400  # characters of one part


def scope_parts(name: str) -> list[str]:
    """The parts of a name; at least one, none empty.

    A slash beside another, at the beginning or at the end belongs to the part behind it: "a//b" is "a" and "/b".
    """
    parts: list[str] = []
    empty = ""
    for part in name.split("/", 4 * DEEPEST):
        if part and len(parts) < DEEPEST:
            parts.append(_cut(empty + part))
            empty = ""
        elif part:
            parts[-1] = _cut(f"{parts[-1]}/{empty}{part}")
            empty = ""
        else:
            empty += "/"
    if not parts:
        return [_cut(empty[1:]) or "unnamed"]
    return [*parts, _cut(empty)] if empty else parts


def _cut(part: str) -> str:
    return part if len(part) <= _LONGEST else part[: _LONGEST - 1] + "…"
