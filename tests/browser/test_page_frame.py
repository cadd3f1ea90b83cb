"""The frame of all pages: header, toolbar, sections, help; on phones and on wide screens, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browser_helpers import DRAWN, Dashboard, nameless, wait_in_page
from playwright.sync_api import Browser, Locator, Page, expect

OpenPage = Callable[..., Page]
PAGES = ["Scalars", "Runs", "Views", "Hyperparameters"]
ON_DEMAND = ["runs", "views", "hparams", "media", "distributions", "graph", "projector", "profile"]
CHUNKS = "performance.getEntriesByType('resource').filter(({ name }) => /dashboards.*page.js$/.test(name))"
POINTS = "performance.getEntriesByName(new URL('api/scalars', location).href)[0]"
COUNT_SIZES = """
  globalThis.sizesAsked = 0;
  for (const name of ["innerWidth", "innerHeight"]) {
    const { get } = Object.getOwnPropertyDescriptor(window, name);
    Object.defineProperty(window, name, { get() {
      if (document.getElementById("app") === null) globalThis.sizesAsked += 1;
      return get.call(window);
    } });
  }
"""
MOUNTED_BY_CLICK = """name => {
  document.querySelector(`nav a[href="#${name}"]`).click();
  return document.querySelector(`.page-${name}`).childElementCount > 0;
}"""


def box(locator: Locator) -> dict[str, float]:
    return dict(locator.bounding_box() or {})


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_can_be_reached_on_a_phone(open_page: OpenPage, dashboard: Dashboard, theme: str) -> None:
    page = open_page(dashboard.url, width=400, height=800, theme=theme)
    for name in PAGES:
        link = page.get_by_role("navigation", name="Pages").get_by_role("link", name=name)
        place = box(link)
        assert place["x"] >= 0 and place["x"] + place["width"] <= 400
        link.click()
        expect(link).to_have_attribute("aria-current", "page")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_a_strip_too_narrow_for_the_pages_scrolls_to_the_one_in_sight(
    open_page: OpenPage, dashboard: Dashboard
) -> None:
    page = open_page(f"{dashboard.url}#profile", width=280, height=700, drawn=False)
    strip = page.get_by_role("navigation", name="Pages")
    expect(strip.get_by_role("link", name="Profile")).to_be_in_viewport(ratio=0.9)
    expect(strip).to_have_class("more-left")
    strip.evaluate("strip => strip.scrollTo(0, 0)")
    expect(strip).to_have_class("more-right")


def test_other_pages_are_fetched_once_the_first_has_drawn(open_page: OpenPage, dashboard: Dashboard) -> None:
    page = open_page(dashboard.url)
    wait_in_page(page, "performance.getEntriesByName(new URL('api/kinds', location).href).length > 0")
    wait_in_page(page, f"({CHUNKS}).length === {len(ON_DEMAND)}")
    assert page.evaluate(f"({CHUNKS}).every(chunk => chunk.startTime > ({POINTS}).responseEnd)")
    for name in ON_DEMAND:  # a page that is here is mounted with the click
        assert page.evaluate(MOUNTED_BY_CLICK, name), name


@pytest.mark.parametrize("name", ["scalars", "media", "distributions"])
def test_an_empty_page_is_not_laid_out_to_learn_the_size_of_the_window(
    open_page: OpenPage, dashboard: Dashboard, name: str
) -> None:
    page = open_page("about:blank", drawn=False)
    page.add_init_script(COUNT_SIZES)
    page.goto(f"{dashboard.url}#{name}")
    page.wait_for_selector('html[data-drawn="true"]', state="attached")
    assert page.evaluate("sizesAsked") == 0


def test_a_part_that_cannot_be_loaded_is_told(browser: Browser, dashboard: Dashboard) -> None:
    page = browser.new_page()
    page.route("**/dashboards/alerts/panel.js", lambda route: route.abort())
    page.goto(dashboard.url)
    page.wait_for_selector(DRAWN)
    page.get_by_role("button", name="Alerts").click()
    expect(page.get_by_text("This part of the page could not be loaded")).to_be_visible()
    page.close()


def test_the_toolbar_keeps_to_one_row_whatever_is_chosen(open_page: OpenPage, dashboard: Dashboard) -> None:
    settings = "x=tag:lr&group=hparams:learning_rate,optimizer,weight_decay;median;quartiles&smoothing=time_ema"
    page = open_page(f"{dashboard.url}#scalars?{settings}&tagfilter=loss", width=1600)
    bar = page.get_by_role("toolbar", name="Charts")
    assert box(bar)["height"] < 60
    last = box(bar.get_by_role("button", name="Download charts and points"))
    assert last["x"] + last["width"] <= 1600


def test_short_sections_share_a_row_of_a_wide_screen(open_page: OpenPage, dashboard: Dashboard) -> None:
    page = open_page(dashboard.url, width=2560, height=1200)
    acc, long = (box(page.locator(".section", has=page.get_by_role("button", name=name))) for name in ("acc", "long"))
    assert acc["y"] == long["y"]
    assert acc["x"] + acc["width"] < long["x"]


def test_the_help_lists_every_key_and_a_key_opens_it(open_page: OpenPage, dashboard: Dashboard) -> None:
    page = open_page(dashboard.url)
    page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="Keys and mouse")
    keys = "/", "r", "← →", "Space", "g", "s", "n", "+ −", "x", "l", "o", "f", "p", "0", "d", "Esc", "t", "?"
    for key in keys:
        expect(help_.locator("kbd").get_by_text(key, exact=True).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(help_).to_have_count(0)


def test_everything_that_can_be_pressed_has_a_name(open_page: OpenPage, dashboard: Dashboard) -> None:
    page = open_page(f"{dashboard.url}#scalars?stats=lr:&group=prefix:1;mean;std")
    assert nameless(page) == []


def test_what_has_the_focus_is_outlined(open_page: OpenPage, dashboard: Dashboard) -> None:
    page = open_page(dashboard.url)
    for _ in range(25):
        page.keyboard.press("Tab")
        outlined = page.evaluate(
            """() => {
              const style = getComputedStyle(document.activeElement);
              const around = getComputedStyle(document.activeElement.closest("label") ?? document.body);
              const drawn = [style, around].some((one) => one.outlineStyle !== "none" && one.outlineWidth !== "0px");
              return drawn || style.backgroundImage !== "none" || document.activeElement === document.body;
            }"""
        )
        assert outlined, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def test_nothing_moves_for_those_who_asked_for_that(open_page: OpenPage, dashboard: Dashboard) -> None:
    page = open_page(dashboard.url)
    page.emulate_media(reduced_motion="reduce")
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].map((element) => getComputedStyle(element))
          .filter((style) => parseFloat(style.transitionDuration) > 0 || style.animationName !== "none").length"""
    )
    assert moving == 0


def test_the_run_list_is_made_wider_by_keys_and_tells_how_wide_it_is(open_page: OpenPage, dashboard: Dashboard) -> None:
    page = open_page(dashboard.url)
    grip = page.get_by_role("separator", name="Width of the run list")
    before = int(grip.get_attribute("aria-valuenow") or 0)
    grip.press("ArrowRight")
    expect(grip).to_have_attribute("aria-valuenow", str(before + 20))
    assert box(page.locator(".side"))["width"] == pytest.approx(before + 20, abs=2)
