"""The bell, the list of alerts, the rules, and notifications of the browser."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from browser_helpers import Dashboard, forgive
from playwright.sync_api import Locator, Page, expect

from stepscope.logger import SummaryWriter

OpenPage = Callable[..., Page]


def log_steps(folder: Path, steps: range, *, last: float = 1.0) -> None:
    """A loss of 1, whose last point is another one; logged now, and not yet at its end."""
    begin = time.time() - len(steps)
    writer = SummaryWriter(str(folder))
    for step in steps:
        writer.add_scalar("train/loss", last if step == steps[-1] else 1.0, step, walltime=begin + step - steps[0])
    writer.flush()


@pytest.fixture
def watched(tmp_path: Path, start_here: Callable[..., Dashboard]) -> tuple[Path, Dashboard]:
    """A dashboard over one run with a NaN at its end."""
    log_steps(tmp_path / "runs" / "broken", range(30), last=float("nan"))
    return tmp_path / "runs", start_here(tmp_path / "runs", "--state_file", str(tmp_path / "state.json"))


def bell(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile("^(Alerts|[0-9]+ alerts? going on)$"))


def test_the_bell_counts_and_the_list_leads_to_the_chart(watched: tuple[Path, Dashboard], open_page: OpenPage) -> None:
    page = open_page(watched[1].url)
    expect(bell(page)).to_have_attribute("title", "1 alert going on")
    bell(page).click()
    row = page.locator(".alert-row")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("the value is NaN")
    row.click()
    expect(page.locator("dialog")).to_have_count(0)
    expect(page).to_have_url(re.compile("tagfilter=train.*at=29"))


def test_an_alert_that_comes_while_the_page_is_open(watched: tuple[Path, Dashboard], open_page: OpenPage) -> None:
    page = open_page(watched[1].url)
    expect(bell(page)).to_have_attribute("title", "1 alert going on")
    log_steps(watched[0] / "later", range(10), last=float("inf"))
    expect(bell(page)).to_have_attribute("title", "2 alerts going on")


def test_what_is_said_again_and_again_is_one_row(
    tmp_path: Path, start_here: Callable[..., Dashboard], open_page: OpenPage
) -> None:
    with SummaryWriter(str(tmp_path / "runs" / "shaky")) as writer:
        for step in range(200):
            writer.add_scalar(
                "train/loss", float("nan") if step in (50, 100, 150) else 1.0, step, walltime=1.7e9 + step
            )
    page = open_page(start_here(tmp_path / "runs").url)
    bell(page).click()
    expect(page.locator("dialog h3", has_text="Earlier (3)")).to_be_visible()
    expect(page.locator(".alert-row")).to_have_count(1)
    expect(page.locator(".alert-when")).to_contain_text("3 times · last at step 150")


def test_rules_are_changed_and_kept(watched: tuple[Path, Dashboard], open_page: OpenPage) -> None:
    page = open_page(watched[1].url)
    bell(page).click()
    rules = page.locator(".rule")
    expect(rules).to_have_count(3)
    page.get_by_role("checkbox", name="NaN or infinite").uncheck()
    expect(bell(page)).to_have_attribute("title", "Alerts")
    page.get_by_label("Add a rule").select_option("threshold")
    expect(rules).to_have_count(4)
    rules.nth(3).get_by_label("limit").fill("0.5")
    rules.nth(3).get_by_label("limit").press("Enter")
    rules.nth(3).get_by_label("tags").fill("loss$")
    rules.nth(3).get_by_label("tags").press("Enter")
    expect(page.locator(".alert-row")).to_contain_text("1 is above 0.5")
    page.reload()
    bell(page).click()
    expect(rules).to_have_count(4)
    expect(rules.nth(3).get_by_label("tags")).to_have_value("loss$")
    expect(page.get_by_role("checkbox", name="NaN or infinite")).not_to_be_checked()


def test_a_rule_that_means_nothing_is_refused_where_it_is(watched: tuple[Path, Dashboard], open_page: OpenPage) -> None:
    page = open_page(watched[1].url)
    bell(page).click()
    tags = page.locator(".rule").nth(1).get_by_label("tags")
    before = tags.input_value()
    tags.fill("(")
    tags.press("Enter")
    expect(page.locator("dialog .bad")).to_contain_text("no regular expression")
    expect(tags).to_have_value(before)
    forgive(open_page, "400")  # the browser itself writes the refusal into the console


# Stands in for the browser's notifications, which nobody would see here: what was asked, and what was shown.
NOTIFICATIONS = """
  window.Notification = class extends EventTarget {
    static permission = "default";
    static async requestPermission() { return (Notification.permission = ANSWER); }
    constructor(title, {body}) {
      super();
      const {dataset} = document.documentElement;
      dataset.notified = `${dataset.notified ?? ""}${title}: ${body};`;
    }
  };
"""


def open_with_notifications(open_page: OpenPage, url: str, answer: str) -> Page:
    page = open_page("about:blank", drawn=False)
    page.add_init_script(NOTIFICATIONS.replace("ANSWER", repr(answer)))
    page.goto(url)
    expect(bell(page)).to_have_attribute("title", "1 alert going on")
    bell(page).click()
    page.get_by_label("Notify me in this browser").click()
    return page


def test_new_alerts_are_notified_once_somebody_asked_for_it(
    watched: tuple[Path, Dashboard], open_page: OpenPage
) -> None:
    page = open_with_notifications(open_page, watched[1].url, "granted")
    expect(page.get_by_label("Notify me in this browser")).to_be_checked()
    page.keyboard.press("Escape")
    log_steps(watched[0] / "later", range(10), last=float("inf"))
    # The alert that was there before is history: it is not told.
    expect(page.locator("html")).to_have_attribute("data-notified", re.compile(r"^later · train/loss: [^;]*inf[^;]*;$"))


def test_a_browser_that_refuses_notifications_is_told_of(watched: tuple[Path, Dashboard], open_page: OpenPage) -> None:
    page = open_with_notifications(open_page, watched[1].url, "denied")
    expect(page.get_by_text("This browser does not allow notifications from here.")).to_be_visible()
    expect(page.get_by_label("Notify me in this browser")).not_to_be_checked()


def test_an_alert_is_shown_on_its_run_and_on_the_axis(watched: tuple[Path, Dashboard], open_page: OpenPage) -> None:
    page = open_page(watched[1].url)
    expect(page.locator(".run-row", has_text="broken").locator(".alert, [title*='NaN']").first).to_be_visible()
    overlay = page.locator(".chart-overlay").first
    box = overlay.bounding_box() or {}
    overlay.hover(position={"x": box["width"] - 9, "y": 60})
    expect(page.locator(".tip-marks")).to_contain_text("alert")
    expect(page.locator(".tip-marks")).to_contain_text("NaN")


def test_a_run_name_never_becomes_markup(
    tmp_path: Path, start_here: Callable[..., Dashboard], open_page: OpenPage
) -> None:
    evil = "<img src=x onerror=alert(1)>"
    log_steps(tmp_path / "runs" / evil, range(5), last=float("nan"))
    page = open_page(start_here(tmp_path / "runs").url)
    bell(page).click()
    expect(page.locator(".alert-name")).to_contain_text(evil)
    assert page.locator("dialog img").count() == 0


def test_the_list_works_by_keyboard_and_on_a_phone(watched: tuple[Path, Dashboard], open_page: OpenPage) -> None:
    page = open_page(watched[1].url, width=400, height=800)
    bell(page).focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog")).to_be_visible()
    width = page.locator("dialog").evaluate("element => [element.scrollWidth, element.clientWidth]")
    assert width[0] <= width[1]
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
