"""Pictures on the page "Media": side by side, as film strips, in the viewer; and files that are not pictures."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from browser_helpers import Dashboard, forgive, wait_in_page
from picture_files import encoded, png, png16, write_pictures
from playwright.sync_api import Locator, Page, expect

from stepscope.logger.proto.event_pb2 import Event
from stepscope.logger.records import frame

OpenPage = Callable[..., Page]
STEPS = 200
DEEP = (np.arange(12 * 16).reshape(12, 16, 1) * 300).astype(np.uint16)


def grey(value: int) -> bytes:
    """A picture of 16 × 12 pixels, all alike but for pixel (3, 2)."""
    pixels = np.full((12, 16, 3), value, np.uint8)
    pixels[2, 3] = 10, 20, 30
    return encoded(pixels)


@pytest.fixture(scope="module")
def pictures(start: Callable[..., Dashboard], tmp_path_factory: pytest.TempPathFactory) -> str:
    """Address of the page: two runs with a tag of 200 pictures, one of 16 bits, one of files that are none."""
    folder = tmp_path_factory.mktemp("pictures")
    for run, offset in (("first", 0), ("second", 40)):
        many = [grey(offset + step % 200) for step in range(STEPS if run == "first" else 10)]
        write_pictures(folder / run, {"many": many, "deep": [png16(DEEP)]})
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    bad = [png(30_000, 30_000, 8, 2, b""), grey(7)[:-30], svg]
    write_pictures(folder / "hostile", {"<img src=x onerror=alert(1)>": bad})
    return f"{start(folder).url}#media"


def card(page: Page, tag: str) -> Locator:
    return page.locator(f'.kind-card[data-tag="{tag}"]')


def shown(picture: Locator) -> list[int]:
    """The colour in the middle of an <img>, as the browser has it."""
    script = """image => {
      const canvas = new OffscreenCanvas(1, 1), context = canvas.getContext("2d");
      context.drawImage(image, image.naturalWidth / 2, image.naturalHeight / 2, 1, 1, 0, 0, 1, 1);
      return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
    }"""
    found: list[int] = picture.evaluate(script)
    return found


def viewer(page: Page) -> Locator:
    ready = page.locator(".image-viewer[data-ready=true]")
    expect(ready).to_be_visible()
    return ready


def point_at(plate: Locator, x: float, y: float) -> None:
    """Moves the pointer over pixel (x, y) of a picture of 16 × 12 that fits into its plate."""
    canvas = plate.locator("canvas")
    box = canvas.bounding_box()
    assert box
    scale = int(min(box["width"] / 16, box["height"] / 12))
    left, top = (box["width"] - 16 * scale) / 2, (box["height"] - 12 * scale) / 2
    canvas.hover(position={"x": left + (x + 0.5) * scale, "y": top + (y + 0.5) * scale})


ASKED = """() => performance.getEntriesByType("resource")
  .flatMap(({ name }) => /api.(blobs|blob.thumbnail|blob.info)/.exec(name)?.[1] ?? [])"""


def test_cards_in_sight_ask_in_one_request_and_for_facts_only_after_the_pictures(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    write_pictures(tmp_path / "run", {tag: [grey(90)] for tag in ("one", "two", "three")})
    page = open_page(f"{start_here(tmp_path).url}#media")
    wait_in_page(page, f"() => ({ASKED})().includes('blob/info')")
    asked = page.evaluate(ASKED)
    assert (asked[0], asked.count("blobs")) == ("blobs", 1)
    assert asked[1 : asked.index("blob/info")] == ["blob/thumbnail"] * 3


def test_a_tag_side_by_side_follows_the_cursor(open_page: OpenPage, pictures: str) -> None:
    page = open_page(f"{pictures}?tagfilter=many&at=50")
    cells = card(page, "many").locator(".cell")
    expect(cells).to_have_count(2)
    expect(cells.nth(1).locator("img")).to_be_visible()
    assert [shown(cell.locator("img")) for cell in cells.all()] == [[5] * 3, [45] * 3]
    card(page, "many").hover()
    page.keyboard.press("ArrowRight")
    expect(cells.first.locator(".cell-step")).to_contain_text("step 60")
    page.wait_for_selector("html[data-drawn=true]")
    expect(cells.first.locator("img")).to_have_attribute("src", re.compile(r"id=60-"))


def test_only_large_pictures_are_decoded_before_they_are_shown(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    """A page paints one frame more for each picture that it waits to be decoded."""
    large = encoded(np.zeros((1100, 1000, 3), np.uint8))
    write_pictures(tmp_path / "run", {"small": [grey(step) for step in (90, 91, 92, 93, 94)], "large": [large] * 2})
    page = open_page(f"{start_here(tmp_path).url}#media?at=0")
    page.evaluate("""() => {
      const { decode } = HTMLImageElement.prototype;
      window.decoded = [];
      HTMLImageElement.prototype.decode = function () {
        window.decoded.push(this.naturalWidth);
        return decode.call(this);
      };
    }""")
    card(page, "small").hover()
    page.keyboard.press("ArrowRight")
    expect(card(page, "small").locator("img")).to_have_attribute("src", re.compile(r"id=10-"))
    assert shown(card(page, "small").locator("img")) == [91] * 3
    assert page.evaluate("decoded") == []
    page.get_by_role("button", name="Actual size").click()
    wait_in_page(page, "() => decoded.includes(1000)")
    expect(card(page, "large").locator("img")).to_have_js_property("naturalWidth", 1000)


def test_a_picture_that_did_not_come_can_be_asked_for_again(open_page: OpenPage, pictures: str) -> None:
    page = open_page(pictures.replace("#media", "#runs"))
    page.route("**/api/blob/thumbnail?*run=first&*", lambda route: route.abort())
    page.evaluate("location.hash = '#media?tagfilter=many&at=50'")
    cell = card(page, "many").locator('.cell[data-run="first"]')
    expect(cell).to_contain_text("The server does not answer")
    page.unroute("**/api/blob/thumbnail?*run=first&*")
    cell.get_by_role("button", name="Retry").click()
    expect(cell.locator("img")).to_be_visible()
    forgive(open_page, "ERR_FAILED")


def test_a_film_strip_holds_what_is_in_sight_and_sets_the_cursor(open_page: OpenPage, pictures: str) -> None:
    page = open_page(f"{pictures}?tagfilter=many&pictures=steps&at=0")
    film = card(page, "many").locator(".film")
    expect(film.locator(".film-label")).to_have_text(["first", "second"])
    expect(film.get_by_role("button", name="first, step 0", exact=True)).to_have_class(re.compile("selected"))
    assert film.locator(".film-cell").count() < 60
    assert film.evaluate("film => film.scrollWidth") > STEPS * 64
    film.evaluate("film => (film.scrollLeft = 60 * 120)")
    cell = film.get_by_role("button", name="first, step 620", exact=True)
    expect(cell.locator("img.here")).to_be_visible()
    assert shown(cell.locator("img")) == [62] * 3
    cell.click()
    expect(cell).to_have_class(re.compile("selected"))
    expect(page).to_have_url(re.compile("at=620"))


def test_values_under_the_pointer_are_those_of_the_file_in_every_run(open_page: OpenPage, pictures: str) -> None:
    page = open_page(f"{pictures}?tagfilter=many&at=50")
    card(page, "many").locator(".image-cell").first.click()
    plates = viewer(page).locator(".plate")
    expect(plates.locator(".plate-caption")).to_have_text(["step 50", "step 50"])
    point_at(plates.first, 3, 2)
    expect(plates.locator(".plate-values")).to_have_text(["x 3 y 2102030", "x 3 y 2102030"])
    point_at(plates.nth(1), 8, 8)
    expect(plates.locator(".plate-values")).to_have_text(["x 8 y 8555", "x 8 y 8454545"])
    page.keyboard.press("ArrowRight")  # the step moves below the same pointer
    expect(plates.locator(".plate-values")).to_have_text(["x 8 y 8666", "x 8 y 8464646"])
    page.keyboard.press("Escape")
    expect(page.locator(".image-viewer")).to_have_count(0)


def test_sixteen_bits_are_kept_and_stretched(open_page: OpenPage, pictures: str) -> None:
    page = open_page(f"{pictures}?tagfilter=deep")
    card(page, "deep").get_by_role("button", name=re.compile("Look closer")).click()
    dialog = viewer(page)
    expect(dialog.locator(".plate-values").first).to_contain_text("16 bit")
    point_at(dialog.locator(".plate").first, 5, 4)
    expect(dialog.locator(".plate-values").first).to_have_text(f"x 5 y 4{DEEP[4, 5, 0]}")
    dialog.get_by_role("button", name=re.compile("Levels")).click()
    dialog.get_by_role("button", name="Auto").click()
    expect(page).to_have_url(re.compile("levels=0.06"))  # 0 … 57300 of 65535 is black … white
    dialog.get_by_role("button", name="Reset").click()
    expect(page).not_to_have_url(re.compile("levels="))


def test_zoom_and_pan_are_the_same_in_every_run(open_page: OpenPage, pictures: str) -> None:
    page = open_page(f"{pictures}?tagfilter=many&look=images:many&at=50")
    plates = viewer(page).locator(".plate")
    zoom = page.get_by_role("status", name="Zoom")
    page.keyboard.press("1")
    expect(zoom).to_have_text("100 %")
    page.keyboard.press("0")
    expect(zoom).not_to_have_text("100 %")
    before = zoom.text_content()
    point_at(plates.first, 3, 2)
    page.mouse.wheel(0, -500)
    expect(zoom).not_to_have_text(str(before))
    expect(plates.locator(".value-place")).to_have_text(["x 3 y 2", "x 3 y 2"])
    page.mouse.down()
    page.mouse.move(0, 0)
    page.mouse.up()
    expect(page).to_have_url(re.compile("lookat="))
    enlarged = str(zoom.text_content())
    page.reload()
    expect(zoom).to_have_text(enlarged)
    page.keyboard.press("0")
    expect(zoom).to_have_text(str(before))
    expect(page).not_to_have_url(re.compile("lookat="))


def test_difference_and_blink_between_runs_and_steps(open_page: OpenPage, pictures: str) -> None:
    page = open_page(f"{pictures}?tagfilter=many&look=images:many&at=50")
    dialog = viewer(page)
    dialog.get_by_role("button", name="Difference").click()
    both = dialog.locator(".plate", has_text="|A − B|")
    expect(both.locator(".plate-values")).to_have_text(
        "99.5 % of the pixels differ · mean 15.6 % · most 15.7 % of white"
    )
    dialog.get_by_label("Run of picture B").select_option("first")
    expect(both.locator(".plate-values")).to_have_text("equal in every pixel")
    dialog.get_by_label("Step of picture B").select_option("first")
    expect(both.locator(".plate-values")).to_contain_text("most 1.96 % of white")
    point_at(both, 8, 8)
    expect(both.locator(".value-set")).to_have_text(["A555", "B000"])
    page.keyboard.press("Alt+ArrowRight")
    expect(both.locator(".value-place")).to_have_text("x 9 y 8")
    expect(page).to_have_url(re.compile("compare=difference,first,cursor,first,first"))
    dialog.get_by_role("button", name="Blink").click()
    dialog.get_by_label("Every").select_option("0")
    plate = dialog.locator(".plate")
    expect(plate).to_have_count(1)
    now = plate.get_attribute("data-phase")
    page.keyboard.press("b")
    expect(plate).to_have_attribute("data-phase", "B" if now == "A" else "A")


def test_of_many_runs_the_viewer_shows_the_one_that_was_clicked(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    for run in range(40):
        write_pictures(tmp_path / f"seed{run:02}", {"many": [grey(run)]})
    page = open_page(f"{start_here(tmp_path).url}#media")
    page.locator('.cell[data-run="seed20"] .image-cell').click()
    dialog = viewer(page)
    expect(dialog.locator(".plate")).to_have_count(6)
    expect(dialog.locator(".plate figcaption bdi").first).to_have_text("seed20")
    expect(dialog.get_by_role("button", name="seed20")).to_be_in_viewport(ratio=0.9)
    for run in range(21):
        chip = dialog.get_by_role("button", name=f"seed{run:02}")
        if chip.get_attribute("aria-pressed") == "false":
            chip.click()
    expect(dialog.locator(".plate")).to_have_count(12)
    expect(dialog.locator(".lane-chips [role=status]")).to_have_text("12 of 40 runs, no more fit")


def test_in_a_narrow_window_the_viewer_begins_at_the_run_that_was_clicked(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    for run in range(12):
        write_pictures(tmp_path / f"seed{run:02}", {"many": [grey(run)]})
    page = open_page(f"{start_here(tmp_path).url}#media", width=400)
    page.locator('.cell[data-run="seed05"] .image-cell').click()
    dialog = viewer(page)
    plate = dialog.locator(".plate", has_text="seed05")
    expect(plate).to_be_in_viewport(ratio=0.9)
    expect(dialog.get_by_role("button", name="seed05")).to_be_in_viewport(ratio=0.9)
    dialog.locator(".plates").evaluate("grid => { grid.scrollTop = 0; }")
    page.mouse.move(200, 500)
    page.keyboard.press("+")
    expect(plate).not_to_be_in_viewport()


def test_space_plays_in_a_viewer_that_was_just_opened(open_page: OpenPage, pictures: str) -> None:
    page = open_page(f"{pictures}?tagfilter=many&at=195")
    page.get_by_role("button", name="many, first, step 190: look closer").press("Enter")
    dialog = viewer(page)
    where = dialog.locator(".viewer-where")
    before = where.inner_text()
    page.keyboard.press("Space")
    expect(where).not_to_have_text(before)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_samples_are_reached_also_where_the_first_step_has_one(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    events = []
    for step, samples in ((0, 1), (10, 3), (20, 2)):
        event = Event(wall_time=1e9 + step, step=step)
        value = event.summary.value.add(tag="several")
        value.metadata.plugin_data.plugin_name = "images"
        value.tensor.dtype = 7
        value.tensor.string_val.extend([b"16", b"12", *(grey(100 + step + sample) for sample in range(samples))])
        value.tensor.tensor_shape.dim.add(size=2 + samples)
        events.append(frame(event.SerializeToString()))
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "events.out.tfevents.1.host").write_bytes(b"".join(events))
    page = open_page(f"{start_here(tmp_path).url}#media?at=10")
    several = card(page, "several")
    expect(several.locator(".sample-picker output")).to_have_text("1 / 3")
    several.get_by_role("button", name="Previous sample").click()
    expect(several.locator(".sample-picker output")).to_have_text("3 / 3")
    expect(several.locator("img")).to_have_attribute("src", re.compile("sample=2"))
    assert shown(several.locator("img")) == [112] * 3
    forgive(open_page, "404")  # the steps beside it, which are loaded ahead, have fewer


def test_what_is_no_picture_says_so_on_its_own_cell(open_page: OpenPage, pictures: str) -> None:
    page = open_page(f"{pictures}?at=0", theme="dark", width=400)
    hostile = page.locator('.kind-card[data-tag^="<img"]')
    hostile.scroll_into_view_if_needed()
    for step, sentence in ((0, "more pixels than"), (10, "cannot be decoded"), (20, "SVG drawing")):
        page.get_by_role("textbox", name="Cursor at").fill(str(step))
        page.get_by_role("textbox", name="Cursor at").press("Enter")
        expect(hostile.get_by_role("alert")).to_contain_text(sentence)
    expect(hostile.locator("h3")).to_have_text("<img src=x onerror=alert(1)>")
    forgive(open_page, "422")  # the browser notes each picture that it did not get


def test_levels_reach_all_sixteen_bits_in_the_grid(open_page: OpenPage, pictures: str) -> None:
    page = open_page(f"{pictures}?tagfilter=deep")
    expect(page.locator(".kind-card .card-caption", has_text="16 bit")).to_be_visible()
    page.get_by_role("button", name="Levels").click()
    with page.expect_response(re.compile("/thumbnail.*levels=")) as answered:
        page.get_by_role("button", name="Auto").click()
    assert answered.value.ok
    expect(page).to_have_url(re.compile("levels=0.06"))  # 0 … 57300 of 65535 is black … white
    expect(page.locator(".image-cell img[src*='levels=']").first).to_have_attribute(
        "style", re.compile("^(?!.*filter)")
    )
    page.get_by_role("button", name="Reset").click()
    expect(page).not_to_have_url(re.compile("levels="))
    page.keyboard.press("Escape")
    page.locator(".kind-card").get_by_role("button", name="Card menu").click()
    page.get_by_role("button", name="Levels from its darkest").click()
    expect(page).to_have_url(re.compile("levels=0.06"))
