"""CRC-32C (Castagnoli) and the masked form that event files store.

>>> hex(crc32c(b"123456789"))          # the check value of RFC 3720
'0xe3069283'
>>> hex(crc32c(bytes(32)))             # RFC 3720, B.4: 32 bytes of zeros
'0x8a9136aa'
"""

from __future__ import annotations

from google_crc32c import value

crc32c_of_bytes = value  # takes read-only bytes alone, and costs no Python call
BytesLike = bytes | bytearray | memoryview


def crc32c(data: BytesLike) -> int:
    """CRC-32C of `data`, 0 … 2³²-1."""
    # The C extension wants read-only bytes; anything else is copied once.
    crc: int = crc32c_of_bytes(data if isinstance(data, bytes) else bytes(data))
    return crc


def mask(crc: int) -> int:
    """The stored form of a CRC: rotated and shifted, so that a CRC of data that holds CRCs stays useful."""
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def masked_crc32c(data: BytesLike) -> int:
    """`mask(crc32c(data))`."""
    return mask(crc32c(data))
