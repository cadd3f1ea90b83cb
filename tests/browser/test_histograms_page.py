"""Histograms on the page of distributions."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from browser_helpers import DRAWN, Dashboard, forgive
from playwright.sync_api import Locator, Page, expect

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.logger.proto.event_pb2 import Event, HistogramProto
from stepscope.logger.records import frame

STEPS = 400


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs with weights over many steps, one of them with NaN and infinities; a tag with a broken value."""
    folder = tmp_path_factory.mktemp("histograms")
    random = np.random.default_rng(3)
    for run in ("a", "b"):
        with SummaryWriter(folder / run) as writer:
            for step in range(STEPS):
                values = random.normal(step / STEPS, 0.3, 300)
                if run == "b" and step == STEPS - 1:
                    values = np.concatenate([values, [np.nan, np.nan, np.inf]])
                writer.add_histogram("weights", values, step, bins=20 if run == "a" else "tensorflow")
    broken = HistogramProto(min=0, max=2, num=3, bucket_limit=[1.0, 2.0], bucket=[3.0])
    whole = HistogramProto(min=0, max=2, num=3, bucket_limit=[1.0, 2.0], bucket=[1.0, 2.0])
    records = []
    for step, message in enumerate([whole, broken, whole]):
        event = Event(step=step, wall_time=1.7e9 + step)
        event.summary.value.add(tag="<b>broken</b>", histo=message)
        records.append(frame(event.SerializeToString()))
    (folder / "a" / "events.out.tfevents.1.other").write_bytes(b"".join(records))
    return folder


@pytest.fixture(scope="module")
def site(start: Callable[..., Dashboard], logs: Path) -> Dashboard:
    return start(logs)


def open_mode(open_page: Callable[..., Page], site: Dashboard, mode: str, more: str = "", **how: int) -> Page:
    page = open_page(f"{site.url}#distributions?hist={mode}{more}", **how)
    expect(page.locator(".kind-card[data-tag=weights] canvas.chart-overlay").first).to_be_visible()
    return page


def card(page: Page, tag: str = "weights") -> Locator:
    return page.locator(f'.kind-card[data-tag="{tag}"]')


def chart(page: Page, run: str) -> Locator:
    return card(page).locator(f".cell[data-run={run}] canvas.chart-overlay")


def test_many_steps_are_a_heat_map_that_tells_the_stored_bucket(
    open_page: Callable[..., Page], site: Dashboard, logs: Path
) -> None:
    page = open_mode(open_page, site, "auto")
    expect(chart(page, "a")).to_have_attribute("aria-label", re.compile("Heat map of weights, run a"))
    expect(card(page).locator(".cell[data-run=a] .histogram-note")).to_contain_text("128 of 400 steps")
    expect(card(page).locator(".cell[data-run=b] .histogram-note")).to_contain_text("2 NaN · 1 +∞")
    box = chart(page, "a").bounding_box()
    assert box
    chart(page, "a").hover(position={"x": box["width"] / 2, "y": box["height"] / 2})
    tip = page.locator(".tip:visible")
    expect(tip).to_contain_text("bucket")
    rows = dict(row.split("\t") for row in tip.locator("table").inner_text().splitlines())
    found = re.match(r"\[(\S+), (\S+)[\])]", rows["bucket"].replace("−", "-"))
    assert found
    chart(page, "b").focus()
    page.keyboard.press("ArrowUp")
    expect(tip).to_contain_text("b")
    expect(tip).to_contain_text("step399")
    stored = open_logdir(logs, index_dir=False).histograms("a", "weights")[int(rows["step"])]
    place = stored.right.tolist().index(float(found[2]))
    assert stored.left[place] == float(found[1]) and stored.counts[place] == int(rows["count"])


def test_a_click_moves_the_step_and_a_drag_zooms(open_page: Callable[..., Page], site: Dashboard) -> None:
    page = open_mode(open_page, site, "heat")
    box = chart(page, "a").bounding_box()
    assert box
    chart(page, "a").click(position={"x": box["width"] / 2, "y": 60})
    expect(page).to_have_url(re.compile(r"[?&]at=\d+"))
    expect(card(page).locator(".cell[data-run=a] .cell-step")).not_to_contain_text("step 399")
    with page.expect_response("**/api/histograms") as answered:
        page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 40)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 120, steps=3)
        page.mouse.up()
    low, high = answered.value.request.post_data_json["range"]
    assert 0 < low < high < STEPS
    expect(page).to_have_url(re.compile("histzoom="))
    page.reload()
    page.wait_for_selector(DRAWN)
    expect(page).to_have_url(re.compile("histzoom="))
    expect(chart(page, "a")).to_have_attribute("aria-label", re.compile(r"run a: \d+ of 400 steps"))


def test_one_step_compares_the_runs_at_the_cursor(open_page: Callable[..., Page], site: Dashboard) -> None:
    page = open_mode(open_page, site, "one", "&at=17&tagfilter=weights")
    runs = card(page).locator(".histogram-runs li")
    expect(runs).to_have_count(2)
    expect(runs.nth(0)).to_contain_text("step 17 · 300 values")
    page.locator(".step-bar input[type=range]").fill("10000")
    expect(runs.nth(1)).to_contain_text("step 399 · 303 values")
    expect(runs.nth(1)).to_contain_text("2 NaN · 1 +∞")
    card(page).locator("canvas.chart-overlay").hover(position={"x": 120, "y": 120})
    expect(page.locator(".tip:visible")).to_contain_text("b · step 399")


@pytest.mark.parametrize("mode", ["ridge", "overlay", "bands"])
def test_every_mode_draws_both_runs(open_page: Callable[..., Page], site: Dashboard, mode: str) -> None:
    page = open_mode(open_page, site, mode, "&histscale=symlog&histdraw=log&tagfilter=weights")
    for run in ("a", "b"):
        coloured = (
            card(page)
            .locator(f".cell[data-run={run}] canvas.chart-histograms")
            .evaluate(
                """(canvas) => {
              const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
              let count = 0;
              for (let i = 0; i < data.length; i += 4) {
                if (data[i + 3] && Math.abs(data[i] - data[i + 2]) > 20) count += 1;
              }
              return count;
            }"""
            )
        )
        assert coloured > 500


def test_a_broken_value_is_told_and_the_others_are_drawn(open_page: Callable[..., Page], site: Dashboard) -> None:
    page = open_mode(open_page, site, "heat")
    note = card(page, "<b>broken</b>").locator(".histogram-note")
    expect(note).to_contain_text("3 steps · 1 cannot be read")
    expect(note.locator(".bad")).to_have_attribute("title", re.compile("step 1: .*2 bucket limits and 1 counts"))


def test_pictures_and_buckets_can_be_saved(open_page: Callable[..., Page], site: Dashboard) -> None:
    page = open_mode(open_page, site, "heat", "&tagfilter=weights&at=3")
    card(page).hover()
    card(page).get_by_role("button", name="Card menu").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save buckets at this step as CSV").click()
    lines = Path(download.value.path()).read_text().splitlines()
    assert lines[0] == "run,step,wall_time,left,right,count"
    assert sum(float(line.rsplit(",", 1)[1]) for line in lines[1:] if line.startswith('"a",3,')) == 300
    card(page).hover()
    card(page).get_by_role("button", name="Card menu").click()
    page.get_by_role("button", name="Save picture").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save SVG").click()
    picture = Path(download.value.path()).read_text()
    assert picture.count("<path") > 1000 and ">weights<" in picture and "density" in picture


def test_new_steps_come_by_themselves_and_leave_the_cursor_alone(
    open_page: Callable[..., Page], start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    with SummaryWriter(tmp_path / "run") as writer:
        for step in range(12):
            writer.add_histogram("weights", np.arange(100.0) + step, step)
        writer.flush()
        page = open_mode(open_page, start_here(tmp_path), "heat", "&at=5")
        note = card(page).locator(".histogram-note")
        expect(note).to_have_text("12 steps")
        for step in range(12, 20):
            writer.add_histogram("weights", np.arange(100.0) + step, step)
        blobs, histograms = page.expect_response("**/api/blobs"), page.expect_response("**/api/histograms")
        with blobs as answered, histograms as drawn:
            writer.flush()
        for answer in (answered, drawn):
            assert b'"from":12' in answer.value.body()  # those that are here are not sent again
        expect(note).to_have_text("20 steps")
    expect(card(page).locator(".cell-step")).to_contain_text("step 5")


def test_the_page_is_drawn_before_it_is_asked_for(open_page: Callable[..., Page], site: Dashboard) -> None:
    page = open_page(site.url)
    asked: list[str] = []
    ahead = page.locator(".page-distributions.ahead canvas.chart-overlay")
    expect(ahead).to_have_count(3)
    expect(ahead.first).to_be_hidden()
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("link", name="Distributions").click()
    expect(chart(page, "a")).to_be_visible()
    page.wait_for_selector(DRAWN)
    assert not [url for url in asked if "histograms" in url]


def test_what_was_drawn_ahead_is_current_when_it_is_seen(
    open_page: Callable[..., Page], start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    with SummaryWriter(tmp_path / "run") as writer:
        for step in range(3):
            writer.add_histogram("weights", np.arange(9.0), step)
        writer.flush()
        page = open_page(start_here(tmp_path).url)
        expect(page.locator(".page-distributions.ahead .card-foot")).to_contain_text("3 values")
        writer.add_histogram("weights", np.arange(9.0), 3)
        writer.flush()
        page.get_by_role("link", name="Distributions").click()
        expect(card(page).locator(".card-foot")).to_contain_text("4 values")


def test_what_failed_while_nobody_looked_is_asked_for_again(open_page: Callable[..., Page], site: Dashboard) -> None:
    page = open_page("about:blank", drawn=False)
    page.route("**/api/blobs", lambda route: route.fulfill(status=500, json={"error": "not now"}))
    page.goto(site.url)
    expect(page.locator(".page-distributions.ahead .card-state").first).to_contain_text("not now")
    page.unroute("**/api/blobs")
    page.get_by_role("link", name="Distributions").click()
    expect(chart(page, "a")).to_be_visible()
    forgive(open_page, "500")
