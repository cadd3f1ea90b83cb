"""Sounds: what their files say of them. The bytes themselves are the form "raw", as they were logged."""

from __future__ import annotations

from ...logger.reader.media_values import Audio
from .forms import Answer, Asked, chosen_sample, form, json_form
from .sound_headers import Sound, read_sound

__all__ = ["info"]


@form("audio", "info", cache=True)
def info(asked: Asked) -> Answer:
    """JSON of one sound: format, codec, rate, channels, bits, frames, duration (s), bytes; null for what is unknown.

    "samples" says how many sounds were logged together and "labels" what they are called; "pcm" where plain numbers
    are in the file; "notes" what is odd; "problem" why it cannot be played. Raises Refused for a sample that is none.
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
            "notes": sound.notes,
            "problem": sound.problem,
        }
    )


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
