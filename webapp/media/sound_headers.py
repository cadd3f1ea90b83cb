"""What WAV, FLAC, MP3 and Ogg files say of their sound, read from their bytes without decoding any of it.

Headers lie: a number that cannot be is left out, and a sentence tells.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from ...logger.reader.wave_file import FLOAT, PCM, WaveHeader, read_wave
from .mpeg_audio import read_mpeg

__all__ = ["Sound", "read_sound"]

_INTEGER_TYPES = {8: "u1", 16: "i2", 24: "i3", 32: "i4"}
_FLOAT_TYPES = {32: "f4", 64: "f8"}
_WAVE_CODECS = {2: "ADPCM", 6: "A-law", 7: "µ-law", 0x11: "IMA ADPCM", 0x55: "MP3"}
_EVEN = (PCM, 6, 7)  # encodings whose every sample takes as many bytes
_HIGHEST_RATE = 768_000  # what browsers play
_LARGEST_FLAC_FRAME = 65_535  # samples, of at least ten bytes
_TAIL = 1 << 17  # bytes at the end of an Ogg file that hold its last page


@dataclass
class Sound:
    """One encoded sound. What the file does not say, or cannot mean, is None."""

    format: str = "unknown"
    codec: str = ""
    rate: int | None = None  # frames a second
    channels: int | None = None
    bits: int | None = None  # a sample
    frames: int | None = None
    samples: dict[str, int | str] | None = None  # plain numbers: where ("at", "size" in bytes) and of what "type"
    notes: list[str] = field(default_factory=list)  # what is odd
    problem: str | None = None  # why it cannot be played

    @property
    def duration(self) -> float | None:
        """Seconds."""
        return self.frames / self.rate if self.frames is not None and self.rate else None


def read_sound(data: bytes) -> Sound:
    """What the first bytes say. Never raises: what is wrong stands in `problem` and `notes`."""
    if not data:
        return Sound(problem="nothing was stored: 0 bytes")
    try:
        sound = _read(data)
    except (struct.error, IndexError):
        return Sound(problem=f"the header ends in its middle: only {len(data):,} bytes were stored")
    if sound.problem is None:
        sound.problem = _impossible(sound)
    return sound


def _read(data: bytes) -> Sound:
    wave = read_wave(data)
    if wave is not None:
        return _wave(wave)
    if data.startswith(b"fLaC"):
        return _flac(data)
    if data.startswith(b"OggS"):
        return _ogg(data)
    mpeg = read_mpeg(data)
    if mpeg is not None:
        return Sound("MP3", mpeg.codec, mpeg.rate, mpeg.channels, None, mpeg.frames)
    return Sound(problem=f"the bytes are no WAV, FLAC, MP3 or Ogg file; they begin with {data[:8].hex(' ')}")


def _impossible(sound: Sound) -> str | None:
    if sound.rate == 0:
        return "the file says 0 samples a second"
    if sound.channels == 0:
        return "the file says 0 channels"
    if sound.frames == 0:
        return "the file holds no samples"
    if sound.rate is not None and sound.rate > _HIGHEST_RATE:
        return f"the file says {sound.rate:,} samples a second, browsers play at most {_HIGHEST_RATE:,}"
    return None


# --- one function per format ------------------------------------------------------------------------------------------


def _wave(header: WaveHeader) -> Sound:
    kinds = _INTEGER_TYPES if header.encoding == PCM else _FLOAT_TYPES if header.encoding == FLOAT else {}
    kind = kinds.get(header.bits)
    sound = Sound("WAV", _wave_codec(header), header.rate, header.channels, header.bits or None)
    if not header.frame_size and not header.channels and not header.rate:
        sound.rate = sound.channels = None
        sound.problem = "the WAV file does not say how its samples are stored: the chunk “fmt ” is missing or cut off"
        return sound
    if not header.data_at:
        sound.problem = "the WAV file has no samples: the chunk “data” is missing"
        return sound
    if header.data_held < header.data_size:
        sound.notes.append(
            f"cut off: the file says {header.data_size:,} bytes of sound, {header.data_held:,} are there"
        )
    if kind is None:
        sound.frames = header.data_held // header.frame_size if header.encoding in _EVEN and header.frame_size else None
        return sound
    frame_size = int(kind[1]) * header.channels
    if frame_size != header.frame_size:
        told = f"{header.frame_size} bytes a frame, {header.channels} × {header.bits} bits are {frame_size}"
        sound.notes.append(f"the file contradicts itself: it says {told}")
    sound.frames = header.data_held // frame_size if frame_size else 0
    sound.samples = {"at": header.data_at, "size": sound.frames * frame_size, "type": kind}
    return sound


def _wave_codec(header: WaveHeader) -> str:
    if header.encoding in (PCM, FLOAT):
        return f"{header.bits}-bit {'float' if header.encoding == FLOAT else 'PCM'}"
    return _WAVE_CODECS.get(header.encoding, f"encoding {header.encoding}")


def _flac(data: bytes) -> Sound:
    """STREAMINFO, the first block: https://www.rfc-editor.org/rfc/rfc9639#section-8.2"""
    packed = int.from_bytes(data[18:26], "big")  # rate 20 bits, channels 3, bits 5, frames 36
    if len(data) < 26:
        raise IndexError
    rate, channels, bits, frames = packed >> 44, (packed >> 41 & 7) + 1, (packed >> 36 & 31) + 1, packed & (1 << 36) - 1
    sound = Sound("FLAC", f"{bits}-bit FLAC", rate, channels, bits, frames or None)  # 0 frames: not told
    if frames > (len(data) // 10 + 1) * _LARGEST_FLAC_FRAME:
        sound.notes.append(f"the file says {frames:,} samples, more than {len(data):,} bytes can hold")
        sound.frames = None
    return sound


def _ogg(data: bytes) -> Sound:
    """The first packet (Vorbis, Opus or FLAC) and the position in the last page: RFC 3533, RFC 7845, Vorbis I."""
    first = 27 + data[26]
    packet, skipped = data[first : first + 64], 0
    if packet.startswith(b"\x01vorbis"):
        sound = Sound("Ogg", "Vorbis", struct.unpack_from("<I", packet, 12)[0], packet[11])
    elif packet.startswith(b"OpusHead"):
        sound = Sound("Ogg", "Opus", 48_000, packet[9])  # Opus counts at 48 kHz, whatever was fed to it
        (skipped,) = struct.unpack_from("<H", packet, 10)
    else:
        return Sound("Ogg", "FLAC" if packet.startswith(b"\x7fFLAC") else "unknown codec")
    last = data.rfind(b"OggS", max(0, len(data) - _TAIL))
    position = struct.unpack_from("<q", data, last + 6)[0] if last >= 0 and last + 14 <= len(data) else -1
    if 0 < position - skipped < 1 << 40:
        sound.frames = position - skipped
    return sound
