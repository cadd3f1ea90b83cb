"""Text that is not UTF-8: spreadsheets on Windows still write its older code page, one byte a character."""

from __future__ import annotations

import codecs

from .table import and_more

__all__ = ["other_encoding", "text_of"]

# Five bytes have no character in Windows-1252; they are those of Latin-1.
_CHARACTERS = "".join(bytes((code,)).decode("cp1252", "ignore") or chr(code) for code in range(256))


def text_of(raw: bytes) -> tuple[str, bool]:
    """The text, and whether it is UTF-8; else it is read as Windows-1252, of which Latin-1 is a part."""
    try:
        return raw.decode("utf-8"), True
    except UnicodeDecodeError:
        return codecs.charmap_decode(raw, "strict", _CHARACTERS)[0], False


def other_encoding(where: str, others: int) -> str:
    """The sentence about the row `where`, the first that is no UTF-8, and so many `others`."""
    return (
        f"{where}: the text is no UTF-8 and was read as Windows-1252 (Latin-1){and_more(others)}. "
        f"Save the file as UTF-8 where names look wrong."
    )
