"""The picture of a graph that the server draws: seen while the page is on its way, where that draws its own then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from browser_helpers import DRAWN, Dashboard
from playwright.sync_api import Browser, Page, Route, expect

from stepscope.logger import SummaryWriter

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.usefixtures("patience")

SCRIPT, PICTURE = "**/page.js", "**/first.svg*"
Holding = Callable[..., AbstractContextManager[tuple[Page, Callable[[], None]]]]


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory, start: Callable[..., Dashboard]) -> Dashboard:
    folder = tmp_path_factory.mktemp("first")
    with SummaryWriter(str(folder / "run")) as writer:
        writer.add_graph(torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.ReLU()), torch.zeros(2, 4), export=False)
    return start(folder)


@pytest.fixture
def holding(browser: Browser) -> Holding:
    """A page that what `held` matches does not reach until the second thing it gives is called."""

    @contextmanager
    def opened(url: str, held: str, width: int = 1440) -> Iterator[tuple[Page, Callable[[], None]]]:
        context = browser.new_context(viewport={"width": width, "height": 900})
        page, waiting = context.new_page(), list[Route]()
        page.route(held, lambda route: waiting.append(route))
        page.goto(url, wait_until="commit")

        def let_go() -> None:
            page.wait_for_timeout(100)  # what else would come is here
            for route in waiting:
                route.continue_()
            page.unroute(held)

        try:
            yield page, let_go
        finally:
            context.close()

    return opened


def place(page: Page, selector: str) -> list[float]:
    expect(page.locator(selector)).to_be_visible()
    box = page.locator(selector).bounding_box() or {}
    return [round(box[side]) for side in ("x", "y", "width", "height")]


@pytest.mark.parametrize("width", [400, 1440, 1600])
def test_it_is_seen_before_the_script_is_there_and_gives_way_to_the_pages_own(
    holding: Holding, graphs: Dashboard, width: int
) -> None:
    with holding(f"{graphs.url}#graph", SCRIPT, width) as (page, let_go):
        expect(page.locator(".first-picture")).to_be_visible()
        assert page.locator("#app").count() == 0
        early = place(page, ".first-picture")
        let_go()
        page.wait_for_selector(DRAWN)
        expect(page.locator(".first-picture")).to_have_count(0)
        stage = place(page, ".graph-picture")
        assert stage == pytest.approx(early, abs=30)  # nothing jumps that is not moved by the words around it


def test_the_next_time_it_comes_exactly_where_the_page_drew(holding: Holding, graphs: Dashboard) -> None:
    with holding(f"{graphs.url}#graph", "nothing") as (page, _):
        page.wait_for_selector(DRAWN)
        page.get_by_role("button", name="Close the tree").click()
        page.wait_for_timeout(300)
        page.reload()
        page.wait_for_selector(DRAWN)
        stage = place(page, ".graph-picture")
        waiting: list[Route] = []
        page.route(SCRIPT, lambda route: waiting.append(route))
        page.reload(wait_until="commit")
        expect(page.locator(".first-picture")).to_be_visible()
        assert place(page, ".first-picture") == pytest.approx(stage, abs=1)


def test_a_picture_that_comes_too_late_is_not_shown(holding: Holding, graphs: Dashboard) -> None:
    with holding(f"{graphs.url}#graph", PICTURE) as (page, let_go):
        page.wait_for_selector(DRAWN)
        let_go()
        page.wait_for_timeout(300)
        assert page.locator(".first-picture").count() == 0


def test_whoever_does_not_wait_sees_the_page_itself(holding: Holding, graphs: Dashboard) -> None:
    with holding(f"{graphs.url}#graph", SCRIPT) as (page, _):
        expect(page.locator(".first-picture")).to_be_visible()
        page.keyboard.press("Tab")
        expect(page.locator(".first-picture")).to_have_count(0)


def test_a_picture_that_comes_once_another_page_was_chosen_is_not_shown(holding: Holding, graphs: Dashboard) -> None:
    with holding(f"{graphs.url}#graph", PICTURE) as (page, let_go):
        page.get_by_role("link", name="Runs").click()
        let_go()
        page.wait_for_timeout(300)
        assert page.locator(".first-picture").count() == 0


OTHERS = [
    "#scalars",
    "#graph?gopen=a/",
    "#graph?gcolor=dtype",
    "#graph?gfold=0",
    "#graph?hide=run",
    "#graph?gsight=1,1,1",
]


@pytest.mark.parametrize("place", OTHERS)
def test_other_pages_and_other_views_ask_for_none(holding: Holding, graphs: Dashboard, place: str) -> None:
    asked: list[str] = []
    with holding("about:blank", "nothing") as (page, _):
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{graphs.url}{place}")
        page.wait_for_selector("#app")
    assert any("page.js" in url for url in asked)
    assert not any("first.svg" in url for url in asked)


def test_nothing_is_drawn_before_the_colours_are_there(holding: Holding, graphs: Dashboard) -> None:
    with holding(f"{graphs.url}#graph", "**/page.css") as (page, let_go):
        page.wait_for_timeout(1500)
        assert page.locator("#app").count() == 0
        let_go()
        page.wait_for_selector(DRAWN)
