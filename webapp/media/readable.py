"""Messages of many values of which some may be gone: an error in the place of a value hides no others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from ...logger.errors import LogError
from ...logger.reader.series import BlobSeries

__all__ = ["messages_or_errors"]


def messages_or_errors(series: BlobSeries, indices: Sequence[int] | NDArray[Any]) -> dict[int, bytes | LogError]:
    """index → the value's message, or why it cannot be read; read in the order of the files."""
    try:
        return dict(series.raws(indices))
    except LogError:  # one of them is gone: each for itself
        return {int(index): _message_or_error(series, int(index)) for index in indices}


def _message_or_error(series: BlobSeries, index: int) -> bytes | LogError:
    try:
        return series.raw(index)
    except LogError as error:
        return error
