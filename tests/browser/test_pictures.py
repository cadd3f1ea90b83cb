"""Charts saved as SVG and PNG: what is in the files."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from browser_helpers import Dashboard, write_run
from PIL import Image
from playwright.sync_api import Download, Page

from stepscope.logger import SummaryWriter

OpenPage = Callable[..., Page]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def few(start: Callable[..., Dashboard], tmp_path_factory: pytest.TempPathFactory) -> Dashboard:
    folder = tmp_path_factory.mktemp("few")
    for run in range(12):
        with SummaryWriter(str(folder / f"run <{run}>")) as writer:
            for step in range(20):
                writer.add_scalar("val/acc", 1 - np.exp(-step / (5 + run)), step)
            writer.add_hparams({"depth": run, "adam": run % 2 == 0}, {"val/acc": run / 12})
    return start(folder)


def saved(page: Page, button: str) -> Download:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button).click()
    return waiting.value


def svg_of(download: Download) -> tuple[ElementTree.Element, list[str]]:
    root = ElementTree.fromstring(Path(download.path()).read_bytes())
    return root, [text.text or "" for text in root.iter(f"{SVG}text")]


def test_a_scalars_card_as_svg(few: Dashboard, open_page: OpenPage) -> None:
    """Lines as paths, the legend with names as they are, what the axis shows."""
    page = open_page(f"{few.url}#scalars?smooth=0")
    card = page.get_by_role("region", name="val/acc", exact=True)
    card.hover()
    card.get_by_role("button", name="Chart menu").click()
    page.get_by_role("button", name="Save picture").click()
    download = saved(page, "Save SVG")
    assert download.suggested_filename == "val_acc.svg"
    root, texts = svg_of(download)
    assert {"val/acc", *(f"run <{run}>" for run in range(12))} <= set(texts)
    assert any(text.lower() == "step" for text in texts)
    lines = [
        path for path in root.iter(f"{SVG}path") if path.get("fill") == "none" and path.get("d", "").count("L") == 19
    ]
    assert len(lines) == 12
    assert all(path.get("stroke", "").startswith("#") for path in lines)


def test_parallel_coordinates_as_svg(few: Dashboard, open_page: OpenPage) -> None:
    page = open_page(f"{few.url}#hparams?colorby=adam")
    page.get_by_label("Save parallel coordinates as SVG or PNG").click()
    download = saved(page, "Save SVG")
    assert download.suggested_filename == "hyperparameters_parallel.svg"
    root, texts = svg_of(download)
    assert {"Parallel coordinates", "adam", "depth", "val/acc.max", "true", "false"} <= set(texts)
    lines = [
        path for path in root.iter(f"{SVG}path") if path.get("fill") == "none" and path.get("d", "").count("L") == 2
    ]
    assert len(lines) == 12  # a run each, over three axes
    assert root.get("width") and not root.findall(f".//{SVG}image")


def test_scatter_matrix_as_png(few: Dashboard, open_page: OpenPage) -> None:
    page = open_page(f"{few.url}#hparams", theme="dark")
    page.get_by_label("Save scatter matrix as SVG or PNG").click()
    page.get_by_label("Width", exact=True).fill("500")
    page.get_by_label("Height", exact=True).fill("300")
    download = saved(page, "Save PNG")
    image = Image.open(io.BytesIO(Path(download.path()).read_bytes())).convert("RGBA")
    assert image.width == 2 * (500 + 32)
    colors = image.getcolors(1 << 20)
    assert colors and len(colors) > 50
    assert image.getpixel((2, 2)) == (21, 26, 33, 255)  # the dark surface


def test_a_transparent_picture_has_no_ground(few: Dashboard, open_page: OpenPage) -> None:
    page = open_page(f"{few.url}#hparams")
    page.get_by_label("Save scatter matrix as SVG or PNG").click()
    page.get_by_label("Transparent background").check()
    image = Image.open(Path(saved(page, "Save PNG").path())).convert("RGBA")
    assert image.getpixel((2, 2))[3] == 0  # type: ignore[index]


ODD = ['a<b>&"c"', "ünï → 日本", "it's `x`", "plain"]


@pytest.fixture(scope="module")
def odd(start: Callable[..., Dashboard], tmp_path_factory: pytest.TempPathFactory) -> Dashboard:
    """Runs, tags and a hyperparameter whose names XML would trip over; a view with a chart of each type."""
    folder = tmp_path_factory.mktemp("odd")
    for at, name in enumerate(ODD):
        with SummaryWriter(str(folder / name)) as writer:
            for step in range(5):
                writer.add_scalar("<loss> & co", at + step, step)
            writer.add_hparams({"a<b": at, "op&t": name}, {"<loss> & co": at})
    charts = [
        {"type": "line", "title": "Lines <1>", "series": [{"tag": "<loss> & co"}]},
        {
            "type": "scatter",
            "title": "Dots & co",
            "x_column": "`a<b`",
            "y_column": "`<loss> & co`.max",
            "color_column": "`op&t`",
        },
        {"type": "bar", "title": 'Bars "3"', "column": "`<loss> & co`.max", "sort": "value"},
    ]
    view = {"stepscope_view": 1, "title": "Odd", "sections": [{"title": "", "charts": charts}]}
    (folder / "odd.view.json").write_text(json.dumps(view))
    return start(folder)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("Lines <1>", {"step", *ODD}),
        ("Dots & co", {"a<b", "<loss> & co.max", *ODD}),
        ('Bars "3"', {"<loss> & co.max", *ODD}),
    ],
)
def test_a_chart_of_a_view_with_odd_names_is_valid_svg(
    odd: Dashboard, open_page: OpenPage, theme: str, title: str, wanted: set[str]
) -> None:
    page = open_page(f"{odd.url}#views?view=odd", theme=theme)
    card = page.locator(".view-card").filter(has=page.get_by_role("heading", name=title))
    card.hover()
    card.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="picture").click()
    root, texts = svg_of(saved(page, "Save SVG"))
    assert {title, *wanted} - {text.strip() for text in texts} == set()
    fonts = {text.get("font-family", "") for text in root.iter(f"{SVG}text")}
    assert all(font.endswith("sans-serif") for font in fonts)  # a generic family wherever the file is opened
    ground = next(found for found in root.iter() if found.get("fill", "").startswith("#"))
    assert ground.get("fill") == ("#151a21" if theme == "dark" else "#ffffff")


def test_a_picture_of_many_runs_lists_them_in_columns(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    for run in range(60):
        write_run(tmp_path / f"run-{run:02}", {"loss": np.arange(3.0) + run})
    page = open_page(f"{start_here(tmp_path).url}#scalars")
    card = page.get_by_role("region", name="loss", exact=True)
    card.hover()
    card.get_by_role("button", name="Chart menu").click()
    page.get_by_role("button", name="Save picture").click()
    root, texts = svg_of(saved(page, "Save SVG"))
    assert {f"run-{run:02}" for run in range(60)} <= set(texts)
    labels = [text for text in root.iter(f"{SVG}text") if (text.text or "").startswith("run-")]
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    assert len({text.get("x") for text in labels}) > 2
    assert max(float(text.get("y", "0")) for text in labels) < height
    assert max(float(text.get("x", "0")) for text in labels) < width - 40
