"""Sounds: what their files say of them. The bytes themselves are the form "raw", as they were logged."""

from __future__ import annotations

import struct

import numpy as np

from ...logger.reader.media_values import Audio
from ...logger.reader.wave_file import FLOAT
from ..queries import Refused
from .forms import Answer, Asked, chosen_sample, form, json_form
from .sound_headers import Sound, read_sound

__all__ = ["info", "single"]

_DOUBLE = "f8"  # samples of 64 bits, which no browser plays
_MOST_CHANNELS = 32  # that browsers play


@form("audio", "info", cache=True)
def info(asked: Asked) -> Answer:
    """JSON of one sound: format, codec, rate, channels, bits, frames, duration (s), bytes; null for what is unknown.

    "samples" says how many sounds were logged together and "labels" what they are called; "pcm" where plain numbers
    are in the file; "play" the form to play; "notes" what is odd; "problem" why it cannot be played. Raises Refused
    for a sample that is none.
    """
    value: Audio = asked.value()
    if not value.samples:
        return json_form({"samples": 0, "labels": [], "problem": "no sound was stored at this step"})
    data = chosen_sample(asked, value)
    sound = read_sound(data)
    if asked.sample == 0:
        sound.notes.extend(_contradictions(value, sound))
    return json_form(
        {
            "samples": len(value.samples),
            "labels": list(value.labels),
            "format": sound.format,
            "codec": sound.codec,
            "rate": sound.rate,
            "channels": sound.channels,
            "bits": sound.bits,
            "frames": sound.frames,
            "duration": sound.duration,
            "bytes": len(data),
            "pcm": None if sound.problem else sound.samples,
            "play": "single" if _is_double(sound) else "raw",
            "notes": sound.notes,
            "problem": sound.problem,
        }
    )


@form("audio", "single")
def single(asked: Asked) -> Answer:
    """A WAV file of 64-bit samples as one of 32 bits. Raises Refused for every other sound."""
    data = chosen_sample(asked, asked.value())
    sound = read_sound(data)
    if not _is_double(sound) or sound.samples is None:
        raise Refused("only WAV files with samples of 64 bits are made smaller", 422)
    at, size = int(sound.samples["at"]), int(sound.samples["size"])
    with np.errstate(over="ignore"):
        body = np.frombuffer(data, "<f8", size // 8, at).astype("<f4").tobytes()
    rate, channels = sound.rate or 0, sound.channels or 0
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, FLOAT, channels, rate, 4 * channels * rate, 4 * channels, 32)
    chunks = b"WAVE" + head + struct.pack("<4sI", b"data", len(body)) + body
    return Answer(b"RIFF" + struct.pack("<I", len(chunks)) + chunks, "audio/wav")


def _is_double(sound: Sound) -> bool:
    is_double = sound.samples is not None and sound.samples["type"] == _DOUBLE
    return is_double and sound.problem is None and (sound.channels or 0) <= _MOST_CHANNELS


def _contradictions(value: Audio, sound: Sound) -> list[str]:
    """Where the log says something else than the file, which is what counts."""
    told = (
        (value.sample_rate, sound.rate, "samples a second"),
        (value.channels, sound.channels, "channels"),
    )
    return [
        f"the log says {logged:,.0f} {what}, the file {actual:,}"
        for logged, actual, what in told
        if logged and actual and not abs(logged - actual) < 1
    ]
