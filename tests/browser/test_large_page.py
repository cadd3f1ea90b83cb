"""The page with very many tags or runs: it answers, and it stays small."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from browser_helpers import DRAWN, Dashboard, write_run
from playwright.sync_api import CDPSession, Page, expect

from stepscope.logger import SummaryWriter

OpenPage = Callable[..., Page]
TAGS = 10_000
RUNS = 500

# Milliseconds from a pointer event until the frame that answers it has been painted.
ANSWER_TIME = """async (events) => {
  const canvas = document.querySelector(".chart-overlay");
  const box = canvas.getBoundingClientRect();
  const began = performance.now();
  for (const [type, x, y] of events) {
    const at = {clientX: box.left + x * box.width, clientY: box.top + y * box.height};
    canvas.dispatchEvent(new PointerEvent(type, {bubbles: true, pointerId: 1, button: 0, ...at}));
  }
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - began;
}"""
# The longest time the page did not answer while it was scrolled from top to bottom.
SCROLL = """async () => {
  const area = document.querySelector(".scroll");
  let worst = 0, most = 0, last = performance.now();
  for (let i = 0; i <= 40; i += 1) {
    area.scrollTop = area.scrollHeight * i / 40;
    await new Promise((done) => setTimeout(done, 25));
    most = Math.max(most, document.querySelectorAll("*").length);
    worst = Math.max(worst, performance.now() - last);
    last = performance.now();
  }
  return {worst, most};
}"""


def heap_size(session: CDPSession) -> int:
    """Bytes of live objects and array buffers of the page."""
    session.send("HeapProfiler.collectGarbage")
    usage = session.send("Runtime.getHeapUsage")
    return int(usage["usedSize"] + usage.get("backingStorageSize", 0))


@pytest.fixture(scope="module")
def many_tags(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many-tags")
    with SummaryWriter(str(folder / "run")) as writer:
        for step in range(3):
            for tag in range(TAGS):
                writer.add_scalar(f"layer{tag // 100}/norm{tag % 100}", step * 0.1, step)
    return folder


def test_ten_thousand_tags_do_not_freeze_the_page(
    open_page: OpenPage, start_here: Callable[..., Dashboard], many_tags: Path
) -> None:
    page = open_page(start_here(many_tags).url)
    session = page.context.new_cdp_session(page)
    before = heap_size(session)
    scrolled = page.evaluate(SCROLL)
    page.wait_for_selector(DRAWN)
    assert scrolled["most"] < 3000
    assert scrolled["worst"] < 1000
    assert page.locator(".card").count() < 60
    assert heap_size(session) - before < 60e6
    page.get_by_label("Filter tags").fill("layer42/norm7")
    expect(page.locator(".tag-count")).to_have_text(f"11 of {TAGS:,} tags")


@pytest.fixture(scope="module")
def many_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many-runs")
    noise = np.random.default_rng(3).standard_normal((RUNS, 400))
    for run in range(RUNS):
        write_run(folder / f"run{run}", {"loss": np.exp(-np.arange(400) / 100) * (1 + 0.1 * noise[run])})
    return folder


def test_zoom_and_hover_answer_at_once_with_five_hundred_runs(
    open_page: OpenPage, start_here: Callable[..., Dashboard], many_runs: Path
) -> None:
    page = open_page(start_here(many_runs).url)
    expect(page.locator(".notes")).to_have_text("500 runs")
    hover = sorted(page.evaluate(ANSWER_TIME, [["pointermove", 0.2 + 0.1 * i, 0.5]]) for i in range(5))[2]
    expect(page.locator(".tip-more")).to_have_text("490 more · click to pin")
    zoom = page.evaluate(ANSWER_TIME, [["pointermove", 0.3, 0.2], ["pointerdown", 0.3, 0.2], ["pointerup", 0.6, 0.8]])
    page.wait_for_selector(DRAWN)
    # 100 ms on an idle machine; tests share theirs with other work.
    assert hover < 200
    assert zoom < 400
