"""Sounds over HTTP: what their headers say, lies included, and the bytes in parts."""

from __future__ import annotations

import io
import struct
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.logger.proto.event_pb2 import Event, Summary
from stepscope.logger.records import frame
from stepscope.webapp import Settings, create_app
from stepscope.webapp.media.sound_headers import read_sound


def wav(frames: int = 800, channels: int = 1, rate: int = 8000) -> bytes:
    """16-bit silence."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(channels)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(bytes(2 * channels * frames))
    return file.getvalue()


def wav_header(channels: int, rate: int, bits: int, size: int, encoding: int = 1) -> bytes:
    """A header that says what it is told to say."""
    frame_size = channels * bits // 8 & 0xFFFF
    form = struct.pack("<HHIIHH", encoding, channels, rate, rate * frame_size & 0xFFFFFFFF, frame_size, bits)
    return b"RIFF" + b"\xff" * 4 + b"WAVEfmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", size)


def encoded(form: str, subtype: str, rate: int = 44_100) -> bytes:
    """Half a second of a tone, by libsndfile."""
    soundfile = pytest.importorskip("soundfile")
    file = io.BytesIO()
    tone = np.sin(np.arange(rate // 2)[:, None] / 20 + np.array([0, 1])) / 2
    soundfile.write(file, tone, rate, format=form, subtype=subtype)
    return file.getvalue()


@pytest.mark.parametrize(
    ("form", "subtype", "name"),
    [
        ("WAV", "PCM_16", "WAV"),
        ("WAV", "PCM_24", "WAV"),
        ("WAV", "FLOAT", "WAV"),
        ("WAVEX", "PCM_U8", "WAV"),
        ("RF64", "PCM_16", "WAV"),
        ("FLAC", "PCM_16", "FLAC"),
        ("OGG", "VORBIS", "Ogg"),
        ("MP3", "MPEG_LAYER_III", "MP3"),
    ],
)
def test_headers_tell_rate_channels_and_duration(form: str, subtype: str, name: str) -> None:
    sound = read_sound(encoded(form, subtype))
    assert (sound.format, sound.rate, sound.channels, sound.problem) == (name, 44_100, 2, None)
    assert sound.duration == pytest.approx(0.5, abs=0.05)
    assert (sound.samples is not None) == (name == "WAV")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "0 bytes"),
        (b"<svg onload=alert(1)>", "no WAV, FLAC, MP3 or Ogg file; they begin with 3c 73 76 67"),
        (wav()[:20], "fmt"),
        (wav()[:36], "data"),
        (wav(frames=0), "no samples"),
        (wav_header(1, 0, 16, 100) + bytes(100), "0 samples a second"),
        (wav_header(0, 8000, 16, 100) + bytes(100), "0 channels"),
        (wav_header(65_535, 8000, 16, 100) + bytes(100), "no samples"),
        (wav_header(1, 2**32 - 1, 16, 100) + bytes(100), "at most 768,000"),
        (b"fLaC\0\0\0\x22", "ends in its middle"),
        (b"OggS" + bytes(8), "ends in its middle"),
    ],
)
def test_what_cannot_be_played_is_told(data: bytes, word: str) -> None:
    assert word in (read_sound(data).problem or "")


def test_sizes_are_those_of_the_bytes_that_are_there() -> None:
    said = wav_header(2, 44_100, 16, 2**32 - 8) + bytes(400)
    sound = read_sound(said)
    assert (sound.frames, sound.problem) == (100, None)
    assert "cut off" in sound.notes[0]
    piped = read_sound(wav_header(2, 44_100, 16, 2**32 - 1) + bytes(400))  # nobody knew the size: no lie
    assert (piped.frames, piped.notes) == (100, [])
    boastful = bytearray(encoded("FLAC", "PCM_16"))
    boastful[21:26] = boastful[21] | 15, 255, 255, 255, 255
    assert read_sound(bytes(boastful)).duration is None


@pytest.mark.parametrize(("encoding", "codec"), [(6, "A-law"), (7, "µ-law")])
def test_companded_sounds_have_a_duration(encoding: int, codec: str) -> None:
    sound = read_sound(wav_header(2, 8000, 8, 3200, encoding) + bytes(3200))
    assert (sound.codec, sound.frames, sound.duration, sound.samples) == (codec, 1600, 0.2, None)


def test_a_file_of_empty_chunks_takes_no_time() -> None:
    data = wav()[:12] + b"junk\0\0\0\0" * 500_000
    assert "fmt" in (read_sound(data).problem or "")


def test_damaged_headers_never_raise() -> None:
    random = np.random.default_rng(1)
    for data in (wav(), encoded("FLAC", "PCM_16"), encoded("OGG", "VORBIS"), encoded("MP3", "MPEG_LAYER_III")):
        for _ in range(100):
            damaged = bytearray(data[: random.integers(1, 400)])
            damaged[random.integers(len(damaged))] = random.integers(256)
            read_sound(bytes(damaged))


# --- over HTTP --------------------------------------------------------------------------------------------------------


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[Any], Callable[..., Any]]]:
    """Logs one audio summary and gives a function that asks for a form of it."""
    logs = []

    def begin(*values: Summary.Value) -> Callable[..., Any]:
        folder = tmp_path / "run"
        folder.mkdir()
        event = Event(step=7, wall_time=1.7e9, summary=Summary(value=values))
        (folder / "events.out.tfevents.1.host").write_bytes(frame(event.SerializeToString()))
        log = open_logdir(tmp_path, index_dir=False)
        logs.append(log)
        client = create_app(log, Settings(logdirs={"": str(tmp_path)}, logdir_text="", index_dir="")).test_client()
        identity = f"7-{log.audio('run', 'a').crc[0]:08x}"

        def ask(form: str, headers: dict[str, str] | None = None, **more: Any) -> Any:
            query = {"run": "run", "kind": "audio", "tag": "a", "id": identity, **more}
            return client.get(f"/api/blob/{form}", query_string=query, headers=headers)

        return ask

    yield begin
    for log in logs:
        log.close()


def sound_value(data: bytes, **said: Any) -> Summary.Value:
    return Summary.Value(tag="a", audio=Summary.Audio(encoded_audio_string=data, **said))


def test_info_names_what_log_and_file_disagree_on(serve: Callable[..., Any]) -> None:
    ask = serve(sound_value(wav(channels=2), sample_rate=44_100, num_channels=1, content_type="text/html"))
    info = ask("info").json
    assert (info["rate"], info["channels"], info["frames"], info["duration"]) == (8000, 2, 800, 0.1)
    assert info["notes"] == [
        "the log says 44,100 samples a second, the file 8,000",
        "the log says 1 channels, the file 2",
    ]
    assert info["pcm"] == {"at": 44, "size": 3200, "type": "i2"}


def test_bytes_come_in_parts_with_a_type_of_their_own(serve: Callable[..., Any]) -> None:
    data = wav()
    ask = serve(sound_value(data, content_type="text/html"))
    whole = ask("raw")
    assert (whole.status_code, whole.data, whole.content_type) == (200, data, "audio/wav")
    assert whole.headers["Accept-Ranges"] == "bytes"
    part = ask("raw", {"Range": "bytes=100-199"})
    assert (part.status_code, part.data) == (206, data[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(data)}"
    assert ask("raw", {"Range": "bytes=99999999-"}).status_code == 416


def test_samples_of_64_bits_are_played_as_32(serve: Callable[..., Any]) -> None:
    tone = np.sin(np.arange(500) / 9)
    tone[:3] = 1e300, -1e300, np.nan
    ask = serve(sound_value(wav_header(2, 8000, 64, tone.nbytes, 3) + tone.tobytes()))
    info = ask("info").json
    assert (info["play"], info["codec"], info["pcm"]["type"]) == ("single", "64-bit float", "f8")
    answer = ask("single", {"Range": "bytes=0-"})
    played = read_sound(answer.data)
    assert (played.codec, played.rate, played.channels, played.frames) == ("32-bit float", 8000, 2, 250)
    assert played.samples == {"at": 44, "size": 2000, "type": "f4"}
    with np.errstate(over="ignore"):
        assert np.array_equal(np.frombuffer(answer.data, "<f4", 500, 44), tone.astype("f4"), equal_nan=True)


@pytest.mark.parametrize("data", [wav(), wav_header(0, 8000, 64, 800, 3) + bytes(800), b"", b"none"])
def test_other_sounds_are_played_as_they_are(serve: Callable[..., Any], data: bytes) -> None:
    ask = serve(sound_value(data))
    assert ask("info").json["play"] == "raw"
    assert ask("single").status_code == 422


def test_what_is_no_sound_is_never_shown_by_a_browser(serve: Callable[..., Any]) -> None:
    ask = serve(sound_value(b"<html><script>alert(1)</script>", content_type="text/html"))
    answer = ask("raw")
    assert answer.content_type == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "no WAV" in ask("info").json["problem"]


def test_several_sounds_of_a_step_have_labels(serve: Callable[..., Any]) -> None:
    value = Summary.Value(tag="a")
    value.metadata.plugin_data.plugin_name = "audio"
    value.tensor.dtype = 7
    value.tensor.string_val.extend([wav(100), b"quiet", wav(200), b"<b>loud</b>"])
    for size in (2, 2):
        value.tensor.tensor_shape.dim.add(size=size)
    ask = serve(value)
    second = ask("info", sample=1).json
    assert (second["samples"], second["labels"], second["frames"]) == (2, ["quiet", "<b>loud</b>"], 200)
    assert ask("raw", sample=1).data == wav(200)
    assert ask("info", sample=2).status_code == 404


def test_sounds_of_our_writer(tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_audio("a", np.zeros((2, 500), np.float32), 0, sample_rate=16_000)
    with open_logdir(tmp_path, index_dir=False) as log:
        sound = read_sound(log.audio(".", "a")[0].data)
    assert (sound.rate, sound.channels, sound.frames, sound.notes) == (16_000, 2, 500, [])
