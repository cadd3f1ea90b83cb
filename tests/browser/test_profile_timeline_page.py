"""The timeline as a person uses it: looked at, moved, searched, pointed at, measured."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from browser_helpers import Dashboard, forgive, nameless, wait_in_page
from playwright.sync_api import Locator, Page, expect
from trace_files import events_of_steps, write_trace

pytestmark = pytest.mark.usefixtures("patience")
Open = Callable[..., Page]
GEMM = "<img src=x onerror=alert(1)>gemm"
STEPS = 20  # of 100 µs
# Whether some of a canvas is red, as the critical path is.
RED = """(canvas) => {
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  return data.some((red, at) => at % 4 === 0 && red > 170 && data[at + 1] < 60 && data[at + 2] < 80);
}"""


@pytest.fixture(scope="module")
def dashboard(start: Callable[..., Dashboard], tmp_path_factory: pytest.TempPathFactory) -> Dashboard:
    """A run with a trace, one of two ranks, and one whose second rank cannot be read."""
    folder = tmp_path_factory.mktemp("timelines")
    write_trace(folder / "run" / "rank0.1700000000000.pt.trace.json", events_of_steps(steps=STEPS))
    for rank in range(2):
        told = {"distributedInfo": {"rank": rank, "world_size": 2}}
        write_trace(folder / "ranks" / f"rank{rank}.1600000000000.pt.trace.json", events_of_steps(40 + rank), **told)
    write_trace(folder / "torn" / "rank0.1600000000000.pt.trace.json", events_of_steps())
    (folder / "torn" / "rank1.1600000000000.pt.trace.json").write_bytes(b"\x80\x02 no trace")
    return start(folder)


def address(dashboard: Dashboard, more: str = "") -> str:
    return f"{dashboard.url}#profile?trace=run/rank0.1700000000000.pt.trace.json&tview=timeline{more}"


def head(page: Page, title: str) -> Locator:
    return page.locator(".prof-tl-row-head", has=page.get_by_text(title, exact=True))


def place(page: Page, row: str, us: float, lane: int = 0) -> tuple[float, float]:
    """Where a time of a row is on the screen while all of the trace is shown."""
    drawing = page.locator(".prof-tl-drawing").bounding_box()
    beside = head(page, row).bounding_box()
    assert drawing and beside
    whole = STEPS * 100
    share = (us + 0.03 * whole) / (1.06 * whole)
    return drawing["x"] + share * drawing["width"], beside["y"] + 9 + 18 * lane


def chosen(page: Page) -> Locator:
    return page.get_by_role("region", name="What is chosen")


def test_a_slice_is_pointed_at_chosen_and_followed_to_what_launched_it(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard))
    page.mouse.move(*place(page, "stream 7", 35))
    expect(page.get_by_role("tooltip").filter(has_text=GEMM)).to_contain_text("40.0 µs · kernel")
    page.mouse.click(*place(page, "stream 7", 35))
    expect(chosen(page).get_by_role("heading", name=GEMM)).to_be_visible()
    expect(chosen(page)).to_contain_text("Launch delay12.0 µs")
    page.get_by_role("region", name="Joined to").get_by_role("button", name="cudaLaunchKernel").click()
    expect(chosen(page).get_by_role("heading", name="cudaLaunchKernel")).to_be_visible()
    page.keyboard.press("g")  # back along the arrow
    expect(chosen(page).get_by_role("heading", name=GEMM)).to_be_visible()
    expect(page).to_have_url(re.compile("tlslice="))
    again = open_page(page.url)
    expect(chosen(again).get_by_role("heading", name=GEMM)).to_be_visible()
    assert nameless(again) == []


def span_now(page: Page) -> tuple[int, int]:
    """The part of time in sight, as the address tells it, ns."""
    span = re.compile(r"tlspan=(-?\d+)(?:,|%2C)(\d+)")
    expect(page).to_have_url(span)
    found = span.search(page.url)
    assert found, page.url
    return int(found[1]), int(found[2])


def span_after(page: Page, key: str) -> tuple[int, int]:
    """The part of time in sight once a key has moved the view, ns."""
    before = page.url
    page.keyboard.press(key)
    expect(page).not_to_have_url(before)
    return span_now(page)


def test_keys_move_the_view_and_a_link_keeps_it(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard))
    span_after(page, "w")
    near = span_after(page, "w")
    later = span_after(page, "d")
    far = span_after(page, "s")
    assert later[0] > near[0] and abs((later[1] - later[0]) - (near[1] - near[0])) < 5
    assert far[1] - far[0] > later[1] - later[0]
    page.keyboard.press("0")
    expect(page).not_to_have_url(re.compile("tlspan"))


def test_a_search_counts_all_matches_and_goes_from_one_to_the_next(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard))
    page.keyboard.press("/")
    page.get_by_role("searchbox", name="Search slices").fill(
        "nccl and dur > 19 us"
    )  # typed slowly, half of it would be refused
    expect(page.locator(".prof-tl-found")).to_have_text(f"1 of {STEPS}")
    page.keyboard.press("Enter")
    expect(chosen(page).get_by_role("heading", name="ncclDevKernel_AllReduce_Sum")).to_be_visible()
    expect(chosen(page)).to_contain_text("Start50 µs")
    page.keyboard.press("Enter")  # the keys are the timeline's now
    expect(chosen(page)).to_contain_text("Start150 µs")
    page.keyboard.press("[")
    expect(chosen(page)).to_contain_text("Start50 µs")
    page.keyboard.press("Escape")
    expect(chosen(page)).to_be_hidden()
    expect(page.get_by_role("searchbox", name="Search slices")).to_have_value("nccl and dur > 19 us")


def test_a_pattern_is_searched_for_on_all_ranks_in_sight(open_page: Open, dashboard: Dashboard) -> None:
    trace = f"{dashboard.url}#profile?trace=ranks/rank0.1600000000000.pt.trace.json&tview=timeline&tlranks=1"
    page = open_page(trace)
    found = page.locator(".prof-tl-found")
    page.get_by_role("searchbox", name="Search slices").fill("^aten.*mm$")
    expect(found).to_have_text("nothing found")
    page.get_by_role("button", name="Regular expression").click()
    expect(found).to_have_text("1 of 4 · rank 0: 2 · rank 1: 2")
    for rank in (1, 0):  # on the clock that collectives tell, rank 1 began earlier
        page.get_by_role("button", name="The next match (])").click()
        expect(page).to_have_url(re.compile(rf"tlslice={rank}\."))
    expect(found).to_contain_text("2 of 4")
    page.get_by_role("searchbox", name="Search slices").fill("(")
    expect(page.get_by_role("alert")).to_contain_text("'(' is no regular expression")


def test_a_drag_chooses_a_range_whose_figures_are_told(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard))
    page.mouse.move(*place(page, "thread 1", 0, 3))
    page.mouse.down()
    page.mouse.move(*place(page, "thread 1", 500, 3))
    page.mouse.move(*place(page, "thread 1", 1000, 3))
    page.mouse.up()
    rows = page.get_by_role("grid", name="Slices in the range").get_by_role("row")
    expect(rows.filter(has_text=GEMM)).to_contain_text("10")
    expect(chosen(page)).to_contain_text("GPU busy")
    page.keyboard.press("m")
    expect(page).to_have_url(re.compile("tlrange=.*tlmarks="))
    again = open_page(page.url)
    expect(
        again.get_by_role("grid", name="Slices in the range").get_by_role("row").filter(has_text=GEMM)
    ).to_be_visible()
    page.keyboard.press("Escape")
    expect(chosen(page)).to_be_hidden()
    expect(page).not_to_have_url(re.compile("tlrange="))


def test_the_critical_path_is_marked_on_each_rank_and_a_link_keeps_it(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(f"{dashboard.url}#profile?trace=ranks/rank0.1600000000000.pt.trace.json&tview=timeline&tlranks=1")
    with page.expect_response(lambda answer: "timeline/path" in answer.url and "rank=1" in answer.url):
        page.keyboard.press("c")
    expect(page.get_by_role("button", name="Critical path")).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile("tlpath=1"))
    again = open_page(page.url)
    wait_in_page(again, f"() => ({RED})(document.querySelector('.prof-tl-drawing'))")
    again.keyboard.press("c")
    wait_in_page(again, f"() => !({RED})(document.querySelector('.prof-tl-drawing'))")


def test_rows_are_pinned_and_folded_and_a_link_keeps_it(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard))
    head(page, "stream 8").hover()
    page.get_by_role("button", name="Pin stream 8", exact=True).click()
    expect(page.locator(".prof-tl-pinned")).to_contain_text("stream 8")
    page.get_by_role("button", name="Main thread: fold").click()
    expect(head(page, "thread 1")).to_have_count(0)
    expect(page).to_have_url(re.compile("tlpin=.*tlfold="))
    again = open_page(page.url)
    expect(again.locator(".prof-tl-pinned")).to_contain_text("stream 8")
    expect(head(again, "thread 1")).to_have_count(0)


def test_pictures_are_saved(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard))
    for form in ("PNG", "SVG"):
        page.get_by_role("button", name="Picture of what is in sight").click()
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Picture as {form}").click()
        content = download.value.path().read_bytes()
        assert content.startswith(b"\x89PNG") if form == "PNG" else b"stream 8" in content


def test_ranks_lie_beside_each_other(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(
        f"{dashboard.url}#profile?trace=ranks/rank0.1600000000000.pt.trace.json&tview=timeline&tlranks=1", width=400,
        theme="dark",
    )  # fmt: skip
    expect(head(page, "rank 0 · GPU 0")).to_have_count(1)
    expect(head(page, "rank 1 · GPU 0")).to_have_count(1)
    page.get_by_role("button", name="Ranks 2 of 2").click()
    page.get_by_role("button", name="One").click()
    expect(head(page, "rank 1 · GPU 0")).to_have_count(0)


def test_a_rank_that_cannot_be_read_is_told_beside_those_that_can(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(f"{dashboard.url}#profile?trace=torn/rank0.1600000000000.pt.trace.json&tview=timeline&tlranks=1")
    expect(head(page, "GPU 0")).to_have_count(1)
    expect(page.get_by_role("status").filter(has_text="rank1.1600000000000")).to_be_visible()
    forgive(open_page, "422")


def test_two_fingers_zoom_and_one_moves(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard), width=400, touch=True)
    drawing = page.locator(".prof-tl-drawing").bounding_box()
    assert drawing
    x, y = drawing["x"] + drawing["width"] / 2, drawing["y"] + 100
    touch = page.context.new_cdp_session(page)

    def fingers(kind: str, *xs: float) -> None:
        points = [{"x": at, "y": y, "id": number} for number, at in enumerate(xs)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", x - 20)
    fingers("touchStart", x - 20, x + 20)
    for apart in (30, 40, 60):
        fingers("touchMove", x - apart, x + apart)
    fingers("touchEnd")
    near = span_now(page)
    assert near[1] - near[0] < STEPS * 100_000 / 2
    fingers("touchStart", x)
    fingers("touchMove", x - 30)
    fingers("touchMove", x - 60)
    fingers("touchEnd")
    expect(page).not_to_have_url(re.compile(f"tlspan={near[0]}"))
    later = span_now(page)
    assert later[0] > near[0] and abs((later[1] - later[0]) - (near[1] - near[0])) < 5
    expect(chosen(page)).to_be_hidden()
