"""Texts on the media page: rendered, raw, compared, searched, listed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from browser_helpers import Dashboard, forgive, wait_in_page
from playwright.sync_api import Locator, Page, expect

from stepscope.logger import SummaryWriter

HOSTILE = """<script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)></svg>
[link](javascript:alert(1)) <a href="javascript:alert(1)" style="position:fixed;inset:0" class="card">over</a>
<style>body { display: none }</style><meta http-equiv="refresh" content="0;url=about:blank"><base href="//evil.example">
<form action="//evil.example"><button>press</button></form><iframe srcdoc="<script>alert(1)</script>"></iframe>

|a|b|
|-|-|
|1|2|
"""
SEARCH = "Search the texts of all steps"


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory, start: Callable[..., Dashboard]) -> str:
    """The media page over two runs with 2,000 samples each, and one with markup everywhere."""
    folder = tmp_path_factory.mktemp("texts")
    for run in ("adam", "sgd"):
        with SummaryWriter(str(folder / run)) as writer:
            for step in range(2_000):
                writer.add_text("samples", f"At step {step} *{run}* says {'needle' if step == 1_234 else 'hay'}.", step)
    with SummaryWriter(str(folder / "evil")) as writer:
        writer.add_text("<b>tag</b>", HOSTILE, 0)
        writer.add_text("long", "line\n" * 500 + "pinpoint", 0)
    return f"{start(folder).url}#media"


def card(page: Page, tag: str = "samples") -> Locator:
    return page.locator(f".kind-card[data-tag='{tag}/text_summary']")


def test_texts_follow_the_cursor_rendered_and_raw(texts: str, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{texts}?at=7")
    samples = card(page)
    cell = samples.locator(".cell[data-run=adam]")
    expect(cell.locator(".markdown em")).to_have_text("adam")
    expect(cell).to_contain_text("At step 7 adam says hay.")
    samples.get_by_role("button", name="Raw").click()
    expect(cell.locator("pre")).to_have_text("At step 7 *adam* says hay.")
    samples.hover()
    page.keyboard.press("ArrowRight")
    expect(cell.locator("pre")).to_have_text("At step 8 *adam* says hay.")
    expect(page).to_have_url(re.compile(r"at=8"))


def test_markup_in_texts_and_tags_does_nothing(texts: str, open_page: Callable[..., Page]) -> None:
    page = open_page(texts)
    evil = card(page, "<b>tag</b>")
    expect(evil.locator("h3")).to_have_text("<b>tag</b>")
    content = evil.locator(".markdown")
    expect(content.get_by_role("cell", name="2")).to_be_visible()
    assert (
        content.locator("script, style, svg, iframe, form, button, base, meta, img, [style], .card, [onload]").count()
        == 0
    )
    assert content.locator("a[href]").count() == 0
    assert page.evaluate("document.baseURI").startswith("http://localhost")


def test_the_page_filters_html_for_itself_whatever_the_server_sends(texts: str, open_page: Callable[..., Page]) -> None:
    page = open_page(texts)
    made = page.evaluate(
        """async (html) => {
          const { safeHtml } = await import(new URL("static/v/ui/safe-html.js", document.baseURI));
          const box = document.createElement("div");
          box.append(safeHtml(html));
          return box.innerHTML;
        }""",
        HOSTILE
        + '<b onclick="alert(1)" id="app" style="color:red">b</b><img src="data:image/svg+xml;base64,AA==" alt="a">',
    )
    assert re.findall(r"<[^>]*>", made) == ["<a>", "</a>", "<b>", "</b>"]
    assert made.endswith("<b>b</b>a")
    forgive(open_page, "")  # the browser says what it would not have run either


def test_words_that_changed_against_the_step_before_and_another_run(texts: str, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{texts}?at=1234")
    samples = card(page)
    samples.get_by_role("button", name="Diff").click()
    cell = samples.locator(".cell[data-run=sgd]")
    expect(cell.locator("del")).to_have_text(["1233", "hay"])
    expect(cell.locator("ins")).to_have_text(["1234", "needle"])
    samples.get_by_label("Compare with").select_option("run:adam")
    expect(cell.locator("del")).to_have_text("adam")
    samples.get_by_role("button", name="Side by side").click()
    expect(cell.locator("td ins")).to_have_text("sgd")
    expect(page).to_have_url(re.compile("beside"))
    page.reload()
    expect(cell.locator("td ins")).to_have_text("sgd")


def test_search_through_all_steps_and_runs(texts: str, open_page: Callable[..., Page]) -> None:
    page = open_page(texts)
    page.get_by_label(SEARCH).fill("NEEDLE")
    expect(page.locator(".text-found")).to_have_text("2 finds in 2 texts · 4,002 texts searched")
    expect(page.get_by_role("option")).to_have_count(2)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"at=1234"))
    expect(card(page).locator(".cell[data-run=adam]")).to_contain_text("needle")
    wait_in_page(page, "CSS.highlights.get('found')?.size === 2")
    page.get_by_label(SEARCH).fill("pinpoint")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    wait_in_page(page, "document.querySelector('[data-tag^=long] .text-content')?.scrollTop > 1000")
    page.get_by_role("button", name=".*", exact=True).click()
    page.get_by_label(SEARCH).fill("needle(")
    expect(page.locator(".text-found")).to_contain_text("is no regular expression: a ( is not closed")


def test_all_steps_in_a_list_by_keys(texts: str, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{texts}?at=0")
    samples = card(page)
    samples.get_by_role("button", name="All steps").click()
    steps = page.get_by_role("listbox", name="Texts of samples")
    expect(steps.get_by_role("option").first).to_contain_text("At step 0 *adam*")
    page.keyboard.press("End")
    expect(steps.get_by_role("option", selected=True)).to_contain_text("At step 1999 *adam*")
    expect(page.get_by_role("region", name="The chosen text")).to_have_text("At step 1999 adam says hay.")
    assert steps.get_by_role("option").count() < 60
    page.keyboard.press("Enter")
    expect(samples.locator(".cell[data-run=sgd]")).to_contain_text("At step 1999 sgd")


def test_every_control_has_a_name_and_the_page_fits_a_phone(texts: str, open_page: Callable[..., Page]) -> None:
    page = open_page(texts, width=400, height=800, touch=True)
    controls = page.locator(".page-media").locator("button:visible, input:visible, select:visible")
    named = "one.textContent.trim() || one.ariaLabel || one.title || one.labels?.length"
    assert controls.evaluate_all(f"all => all.filter((one) => !({named})).length") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    box = card(page).bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 400
