"""Sound: mono or stereo → 16-bit WAV."""

from __future__ import annotations

import io
import wave
from typing import Any

import numpy as np

from ..proto.event_pb2 import Summary

_HIGHEST_RATE = 2**30 - 1  # a WAV file counts bytes a second, up to four a frame, in 32 bits


def check_audio(call: str, shape: tuple[int, ...], sample_rate: int) -> None:
    """Raises ValueError unless the array is (frames,), (frames, 1 or 2) or (1 or 2, frames) and the rate positive."""
    two_axes = len(shape) == 2 and (shape[0] in (1, 2) or shape[1] in (1, 2))
    if 0 in shape or not (len(shape) == 1 or two_axes):
        raise ValueError(f"{call}: expected shape (frames,), (frames, 2) or (2, frames), got {shape}")
    if not 1 <= sample_rate <= _HIGHEST_RATE:
        raise ValueError(f"{call}: sample_rate must be from 1 to {_HIGHEST_RATE}, got {sample_rate}")


def audio_summary(tag: str, array: Any, sample_rate: int) -> Summary:
    """Values from -1 to 1, clipped (int16 is taken as it is)."""
    sound = np.asarray(array)
    if sound.ndim == 1:
        sound = sound[:, None]
    elif sound.shape[1] not in (1, 2):
        sound = sound.T
    frames, channels = sound.shape
    audio = Summary.Audio(
        sample_rate=sample_rate,
        num_channels=channels,
        length_frames=frames,
        encoded_audio_string=_wav(_sixteen_bit(sound), sample_rate),
        content_type="audio/wav",
    )
    return Summary(value=[Summary.Value(tag=tag, audio=audio)])


def _sixteen_bit(sound: Any) -> Any:
    if sound.dtype == np.int16:
        return sound.astype("<i2")
    amplitude = np.nan_to_num(sound.astype(np.float64), nan=0.0, posinf=1.0, neginf=-1.0).clip(-1, 1)
    return (amplitude * np.iinfo(np.int16).max).astype("<i2")


def _wav(sound: Any, sample_rate: int) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(sound.shape[1])
        writer.setsampwidth(2)
        writer.setframerate(sample_rate)
        writer.writeframes(sound.tobytes())
    return file.getvalue()
