"""The page while runs are being written, and while there is nothing to show."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from browser_helpers import DRAWN, Dashboard, forgive, write_run
from playwright.sync_api import Page, expect

from stepscope.logger import SummaryWriter

OpenPage = Callable[..., Page]

# A training in a process of its own: one point for each line it is sent, flushed, and the time it was flushed.
TRAINING = """
import sys, time
from stepscope.logger import SummaryWriter
writer = SummaryWriter(sys.argv[1])
for step, line in enumerate(sys.stdin):
    writer.add_scalar(line.strip(), 1.0 / (1 + step), step)
    writer.flush()
    print(time.time(), flush=True)
writer.close()
"""


class Training:
    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-c", TRAINING, str(folder)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def log(self, tag: str) -> float:
        """Logs one point; the time at which it was flushed."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"{tag}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def end(self) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()


@pytest.fixture
def training(tmp_path: Path) -> object:
    started = Training(tmp_path / "logs" / "first")
    yield started
    started.end()


def test_points_appear_within_a_second_of_their_flush(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path, training: Training
) -> None:
    training.log("loss")
    page = open_page(start_here(tmp_path / "logs").url)
    points = page.locator(".card .points")
    expect(points).to_have_text("1 point")
    delays = []
    for count in range(2, 8):
        flushed = training.log("loss")
        expect(points).to_have_text(f"{count} points")
        delays.append(time.time() - flushed)
    assert sorted(delays)[len(delays) // 2] < 1.0, delays


def test_new_tags_and_runs_appear_without_reloading(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path, training: Training
) -> None:
    training.log("loss")
    page = open_page(start_here(tmp_path / "logs").url)
    training.log("accuracy")
    expect(page.locator(".card h3")).to_have_text(["accuracy", "loss"])
    with SummaryWriter(str(tmp_path / "logs" / "second")) as writer:
        writer.add_scalar("loss", 1.0, 0)
    expect(page.locator(".run-row:visible")).to_have_count(2)
    page.wait_for_selector(DRAWN)


def test_a_missing_directory_is_watched(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    logdir = tmp_path / "later"
    page = open_page(start_here(logdir).url)
    expect(page.get_by_text(str(logdir), exact=True)).to_be_visible()
    expect(page.get_by_text("does not exist")).to_be_visible()
    expect(page.locator("pre")).to_contain_text("writer.add_scalar")
    with SummaryWriter(str(logdir / "run")) as writer:
        writer.add_scalar("loss", 1.0, 0)
    expect(page.locator(".card h3")).to_have_text(["loss"])


def test_says_that_the_server_is_gone_and_finds_it_again(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path, training: Training
) -> None:
    training.log("loss")
    dashboard = start_here(tmp_path / "logs")
    page = open_page(dashboard.url)
    dashboard.stop()
    expect(page.locator(".live-text")).to_contain_text("disconnected, retrying")
    start_here(tmp_path / "logs", port=dashboard.port)
    expect(page.locator(".live-text")).to_contain_text("live")
    training.log("loss")
    expect(page.locator(".card .points")).to_have_text("2 points")
    forgive(open_page, "ERR_")


def test_asks_where_streams_do_not_pass(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path, training: Training
) -> None:
    training.log("loss")
    dashboard = start_here(tmp_path / "logs")
    page = open_page("about:blank", drawn=False)
    page.route("**/api/live*", lambda route: route.abort())
    page.goto(dashboard.url)
    expect(page.locator(".live-text")).to_contain_text("live, by asking", timeout=10_000)
    training.log("loss")
    expect(page.locator(".card .points")).to_have_text("2 points")
    forgive(open_page, "ERR_FAILED")


def test_listens_again_after_a_long_outage(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path, training: Training
) -> None:
    training.log("loss")
    dashboard = start_here(tmp_path / "logs")
    page = open_page(dashboard.url)
    tried: list[str] = []
    page.on("requestfailed", lambda request: tried.append(request.url))
    page.route("**/api/*", lambda route: route.abort())
    dashboard.stop()
    while sum("/api/live" in url for url in tried) < 3:  # the stream that broke, and two that did not open
        page.wait_for_event("requestfailed")
    start_here(tmp_path / "logs", port=dashboard.port)
    page.unroute_all()
    expect(page.locator(".live")).to_have_attribute("data-state", "live", timeout=15_000)
    forgive(open_page, "ERR_")


def test_a_new_server_brings_what_was_written_while_none_was_there(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    write_run(tmp_path / "first", {"loss": np.ones(3)})
    dashboard = start_here(tmp_path)
    page = open_page(dashboard.url)
    dashboard.stop()
    expect(page.locator(".live-text")).to_contain_text("disconnected, retrying")
    write_run(tmp_path / "second", {"loss": np.ones(3)})
    start_here(tmp_path, port=dashboard.port)
    expect(page.locator(".run-row:visible")).to_have_count(2, timeout=15_000)
    expect(page.locator(".card .notes")).to_have_text("2 runs")
    assert page.locator(".card [role=alert]").count() == 0
    forgive(open_page, "ERR_")


def test_works_below_a_prefix(open_page: OpenPage, start_here: Callable[..., Dashboard], runs: Path) -> None:
    page = open_page(start_here(runs, "--path_prefix", "/team/board").url)
    assert page.locator(".card canvas").count() > 0
    assert "/team/board/" in page.url
