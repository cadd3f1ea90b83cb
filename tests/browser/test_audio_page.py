"""Sounds on the Media page: drawn, played together, heard one at a time."""

from __future__ import annotations

import io
import struct
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from browser_helpers import DRAWN, Dashboard, wait_in_page
from playwright.sync_api import Page, expect

from stepscope.logger import SummaryWriter
from stepscope.logger.proto.event_pb2 import Event, Summary
from stepscope.logger.records import frame

REAL_RUNS = Path(__file__).parents[3] / "shared" / "real_runs"
EVIL = "<img src=x onerror=alert(1)>"
# Of the sound's picture: how many pixels are no background.
INK = """stage => {
  const canvas = stage.querySelector("canvas");
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  let seen = 0;
  for (let at = 3; at < data.length; at += 4) if (data[at] > 0) seen += 1;
  return seen;
}"""
HEARD = "[...document.querySelectorAll('audio')].filter(player => !player.paused && !player.muted).length"


def wav(seconds: float, frequency: float) -> bytes:
    """A tone, 8 kHz, 16 bits."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(8000)
        tone = np.sin(2 * np.pi * frequency * np.arange(int(8000 * seconds)) / 8000)
        writer.writeframes((tone * 12_000).astype("<i2").tobytes())
    return file.getvalue()


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs "a" and "b" with speech at two steps; "odd" with what is broken, and with two sounds at one step."""
    folder = tmp_path_factory.mktemp("sounds")
    for run, frequency in (("a", 300), ("b", 900)):
        with SummaryWriter(str(folder / run)) as writer:
            for step in (0, 10):
                tone = np.sin(2 * np.pi * frequency * np.arange(4 * 8000) / 8000) / 2
                writer.add_audio("speech", tone, step, sample_rate=8000)
    values = [Summary.Value(tag=f"unusual/{name}") for name in ("empty", "script", "cut", "two")]
    for value, data in zip(values, (b"", EVIL.encode(), wav(2, 400)[:8000]), strict=False):
        value.audio.encoded_audio_string = data
        value.audio.content_type = "text/html"
    two = values[-1]
    two.metadata.plugin_data.plugin_name = "audio"
    two.tensor.dtype = 7
    two.tensor.string_val.extend([wav(1, 200), b"low", wav(2, 2000), EVIL.encode()])
    for size in (2, 2):
        two.tensor.tensor_shape.dim.add(size=size)
    (folder / "odd").mkdir()
    event = Event(step=0, wall_time=1.7e9, summary=Summary(value=values))
    (folder / "odd" / "events.out.tfevents.1.host").write_bytes(frame(event.SerializeToString()))
    return folder


@pytest.fixture
def page(open_page: Callable[..., Page], start_here: Callable[..., Dashboard], sounds: Path) -> Page:
    """The page with every sound drawn."""
    page = open_page(f"{start_here(sounds).url}#media")
    wait_in_page(page, "() => document.querySelectorAll('.sound-facts > span').length === 4")
    wait_in_page(page, "() => !document.querySelector('.sound-stage.loading')")
    return page


def card(page: Page, tag: str) -> object:
    return page.locator(".kind-card", has=page.get_by_role("heading", name=tag, exact=True))


def test_waveform_and_spectrogram_are_drawn(page: Page) -> None:
    speech = card(page, "speech")
    first = speech.locator(".sound-stage").first
    both = first.evaluate(INK)
    assert both > 20_000
    page.get_by_role("button", name="Waveform").click()
    page.wait_for_selector(DRAWN)
    wait_in_page(page, f"before => ({INK})(document.querySelector('.sound-stage')) < before / 2", arg=both)
    expect(speech.locator(".sound-facts").first).to_contain_text("16-bit PCM · 8 kHz · mono · 4 s")


def test_samples_of_64_bits_are_heard(
    open_page: Callable[..., Page], start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    """No browser plays them as they are."""
    value = Summary.Value(tag="precise")
    tone = np.sin(np.arange(16_000) / 9) / 2
    form = struct.pack("<4sIHHIIHH4sI", b"fmt ", 16, 3, 1, 8000, 64_000, 8, 64, b"data", tone.nbytes)
    value.audio.encoded_audio_string = b"RIFF" + b"\xff" * 4 + b"WAVE" + form + tone.tobytes()
    (tmp_path / "run").mkdir()
    event = Event(step=0, wall_time=1.7e9, summary=Summary(value=[value]))
    (tmp_path / "run" / "events.out.tfevents.1.host").write_bytes(frame(event.SerializeToString()))
    page = open_page(f"{start_here(tmp_path).url}#media")
    precise = card(page, "precise")
    expect(precise.locator(".sound-facts")).to_contain_text("64-bit float · 8 kHz · mono · 2 s")
    precise.get_by_role("button", name="Play", exact=True).click()
    wait_in_page(page, "() => document.querySelector('audio').currentTime > 0.1")


def test_runs_play_together_and_one_is_heard(page: Page) -> None:
    speech = card(page, "speech")
    stages = speech.locator(".sound-stage")
    stages.first.click(position={"x": 60, "y": 20})
    before = float(stages.first.get_attribute("aria-valuenow"))
    assert before > 0.3
    speech.get_by_role("button", name="Play", exact=True).click()
    wait_in_page(page, "() => [...document.querySelectorAll('audio')].filter(player => !player.paused).length === 2")
    wait_in_page(page, f"() => {HEARD} === 1")
    wait_in_page(page, "from => document.querySelector('.sound-stage').ariaValueNow > from + 0.1", arg=before)
    page.keyboard.press("b")  # the other run, where this one is
    expect(speech.get_by_role("button", name="Hear b")).to_have_attribute("aria-pressed", "true")
    wait_in_page(page, f"() => {HEARD} === 1 && !document.querySelectorAll('audio')[1].muted")
    apart = page.evaluate(
        "(([a, b]) => Math.abs(a.currentTime - b.currentTime))([...document.querySelectorAll('audio')])"
    )
    assert apart < 0.25
    speech.get_by_role("button", name="Pause").click()
    assert page.evaluate(HEARD) == 0


def test_a_part_is_chosen_and_played_again(page: Page) -> None:
    speech = card(page, "speech")
    stage = speech.locator(".sound-stage").first
    box = stage.bounding_box()
    page.keyboard.down("Shift")
    page.mouse.move(box["x"] + 40, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 20, steps=3)
    page.mouse.up()
    page.keyboard.up("Shift")
    expect(speech.locator(".sound-part").first).to_be_visible()
    expect(speech.get_by_role("button", name="Loop")).to_have_attribute("aria-pressed", "true")
    page.evaluate(
        """() => {
          [window.turns, window.last] = [0, 0];
          window.furthest = 0;
          const player = document.querySelector("audio");
          player.addEventListener("seeked", () => (window.turns += 1));
          player.addEventListener("seeking", () => (window.furthest = Math.max(window.furthest, window.last)));
          player.addEventListener("timeupdate", () => (window.last = player.currentTime));
        }"""
    )
    speech.get_by_role("button", name="Play", exact=True).click()
    wait_in_page(page, "() => window.turns >= 3")
    assert page.evaluate("window.furthest") < 2  # of four seconds


def test_keys_move_within_the_sound_and_not_the_step(page: Page) -> None:
    stage = card(page, "speech").locator(".sound-stage").first
    stage.focus()
    page.keyboard.press("ArrowRight")
    expect(stage).to_have_attribute("aria-valuenow", "0.20")
    page.keyboard.press("End")
    expect(stage).to_have_attribute("aria-valuenow", "4.00")
    page.keyboard.press("Home")
    expect(stage).to_have_attribute("aria-valuenow", "0.00")
    assert "at=" not in page.evaluate("location.hash")


def test_hostile_sounds_say_what_is_wrong_on_their_card(page: Page) -> None:
    expect(card(page, "unusual/empty")).to_contain_text("nothing was stored: 0 bytes")
    expect(card(page, "unusual/script")).to_contain_text("no WAV, FLAC, MP3 or Ogg")
    expect(card(page, "unusual/cut")).to_contain_text("cut off")
    assert page.locator("img").count() == 0


def test_sounds_of_one_step_are_chosen_by_label(page: Page) -> None:
    two = card(page, "unusual/two")
    expect(two.locator(".sound-facts")).to_contain_text("low")
    two.get_by_label("Sample").select_option(label=EVIL)
    expect(two.locator(".sound-facts")).to_contain_text(EVIL)
    expect(two.locator(".sound-facts")).to_contain_text("2 s")


@pytest.mark.skipif(
    not REAL_RUNS.is_dir(), reason="needs the event files of other tools, which are not on every machine"
)
def test_sounds_and_meshes_of_other_tools(open_page: Callable[..., Page], start_here: Callable[..., Dashboard]) -> None:
    page = open_page(f"{start_here(REAL_RUNS).url}#media?kinds=audio,meshes", height=1600, drawn=False)
    facts = page.locator(".sound-facts", has_text="16-bit PCM · 8 kHz · mono · 1 s · 16 kB")
    expect(facts).to_have_count(6, timeout=15_000)  # of torch, tensorboardX and TensorFlow
    faces = page.locator(".mesh-facts", has_text="12 faces · 30 vertices")
    expect(faces.first).to_be_visible(timeout=15_000)
    assert page.get_by_role("heading", name="mesh", exact=True).count() >= 1
