"""Reports: one HTML file, opened from disk by a browser that is offline."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser_helpers import write_run
from playwright.sync_api import Page, expect

from stepscope.logger import SummaryWriter
from stepscope.webapp.app import STATIC_FOLDER
from stepscope.webapp.assets import Assets

EVIL = "</script><img src=x onerror=alert(1)>\u2028"
# Rules of the page, given as text, that would style something of the report by its class, and that it lacks.
UNSTYLED = """text => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    const selectorsOf = (sheet) => [...sheet.cssRules].map((rule) => rule.selectorText ?? "");
    const own = new Set([...document.styleSheets].flatMap(selectorsOf));
    const lacking = selectorsOf(sheet).filter((selector) => selector.includes(".") && !own.has(selector));
    return lacking.filter((selector) => document.querySelector(selector));
}"""


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report") / "logs"
    falling = np.exp(-np.linspace(0, 3, 100))
    for i, name in enumerate(("lr0.1/seed1", "lr0.1/seed2", "lr0.01/seed1")):
        write_run(folder / name, {"loss": falling * (i + 1), "acc/val": 1 - falling / (i + 1)}, every=10)
    with SummaryWriter(str(folder / "evil")) as writer:
        for step in range(3):
            writer.add_scalar(f"evil/{EVIL}", float(step), step)
    return folder


def export(logs: Path, output: Path, *options: str) -> str:
    command = [sys.executable, "-m", "stepscope.webapp", "export", str(logs), "-o", str(output), "--index_dir", ""]
    return subprocess.run([*command, *options], capture_output=True, text=True, check=True).stdout


def pixels(page: Page, card: int = 0) -> str:
    """What is on the canvas of a card."""
    canvas = page.locator(".report-card").nth(card).locator("canvas.chart-lines")
    return str(canvas.evaluate("canvas => canvas.toDataURL()"))


def test_a_report_of_everything_opens_from_disk_without_network(
    logs: Path, tmp_path: Path, open_file: Callable[..., Page]
) -> None:
    assert "4 runs" in export(logs, tmp_path / "report.html", "--title", "All of <b>it</b>")
    page = open_file(tmp_path / "report.html")
    expect(page.locator("h1")).to_have_text("All of <b>it</b>")
    expect(page.locator(".report-card h3")).to_have_text(["acc/val", f"evil/{EVIL}", "loss"])
    expect(page.locator(".legend-item")).to_have_count(4)
    assert page.locator(".report-card img").count() == 0


def test_zoom_hover_and_legend_work(logs: Path, tmp_path: Path, open_file: Callable[..., Page]) -> None:
    export(logs, tmp_path / "report.html", "--runs", 'name ~ "seed"')
    page = open_file(tmp_path / "report.html")
    box = page.locator(".report-card .chart-overlay").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".tip:visible")).to_contain_text("lr0.1/seed2")
    whole = pixels(page)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    expect(page.locator(".report-card .reset").first).to_be_visible()
    assert pixels(page) != whole
    page.locator(".report-card .reset").first.click()
    expect(page.locator(".report-card .reset").first).to_be_hidden()
    page.locator(".legend-item", has_text="lr0.1/seed2").click()
    expect(page.locator(".report-legend summary")).to_have_text("2 of 3 shown")
    expect(page.locator(".report-card .notes").first).to_contain_text("2 runs")


def test_a_view_file_with_groups_formula_scatter_and_bars(
    logs: Path, tmp_path: Path, open_file: Callable[..., Page]
) -> None:
    charts: list[dict[str, Any]] = [
        {
            "type": "line",
            "title": "banded",
            "columns": 4,
            "series": [{"tag": "loss"}, {"tag": "acc/val", "axis": "right"}],
        },
        {"type": "line", "title": "formula", "grouping": None, "series": [{"formula": "log(loss)"}]},
        {"type": "scatter", "title": "dots", "x_column": "loss", "y_column": "acc/val.max"},
        {"type": "bar", "title": "bars", "column": "loss.min"},
        {"type": "text", "title": "words", "text": "What was **found**."},
        {"type": "line", "title": "broken", "series": [{"formula": "log(("}]},
    ]
    grouping = {"by": {"kind": "prefix", "depth": 1}, "center": "mean", "band": "minmax"}
    view = {
        "stepscope_view": 1,
        "title": "Compared",
        "settings": {"grouping": grouping, "runs": 'name ~ "seed"'},
        "sections": [{"title": "One", "charts": charts}],
    }
    (tmp_path / "mine.view.json").write_text(json.dumps(view))
    export(logs, tmp_path / "report.html", "--view", str(tmp_path / "mine.view.json"))
    page = open_file(tmp_path / "report.html")
    card = {str(chart["title"]): page.locator(".report-card", has_text=str(chart["title"])) for chart in charts}
    expect(card["banded"].locator(".notes")).to_contain_text("2 groups · mean, min–max")
    expect(card["formula"].locator(".notes")).to_contain_text("3 runs")
    expect(card["dots"].locator("canvas.chart-dots")).to_be_visible()
    card["bars"].locator(".bar-scroll").hover(position={"x": 200, "y": 10})
    expect(page.locator(".tip:visible")).to_contain_text("lr0.")
    expect(card["words"].locator(".view-text strong")).to_have_text("found")
    expect(card["broken"].locator(".card-problem")).to_be_visible()
    unstyled = page.evaluate(UNSTYLED, Assets(STATIC_FOLDER).styles("page.css"))
    assert unstyled == [".view-text"]  # of which it has a rule of its own


def test_bars_stay_in_sight_as_they_are_scrolled(tmp_path: Path, open_file: Callable[..., Page]) -> None:
    for number in range(30):
        write_run(tmp_path / "logs" / f"run{number:02}", {"loss": np.full(2, number + 1.0)})
    view = {"stepscope_view": 1, "title": "v", "sections": [{"charts": [{"type": "bar", "column": "loss.last"}]}]}
    (tmp_path / "v.view.json").write_text(json.dumps(view))
    export(tmp_path / "logs", tmp_path / "report.html", "--view", str(tmp_path / "v.view.json"))
    page = open_file(tmp_path / "report.html")
    bars = page.locator(".bar-scroll")
    bars.evaluate("element => element.scrollTo(0, 300)")
    frame, canvas = bars.bounding_box(), bars.locator("canvas").bounding_box()
    assert frame and canvas and abs(frame["y"] - canvas["y"]) < 1
    bars.hover(position={"x": 200, "y": 10})
    expect(page.locator(".tip:visible")).to_contain_text("run")


def test_events_notes_alerts_and_bars_of_groups(logs: Path, tmp_path: Path, open_file: Callable[..., Page]) -> None:
    with SummaryWriter(str(tmp_path / "logs" / "a" / "s1")) as writer:
        writer.add_scalar("loss", 1.0, 0)
        writer.add_event(f"checkpoint {EVIL}", 5, kind="checkpoint")
        writer.add_scalar("loss", float("nan"), 10)
    write_run(tmp_path / "logs" / "a" / "s2", {"loss": np.array([3.0, 3.0])})
    write_run(tmp_path / "logs" / "b" / "s1", {"loss": np.array([7.0, 5.0])})
    state = {
        "stepscope_state": 1,
        "runs": {"a/s2": {"name": "second", "note": f"Look **here** {EVIL}", "tags": ["keep"]}},
        "annotations": {"n": {"text": "new data", "step": 7}},
    }
    (tmp_path / "state.json").write_text(json.dumps(state))
    grouping = {"by": {"kind": "prefix", "depth": 1}, "center": "mean", "band": "minmax"}
    charts = [
        {"type": "line", "title": "lines", "series": [{"tag": "loss"}], "grouping": None},
        {"type": "bar", "title": "bars", "column": "loss.first"},
    ]
    view = {
        "stepscope_view": 1,
        "title": "v",
        "description": "Why *it* fell",
        "settings": {"grouping": grouping},
        "sections": [{"charts": charts}],
    }
    (tmp_path / "v.view.json").write_text(json.dumps(view))
    options = ["--view", str(tmp_path / "v.view.json"), "--state-file", str(tmp_path / "state.json")]
    export(tmp_path / "logs", tmp_path / "report.html", *options)
    page = open_file(tmp_path / "report.html")
    notes = page.locator(".report-notes li")
    expect(notes.nth(0)).to_contain_text("second")
    expect(notes.locator(".report-note strong")).to_have_text("here")
    expect(page.locator(".report-about em")).to_have_text("it")
    assert page.locator(".report-page :is(img, script)").count() == 0
    expect(notes.filter(has_text="new data")).to_contain_text("all runs")
    expect(notes.filter(has_text="the value is NaN")).to_contain_text("alert · step 10")
    expect(page.locator(".report-card", has_text="bars").locator(".notes")).to_have_text("mean, min–max")
    expect(page.locator(".report-card", has_text="bars").locator(".points")).to_have_text("2 groups")
    box = page.locator(".report-card .chart-overlay").first.bounding_box()
    assert box
    for share in np.linspace(0.05, 0.95, 46):  # wherever the axis puts step 5
        page.mouse.move(box["x"] + box["width"] * float(share), box["y"] + box["height"] / 2)
        if page.locator(".tip:visible", has_text="checkpoint").count():
            break
    expect(page.locator(".tip:visible")).to_contain_text("checkpoint")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_sees_one_column_in_its_theme(
    logs: Path, tmp_path: Path, open_file: Callable[..., Page], theme: str
) -> None:
    export(logs, tmp_path / "report.html")
    page = open_file(tmp_path / "report.html", width=400, theme=theme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    lefts = {box["x"] for card in page.locator(".report-card").all() if (box := card.bounding_box())}
    assert len(lefts) == 1
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", background)[:3])) < 150) == (theme == "dark")


def test_the_policy_lets_nothing_else_run(logs: Path, tmp_path: Path) -> None:
    export(logs, tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text()
    assert re.search(r"default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'", text)
    assert "http://" not in re.sub(r"http://www\.w3\.org/2000/svg", "", text) and "onerror" not in text
    assert text.count("</script>") == 2


def test_fifty_runs_with_ten_charts_stay_small(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    for i in range(50):
        tags = {f"metric/{k}": random.standard_normal(100).cumsum() for k in range(10)}
        write_run(tmp_path / "logs" / f"run{i}", tags)
    export(tmp_path / "logs", tmp_path / "report.html")
    assert (tmp_path / "report.html").stat().st_size < 5_000_000


def test_the_page_makes_a_report_and_tables_of_what_it_shows(
    open_page: Callable[..., Page],
    start_here: Callable[..., Any],
    logs: Path,
    tmp_path: Path,
    open_file: Callable[..., Page],
) -> None:
    page = open_page(f"{start_here(logs).url}#scalars?tagfilter=loss&x=relative")
    page.get_by_role("button", name="Download charts and points").click()
    with page.expect_download() as table:
        page.locator(".download-panel button", has_text="CSV").click()
    text = Path(table.value.path()).read_text()
    assert text.startswith("run,tag,step,wall_time,value,smoothed") and text.count("\n") == 301
    with page.expect_download() as report:
        page.locator(".download-panel button", has_text="Report").click()
    assert report.value.suggested_filename == "stepscope.html"
    report.value.save_as(tmp_path / "saved.html")
    made = open_file(tmp_path / "saved.html")
    expect(made.locator(".report-card h3")).to_have_text(["loss"])
    expect(made.locator(".report-card .notes")).to_contain_text("3 runs")


def test_paper_is_light_and_the_screen_stays_dark(logs: Path, tmp_path: Path, open_file: Callable[..., Page]) -> None:
    export(logs, tmp_path / "report.html")
    page = open_file(tmp_path / "report.html", theme="dark")
    ground = "getComputedStyle(document.querySelector('.report-card')).backgroundColor"
    dark = page.evaluate(ground)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    assert page.locator(".legend-all").is_hidden() and page.locator(".report-head button").is_hidden()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(ground) == dark != "rgb(255, 255, 255)"
