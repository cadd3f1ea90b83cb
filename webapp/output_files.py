"""Where commands write what they made."""

from __future__ import annotations

import sys
from pathlib import Path

from .queries import Refused

__all__ = ["write_output"]


def write_output(output: str, content: bytes) -> None:
    """To the file `output`, or to standard output where that is "-". Raises Refused where it cannot be."""
    try:
        if output == "-":
            sys.stdout.buffer.write(content)
        else:
            Path(output).expanduser().write_bytes(content)
    except OSError as error:
        raise Refused(f"{output} cannot be written: {error.strerror or error}") from None
