"""HTML on the media page: shown, and harmless."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator

import pytest
from browser_helpers import Dashboard, forgive, wait_in_page
from playwright.sync_api import Page, expect

from stepscope.logger import SummaryWriter

SCRIPTS = """<script>ran.textContent = 'ran'; try {{ top.document.title = 'taken' }} catch {{}}
try {{ ran.textContent += localStorage.length }} catch {{ ran.textContent += ' without storage' }}
fetch('{address}/fetch').catch(() => ran.textContent += ' nor network')</script>"""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Another server: its address, and what it was asked for; a connection alone counts."""
    asked: list[str] = []

    class Listener(http.server.ThreadingHTTPServer):
        def get_request(self):  # type: ignore[no-untyped-def]
            asked.append("a connection")
            return super().get_request()

    server = Listener(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def hostile(address: str) -> str:
    """Everything that fetches, runs, leaves or reaches out of its frame."""
    loads = "".join(
        f"<link rel={rel} href={address}/{rel}>"
        for rel in ("preconnect", "stylesheet", "prefetch", "preload", "icon", "modulepreload", "manifest")
    )
    return f"""<meta http-equiv=refresh content="0;url={address}/refresh"><base href="{address}/base/">{loads}
<style>@import url({address}/import); body {{ background: url({address}/background) }}</style>
<h1>Shown</h1><img src={address}/img><img src=x onerror="top.document.title = 'taken'">
<video src={address}/video></video><object data={address}/o></object>
<iframe srcdoc="<link rel=preconnect href={address}><img src={address}/inner>"></iframe>
<form action={address}/form><button>go</button></form><a href="{address}/away">away</a><i id=ran></i>
{SCRIPTS.format(address=address)}"""


@pytest.fixture(scope="module")
def panes(
    tmp_path_factory: pytest.TempPathFactory, start: Callable[..., Dashboard], elsewhere: tuple[str, list[str]]
) -> str:
    """The media page over a run with a hostile page, one with scripts, and a plain one of two steps."""
    folder = tmp_path_factory.mktemp("panes")
    with SummaryWriter(str(folder / "run")) as writer:
        writer.add_html("hostile", hostile(elsewhere[0]), 0)
        writer.add_html("scripts", f"<i id=ran></i>{SCRIPTS.format(address=elsewhere[0])}", 0)
        writer.add_html("plain", "<p>first</p>", 0)
        writer.add_html("plain", "<p style='height:300px'>second</p>", 1)
    return f"{start(folder).url}#media"


def test_a_hostile_page_is_shown_and_reaches_nothing(
    panes: str, open_page: Callable[..., Page], elsewhere: tuple[str, list[str]]
) -> None:
    page = open_page(f"{panes}?tagfilter=hostile")
    card = page.locator(".kind-card[data-tag=hostile]")
    inside = card.frame_locator(".pane-frame:not(.coming)")
    expect(inside.get_by_role("heading", name="Shown")).to_be_visible()
    expect(card).to_contain_text("do not run")
    assert inside.locator("#ran").text_content() == ""
    assert card.locator("iframe").get_attribute("sandbox") == ""
    page.goto(f"{panes.split('#')[0]}{card.locator('iframe').get_attribute('src')}&as=scripts")  # in a tab of its own
    expect(page.get_by_role("heading", name="Shown")).to_be_visible()
    assert page.locator("#ran").text_content() == ""
    assert elsewhere[1] == []
    page.close()  # what its frames still complain of comes before
    forgive(open_page, "")


def test_scripts_run_where_somebody_asks_and_see_nothing(
    panes: str, open_page: Callable[..., Page], elsewhere: tuple[str, list[str]]
) -> None:
    page = open_page(f"{panes}?tagfilter=scripts")
    card = page.locator(".kind-card[data-tag=scripts]")
    expect(card).to_contain_text("1 script does not run.")
    card.get_by_role("button", name="Run its scripts").click()
    expect(card).to_contain_text("Its scripts run; they cannot see this page, and can fetch nothing.")
    expect(card.locator("iframe")).to_have_count(1)
    expect(card.frame_locator(".pane-frame:not(.coming)").locator("#ran")).to_have_text(
        "ran without storage nor network"
    )
    assert page.title() == "stepscope"
    assert elsewhere[1] == []
    page.reload()
    expect(card.get_by_role("button", name="Run its scripts")).to_be_visible()
    page.close()  # what its frames still complain of comes before
    forgive(open_page, "")


def test_a_page_is_as_high_as_it_needs_and_follows_the_cursor(panes: str, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{panes}?tagfilter=plain&at=1")
    card = page.locator(".kind-card[data-tag=plain]")
    expect(card.frame_locator(".pane-frame:not(.coming)").get_by_text("second")).to_be_visible()
    wait_in_page(page, "document.querySelector('[data-tag=plain] .pane-stage').offsetHeight > 300")
    card.hover()
    page.keyboard.press("ArrowLeft")
    expect(card.frame_locator(".pane-frame:not(.coming)").get_by_text("first")).to_be_visible()
    wait_in_page(page, "document.querySelector('[data-tag=plain] .pane-stage').offsetHeight < 100")
    card.get_by_role("button", name="Source").click()
    expect(page.locator(".pane-source")).to_have_text("<p>first</p>")
