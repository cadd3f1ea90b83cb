"""The page "Projector": which embedding, how it is laid out, what colours mean, views side by side, steps, files."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from browser_helpers import Dashboard, forgive, nameless, wait_in_page
from playwright.sync_api import Locator, Page, expect

from stepscope.logger import SummaryWriter

pytestmark = pytest.mark.usefixtures("patience")
EVIL = "<img src=x onerror=alert(1)>"
KINDS = ["cat", "dog", EVIL]
OpenPage = Callable[..., Page]


def log_embeddings(folder: Path) -> None:
    """The run "pets": 90 points in three groups that drift apart over three steps. The run "bad": a row of NaN."""
    random = np.random.default_rng(3)
    kinds = np.arange(90) % 3
    centres, noise = 3 * random.standard_normal((3, 8)), random.standard_normal((90, 8))
    metadata = [[KINDS[kind], str(row / 4), f"pet {row}"] for row, kind in enumerate(kinds)]
    with SummaryWriter(str(folder / "pets")) as writer:
        for step in (0, 10, 20):
            writer.add_embedding(
                (noise + centres[kinds] * step / 20).astype(np.float32), metadata=metadata,
                metadata_header=["kind", "age", "name"], tag="features", global_step=step,
            )  # fmt: skip
        writer.add_scalar("loss", 1.0, 20)
    with SummaryWriter(str(folder / "bad")) as writer:
        points = random.standard_normal((12, 4)).astype(np.float32)
        points[5] = np.nan
        writer.add_embedding(points, metadata=[f"word{row}" for row in range(12)], tag="words", global_step=0)


@pytest.fixture(scope="module")
def embeddings(tmp_path_factory: pytest.TempPathFactory, start: Callable[..., Dashboard]) -> Dashboard:
    folder = tmp_path_factory.mktemp("embeddings")
    log_embeddings(folder)
    return start(folder)


@pytest.fixture
def page(open_page: OpenPage, embeddings: Dashboard) -> Page:
    """The last step of "pets", laid out for itself."""
    return open_page(f"{embeddings.url}#projector?e=pets:features&psteps=0", width=1600)


def view(page: Page, method: str = "PCA") -> Locator:
    return page.get_by_role("region", name=f"View: {method}")


def layout(page: Page) -> Locator:
    """The panel of the layout."""
    return page.get_by_role("complementary", name="Layout")


def legend(page: Page) -> Locator:
    return page.get_by_role("group", name="Colours")


def in_sight(page: Page, count: int) -> None:
    """Waits until so many of the 90 points are in sight."""
    expect(page.get_by_text(f"{count} of 90 points in sight")).to_be_visible()


def test_pca_begins_at_once_and_says_how_much_it_shows(page: Page) -> None:
    expect(view(page)).to_contain_text(re.compile(r"PC1 \d+\.\d+ % × PC2 \d+\.\d+ % · centred"))
    expect(view(page).get_by_role("application")).to_have_attribute(
        "aria-label", re.compile("90 points in 2 dimensions")
    )
    panel = layout(page)
    expect(
        panel.get_by_role("img", name=re.compile("Variance of the first 8 of 8 components, and its sum: 100"))
    ).to_be_visible()
    panel.get_by_label("Along x").select_option("2")
    expect(view(page)).to_contain_text("PC3")
    panel.get_by_text("Loadings").click()
    expect(panel.get_by_role("table", name="PC3")).to_contain_text("dimension")
    assert "pviews=pca:::::2,1,2" in page.url


def test_an_embedding_that_is_not_there_is_named(open_page: OpenPage, embeddings: Dashboard) -> None:
    page = open_page(f"{embeddings.url}#projector?e=gone:features")
    expect(page.get_by_text("The run gone has no embedding features (any more).")).to_be_visible()
    page.get_by_label("Run", exact=True).select_option("pets")
    expect(view(page)).to_be_visible()


def test_quality_is_told_with_the_size_of_its_sample(page: Page) -> None:
    quality = page.get_by_role("region", name="Quality of the layout")
    expect(quality).to_contain_text(re.compile(r"Trustworthiness\s*0\.\d{3}"))
    expect(quality).to_contain_text("Measured on all 90 points.")


def test_preprocessing_is_chosen_in_order_and_stands_in_the_title(page: Page) -> None:
    panel = layout(page)
    panel.get_by_role("button", name="Standardise").click()
    panel.get_by_role("button", name="Length 1").click()
    expect(view(page)).to_contain_text("standardised, then scaled to length 1, then centred")
    expect(panel).to_contain_text("In this order: standardise, then length 1.")


def test_t_sne_runs_when_it_is_told_to_and_can_be_paused_changed_and_stopped(page: Page) -> None:
    panel = layout(page)
    panel.get_by_role("button", name="t-SNE").click()
    panel.get_by_label("Iterations", exact=True).fill("100000")
    panel.get_by_label("Iterations", exact=True).press("Enter")
    expect(view(page, "t-SNE")).to_contain_text("it starts when you say so")
    view(page, "t-SNE").get_by_role("button", name="Run t-SNE").click()
    expect(panel).to_contain_text(re.compile(r"Iteration [\d,]+ of 100,000"))
    expect(panel.get_by_role("img", name=re.compile("KL divergence by iteration"))).to_be_visible()
    page.keyboard.press("Space")
    expect(panel.get_by_role("button", name="Go on")).to_be_visible()
    page.keyboard.press("Space")
    expect(panel.get_by_role("button", name="Pause")).to_be_visible()
    panel.get_by_label("Iterations", exact=True).fill("90000")
    panel.get_by_label("Iterations", exact=True).press("Enter")
    expect(panel).to_contain_text(re.compile(r"Iteration [\d,]+ of 90,000"))
    panel.get_by_role("button", name="Stop").click()
    expect(panel.get_by_role("button", name="Run again")).to_be_visible()
    expect(panel).to_contain_text("stopped")


def test_settings_that_cannot_be_are_set_to_the_nearest_that_can(page: Page) -> None:
    panel = layout(page)
    panel.get_by_role("button", name="t-SNE").click()
    panel.get_by_label("Perplexity").fill("0.1")
    panel.get_by_label("Perplexity").press("Enter")
    expect(panel.get_by_label("Perplexity")).to_have_value("1")


def test_axes_lead_to_points_that_match_or_are_selected(page: Page) -> None:
    panel = layout(page)
    panel.get_by_role("button", name="Axes").click()
    expect(view(page, "Custom axes")).to_contain_text("which points the axes lead to")
    panel.get_by_label("Right: pattern").fill("cat")
    panel.get_by_label("Right: pattern").press("Enter")
    expect(view(page, "Custom axes").get_by_role("application")).to_have_attribute("data-drawn", "true")
    panel.get_by_label("Axes from").select_option("discriminant")
    panel.get_by_label("Classes").select_option("kind")
    expect(page.get_by_role("region", name="Quality of the layout")).to_contain_text("Measured on all 90 points.")


def test_categories_of_the_legend_hide_and_stand_alone(page: Page) -> None:
    entry = legend(page).get_by_role("button", name="cat")
    entry.click()
    in_sight(page, 60)
    expect(entry).to_have_attribute("aria-pressed", "false")
    entry.click()
    expect(page.get_by_text("of 90 points in sight")).to_have_count(0)
    legend(page).get_by_role("button", name=EVIL).click(modifiers=["Shift"])
    in_sight(page, 30)
    legend(page).get_by_role("button", name="Show all").click()
    expect(page.get_by_text("of 90 points in sight")).to_have_count(0)


def test_numbers_have_a_scale_and_ends(page: Page) -> None:
    page.get_by_label("Colour points by").select_option("column:age")
    expect(legend(page)).to_contain_text("22.25")
    legend(page).get_by_role("button", name="Quantile").click()
    legend(page).get_by_label("Show from").fill("20")
    legend(page).get_by_label("Show from").press("Enter")
    in_sight(page, 10)
    wait_in_page(page, "() => location.hash.includes('pscale=quantile') && location.hash.includes('pcolor=column:age')")


def test_points_are_coloured_by_how_faithful_their_places_are(page: Page) -> None:
    page.get_by_label("Colour points by").select_option("faithfulness")
    expect(legend(page)).to_contain_text("neighbours kept")
    expect(legend(page).get_by_role("img", name="from low to high")).to_be_visible()


def test_two_views_share_what_is_selected_and_have_their_own_method(page: Page) -> None:
    page.get_by_role("button", name="View", exact=True).click()
    expect(view(page, "t-SNE")).to_be_visible()
    layout(page).get_by_role("button", name="Random").click()
    random = view(page, "Random projection")
    expect(random.get_by_role("application")).to_have_attribute("data-drawn", "true")
    picture = view(page).get_by_role("application")
    picture.focus()
    page.keyboard.press("a")
    expect(page.get_by_text(re.compile("90.* selected"))).to_be_visible()
    random.get_by_role("button", name="Close this view").click()
    expect(random).to_have_count(0)
    expect(page.get_by_role("region", name=re.compile("^View: "))).to_have_count(1)


def test_three_dimensions_are_a_picture_of_their_own(page: Page) -> None:
    page.keyboard.press("3")
    expect(view(page).get_by_role("application")).to_have_attribute("aria-label", re.compile("in 3 dimensions"))
    expect(layout(page).get_by_label("Along z")).to_be_visible()
    wait_in_page(page, "() => location.hash.includes('pviews=pca:3')")
    page.keyboard.press("2")
    expect(layout(page).get_by_label("Along z")).to_be_hidden()


def test_steps_are_laid_out_together_and_follow_the_step_cursor(open_page: OpenPage, embeddings: Dashboard) -> None:
    page = open_page(f"{embeddings.url}#projector?e=pets:features&at=10", width=1600)
    expect(view(page)).to_contain_text("3 steps, each turned onto the one before")
    expect(page.get_by_label("Step", exact=True)).to_have_value("10")
    expect(page.get_by_text("3 steps, aligned")).to_be_visible()
    page.keyboard.press("]")
    expect(page.get_by_label("Step", exact=True)).to_have_value("20")
    page.get_by_label("Colour points by").select_option("drift")
    expect(legend(page)).to_contain_text("drift since the step before")
    page.keyboard.press("p")  # from the last step it begins anew
    playing = page.get_by_role("button", name="Play the steps (p)")
    expect(playing).to_have_attribute("aria-pressed", "true")
    expect(playing).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_label("Step", exact=True)).to_have_value("20")


def test_a_link_shows_the_same(open_page: OpenPage, embeddings: Dashboard) -> None:
    page = open_page(
        f"{embeddings.url}#projector?e=pets:features&psteps=0&pviews=pca:3;random&pcolor=column:age&plabel=name&at=10",
        width=1600,
    )
    expect(page.get_by_role("region", name=re.compile("^View: "))).to_have_count(2)
    expect(page.get_by_label("Colour points by")).to_have_value("column:age")
    expect(page.get_by_label("Label points with")).to_have_value("name")
    expect(page.get_by_label("Step", exact=True)).to_have_value("10")


def test_rows_that_are_not_finite_are_named(open_page: OpenPage, embeddings: Dashboard) -> None:
    page = open_page(f"{embeddings.url}#projector?e=bad:words", width=1600)
    expect(layout(page).get_by_role("list", name="Notes of the layout")).to_contain_text("1 of 12 points")


def test_coordinates_and_pictures_are_downloaded(page: Page) -> None:
    expect(page.get_by_role("region", name="Quality of the layout")).to_contain_text("Measured on all")
    for entry, ending in (("Coordinates and metadata as CSV", ".csv"), ("Picture as SVG", ".svg")):
        page.get_by_role("button", name="Export", exact=True).click()
        with page.expect_download() as waiting:
            page.get_by_role("button", name=entry).click()
        text = Path(waiting.value.path()).read_text("utf-8")
        assert waiting.value.suggested_filename.endswith(ending)
        assert len(text.splitlines()) == 91 if ending == ".csv" else "<svg" in text


def test_a_file_opens_by_hand_and_one_that_cannot_be_read_says_why(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with SummaryWriter(str(log / "run")) as writer:
        writer.add_scalar("loss", 1.0, 0)
    np.save(tmp_path / "vectors.npy", np.random.default_rng(0).standard_normal((20, 5)))
    (tmp_path / "words.npy").write_bytes(b"no array")
    page = open_page(f"{start_here(log).url}#projector")
    expect(page.get_by_role("heading", name="No embeddings in these runs")).to_be_visible()
    expect(page.get_by_text("writer.add_embedding(")).to_be_visible()
    forgive(open_page, "400")
    chooser = page.get_by_label("Embedding file")
    chooser.set_input_files(tmp_path / "vectors.npy")
    expect(view(page).get_by_role("application")).to_have_attribute("aria-label", re.compile("20 points"))
    chooser.set_input_files(tmp_path / "words.npy")
    expect(page.get_by_role("status").filter(has_text="words.npy")).to_be_visible()
    expect(page.get_by_label("Run", exact=True)).to_contain_text("vectors.npy")
    forgive(open_page, "status of 4")


@pytest.mark.parametrize("width", [400, 1600])
def test_everything_has_a_name_and_fits(open_page: OpenPage, embeddings: Dashboard, width: int) -> None:
    page = open_page(f"{embeddings.url}#projector?e=pets:features&psteps=0", width=width)
    assert nameless(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width == 400:
        method = page.get_by_role("button", name="Layout: method and settings")
        expect(layout(page)).to_be_hidden()
        expect(method).to_have_attribute("aria-pressed", "false")
        method.click()
        expect(layout(page)).to_be_visible()
        expect(method).to_have_attribute("aria-pressed", "true")
        expect(page.get_by_role("button", name="Points: search")).to_have_attribute("aria-pressed", "false")
        assert nameless(page) == []
    assert page.evaluate("document.querySelectorAll('img[onerror]').length") == 0
