"""Pictures and sounds decoded, in both of the forms that writers give them."""

from __future__ import annotations

from dataclasses import dataclass

from ..proto.event_pb2 import Summary
from ..tensors import string_array
from .wave_file import read_wave

__all__ = ["Audio", "Image", "decode_audio", "decode_image"]


@dataclass(frozen=True)
class Image:
    """One or several encoded pictures of one size, logged together."""

    width: int
    height: int
    mime: str
    samples: tuple[bytes, ...]

    @property
    def data(self) -> bytes:
        """The first picture, encoded; empty where there is none."""
        return self.samples[0] if self.samples else b""


@dataclass(frozen=True)
class Audio:
    """One or several encoded sounds, logged together. What the writer did not say is None."""

    mime: str
    samples: tuple[bytes, ...]
    labels: tuple[str, ...]
    sample_rate: float | None
    channels: int | None
    frames: int | None

    @property
    def data(self) -> bytes:
        """The first sound, encoded; empty where there is none."""
        return self.samples[0] if self.samples else b""


def decode_image(value: Summary.Value, _: bytes) -> Image:
    """Raises ValueError where the value holds no picture."""
    if value.HasField("image"):
        stored = value.image
        data = stored.encoded_image_string
        return Image(stored.width, stored.height, _image_type(data), (data,))
    strings = string_array(value.tensor).ravel().tolist()
    if len(strings) < 2:
        raise ValueError(f"an image tensor begins with width and height, got {len(strings)} strings")
    samples = tuple(strings[2:])
    return Image(*_told_size(*strings[:2]), _image_type(samples[0]) if samples else "", samples)


def _told_size(width: bytes, height: bytes) -> tuple[int, int]:
    """0 × 0 where these are no numbers: the files say it themselves."""
    try:
        return int(width), int(height)
    except ValueError:
        return 0, 0


def _image_type(data: bytes) -> str:
    if data.startswith(b"\x89PNG"):
        return "image/png"
    if data.startswith(b"\xff\xd8"):
        return "image/jpeg"
    if data.startswith(b"GIF8"):
        return "image/gif"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith(b"BM"):
        return "image/bmp"
    return "image/svg+xml" if data.lstrip()[:4] in (b"<svg", b"<?xm") else "application/octet-stream"


def decode_audio(value: Summary.Value, _: bytes) -> Audio:
    """Raises ValueError where the value holds no sound."""
    if value.HasField("audio"):
        stored = value.audio
        mime = stored.content_type or "audio/wav"
        return Audio(
            mime, (stored.encoded_audio_string,), ("",), stored.sample_rate, stored.num_channels, stored.length_frames
        )
    strings = string_array(value.tensor)
    pairs = strings.reshape(-1, 2) if strings.ndim == 2 and strings.shape[1] == 2 else strings.reshape(-1, 1)
    samples = tuple(row[0] for row in pairs)
    labels = tuple(row[1].decode("utf-8", "replace") if len(row) > 1 else "" for row in pairs)
    rate, channels, frames = _wave_numbers(samples[0]) if samples else (None, None, None)
    return Audio("audio/wav", samples, labels, rate, channels, frames)


def _wave_numbers(data: bytes) -> tuple[float | None, int | None, int | None]:
    """(sample rate, channels, frames) of a WAV file; None where they cannot be told."""
    header = read_wave(data)
    if header is None:
        return None, None, None
    frames = header.data_size // header.frame_size if header.data_at and header.frame_size else None
    return header.rate or None, header.channels or None, frames
