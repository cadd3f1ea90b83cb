"""Charts saved as SVG and PNG: what is in the files."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from browser_helpers import Dashboard
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
