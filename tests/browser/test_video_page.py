"""Films on the Media page: side by side on one clock, frame by frame, whatever wrote them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from browser_helpers import DRAWN, Dashboard, forgive, wait_in_page
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from stepscope.logger import FileWriter, SummaryWriter
from stepscope.logger.proto.event_pb2 import Summary

COUNT = 8
# How often a film was at an earlier frame than a moment before; a busy page may leave any frame out.
_BEGINS_AGAIN = """() => {
  const film = document.querySelector(".kind-card[data-tag='film'] .film");
  const before = window.frameBefore ?? -1;
  window.frameBefore = Number(film.dataset.frame);
  return window.frameBefore < before;
}"""
# Of the canvas, through a copy of its own: how red the middle is.
RED = """film => {
  const copy = document.createElement("canvas");
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(film.querySelector("canvas"), 0, 0);
  return context.getImageData(16, 12, 1, 1).data[0];
}"""


def _frames(step: int) -> np.ndarray:
    """(time, height, width, 3): frame k is 30 k red, and green in step 1."""
    frames = np.zeros((COUNT, 24, 32, 3), np.uint8)
    frames[..., 0] = 30 * np.arange(COUNT, dtype=np.uint8)[:, None, None, None][..., 0]
    frames[..., 1] = 200 * step
    return frames


def _gif(size: tuple[int, int] = (32, 24)) -> bytes:
    first, *others = (Image.fromarray(frame).resize(size) for frame in _frames(0))
    file = io.BytesIO()
    first.save(file, "GIF", save_all=True, append_images=others, duration=100, loop=0)
    return file.getvalue()


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs "a" and "b" with a film at two steps; "elsewhere" with GIFs as other writers make them, and broken ones."""
    folder = tmp_path_factory.mktemp("films")
    for run in ("a", "b"):
        with SummaryWriter(folder / run) as writer:
            for step in (0, 1):
                writer.add_video("film", _frames(step)[None], step, fps=10, dataformats="NTHWC")
    gif = _gif()
    bomb = bytearray(gif)
    bomb[6:10] = b"\xff\xff\xff\xff"  # 65,535 × 65,535 pixels
    writer = FileWriter(folder / "elsewhere")
    for tag, data in {"gif/whole": gif, "gif/cut": gif[: len(gif) * 2 // 3], "gif/bomb": bytes(bomb)}.items():
        writer.add_summary(Summary(value=[Summary.Value(tag=tag, image=Summary.Image(encoded_image_string=data))]), 0)
    writer.close()
    return folder


@pytest.fixture(scope="module")
def dashboard(start: Callable[..., Dashboard], films: Path) -> Dashboard:
    return start(films)


def _card(page: Page, tag: str) -> Locator:
    return page.locator(f".kind-card[data-tag='{tag}']")


def _shows(card: Locator, frame: int, runs: int = 2) -> None:
    """Every run of the card shows this frame, and its pixels are those of the frame."""
    expect(card.locator(f".film[data-frame='{frame}']")).to_have_count(runs)
    for film in card.locator(".film").all():
        assert abs(film.evaluate(RED) - 30 * frame) < 8


@pytest.mark.parametrize("decoder", ["browser", "server"])
def test_frames_of_all_runs_are_stepped_through_together(
    open_page: Callable[..., Page], dashboard: Dashboard, decoder: str
) -> None:
    page = open_page(f"{dashboard.url}#media?kinds=video&tagfilter=film", drawn=False)
    if decoder == "server":  # as on an address without https, where browsers decode no single frames
        page.add_init_script("delete globalThis.ImageDecoder")
        page.reload()
    page.wait_for_selector(DRAWN)
    card = _card(page, "film")
    _shows(card, 0)
    card.get_by_role("button", name="One frame on (→)").click()
    _shows(card, 1)
    expect(card.locator(".film-time")).to_have_text(f"2 / {COUNT}")
    card.get_by_role("slider", name="Place in the film").press("End")
    _shows(card, COUNT - 1)
    page.keyboard.press("Shift+ArrowLeft")
    _shows(card, 0)
    expect(card.locator(".film-facts").first).to_have_text(re.compile(r"8 frames · .* · 32 × 24 · WEBP"))


def test_films_play_in_a_loop_at_the_chosen_speed(open_page: Callable[..., Page], dashboard: Dashboard) -> None:
    page = open_page(f"{dashboard.url}#media?kinds=video&tagfilter=film")
    card = _card(page, "film")
    card.get_by_role("combobox", name="Speed").select_option("4")
    card.get_by_role("button", name="film, a, step 1: play or pause").click()
    expect(card.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    wait_in_page(page, _BEGINS_AGAIN)
    card.get_by_role("button", name="Loop (l)").click()
    expect(card.get_by_role("button", name="Play", exact=True)).to_be_visible()  # stopped at the end
    _shows(card, COUNT - 1)


def test_the_step_cursor_changes_the_film_and_keeps_the_moment(
    open_page: Callable[..., Page], dashboard: Dashboard
) -> None:
    page = open_page(f"{dashboard.url}#media?kinds=video&tagfilter=film&at=0")
    card = _card(page, "film")
    for _ in range(3):
        card.get_by_role("button", name="One frame on (→)").click()
    _shows(card, 3)
    card.locator("h3").click()  # out of the player, where arrow keys go from frame to frame
    page.keyboard.press("ArrowRight")
    expect(card.locator(".cell-step").first).to_contain_text("step 1")
    expect(card.get_by_role("button", name="film, b, step 1: play or pause")).to_be_visible()
    _shows(card, 3)


def test_gifs_of_other_writers_and_broken_ones(open_page: Callable[..., Page], dashboard: Dashboard) -> None:
    page = open_page(f"{dashboard.url}#media?kinds=video,images")
    whole = _card(page, "gif/whole")
    whole.get_by_role("button", name="One frame on (→)").click()
    _shows(whole, 1, runs=1)
    cut = _card(page, "gif/cut")
    expect(cut.locator(".film-note")).to_have_text(re.compile("The file is cut off: [2-7] frames can be shown"))
    _shows(cut, 0, runs=1)
    bomb = _card(page, "gif/bomb")
    expect(bomb.get_by_role("alert")).to_contain_text("pixels")
    forgive(open_page, "422")


@pytest.mark.parametrize(
    ("folder", "tag", "runs", "frames"),
    [("sample_runs/logs", "decisions", 2, 10), ("../shared/real_runs", "vid", 1, 4)],
)
def test_films_that_users_have(
    open_page: Callable[..., Page], start_here: Callable[..., Dashboard], folder: str, tag: str, runs: int, frames: int
) -> None:
    logs = Path(__file__).parents[2] / folder
    if not logs.is_dir():
        pytest.skip(f"{folder} is not on this machine")
    page = open_page(f"{start_here(logs).url}#media?kinds=video")
    card = _card(page, tag)
    expect(card.locator(".film[data-frame='0']")).to_have_count(runs)
    card.get_by_role("button", name="One frame back (←)").focus()
    page.keyboard.press("End")
    expect(card.locator(f".film[data-frame='{frames - 1}']")).to_have_count(runs)


def test_players_have_names_before_their_films_are_known(open_page: Callable[..., Page], dashboard: Dashboard) -> None:
    page = open_page("about:blank", drawn=False)
    page.route("**/api/blob/film?*", lambda route: None)  # never answered
    page.goto(f"{dashboard.url}#media?kinds=video&tagfilter=film")
    expect(page.locator(".film-screen").first).to_be_visible()
    assert all(screen.get_attribute("aria-label") for screen in page.locator(".film-screen").all())


def test_the_list_of_keys_has_those_of_players(open_page: Callable[..., Page], dashboard: Dashboard) -> None:
    page = open_page(f"{dashboard.url}#media?kinds=video&tagfilter=film")
    page.keyboard.press("?")
    expect(page.get_by_role("row", name="film Space plays")).to_contain_text("go frame by frame")
