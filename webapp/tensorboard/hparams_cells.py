"""Hyperparameters of session groups as plain values."""

from __future__ import annotations

from typing import TypeAlias

from google.protobuf.struct_pb2 import Value

from ...logger.proto.hparams_api_pb2 import SessionGroup

__all__ = ["Cell", "hparam_cell", "plain"]

Cell: TypeAlias = float | str | bool | None


def plain(value: Value) -> Cell:
    """A value of a message; None for a list, a structure or nothing."""
    kind = value.WhichOneof("kind")
    return getattr(value, kind) if kind in ("number_value", "string_value", "bool_value") else None


def hparam_cell(group: SessionGroup, name: str) -> Cell:
    """A hyperparameter of a group; None where the group has none of this name, or one that is no plain value."""
    return plain(group.hparams[name]) if name in group.hparams else None  # asking for a name would put it there
