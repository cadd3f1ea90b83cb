"""Every way to group, and every band, as the tooltip tells them; against numpy."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from browser_helpers import DRAWN, Dashboard
from playwright.sync_api import Page, expect

from stepscope.logger import SummaryWriter

OpenPage = Callable[..., Page]
LEVELS = {"adam": [1.0, 2.0, 4.0, 9.0], "sgd": [10.0, 30.0]}
T95 = {4: 3.1824, 2: 12.7062}  # Student's t, two-sided, runs − 1 degrees of freedom


@pytest.fixture(scope="module")
def board(start: Callable[..., Dashboard], tmp_path_factory: pytest.TempPathFactory) -> Dashboard:
    """Runs "adam/s0" … with a constant loss each; the last of each optimizer has a depth of its own."""
    folder = tmp_path_factory.mktemp("bands")
    for optimizer, levels in LEVELS.items():
        for seed, level in enumerate(levels):
            with SummaryWriter(str(folder / optimizer / f"s{seed}")) as writer:
                writer.add_hparams({"optimizer": optimizer, "depth": 8 if seed == len(levels) - 1 else 4}, {})
                for step in range(10):
                    writer.add_scalar("loss", level, step, walltime=1.7e9 + step)
    return start(folder)


def rows_in_the_middle(page: Page) -> dict[str, list[str]]:
    """Name of a group → what the tooltip says of it."""
    overlay = page.locator(".chart-overlay").first
    overlay.hover(position={"x": 200, "y": 60})
    rows = page.locator(".tip tbody tr")
    rows.first.wait_for()
    cells = [row.locator("td").all_inner_texts() for row in rows.all()]
    return {name: rest for name, *rest in cells}


SPREADS: dict[str, Callable[[np.ndarray], float]] = {
    "std": lambda x: x.std(ddof=1),
    "sem": lambda x: x.std(ddof=1) / len(x) ** 0.5,
    "ci95": lambda x: T95[len(x)] * x.std(ddof=1) / len(x) ** 0.5,
}
EDGES: dict[str, Callable[[np.ndarray], tuple[float, float]]] = {
    "minmax": lambda x: (x.min(), x.max()),
    "quartiles": lambda x: (np.quantile(x, 0.25), np.quantile(x, 0.75)),
}


def edges_of(band: str, center: float, levels: np.ndarray) -> tuple[float, float]:
    """A spread lies around the line, mean or median; the others are where they are."""
    if band in EDGES:
        return EDGES[band](levels)
    return center - SPREADS[band](levels), center + SPREADS[band](levels)


@pytest.mark.parametrize("center", ["mean", "median"])
@pytest.mark.parametrize("band", [*SPREADS, *EDGES])
def test_a_band_is_what_numpy_says(open_page: OpenPage, board: Dashboard, band: str, center: str) -> None:
    page = open_page(f"{board.url}#scalars?smooth=0&tip=name&group=prefix:1;{center};{band}")
    told = rows_in_the_middle(page)
    for optimizer, levels in LEVELS.items():
        values = np.array(levels)
        value, edges, runs, _ = told[optimizer]
        middle = getattr(np, center)(values)
        assert float(value) == pytest.approx(middle, rel=1e-3)
        low, high = (float(edge.replace("−", "-")) for edge in edges.split(" – "))
        assert (low, high) == pytest.approx(edges_of(band, middle, values), rel=2e-3)
        assert runs == str(len(levels))


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("regex:%5E(%5Cw)%5Cw*/s(%5Cd)", {"a · 0", "a · 1", "a · 2", "a · 3", "s · 0", "s · 1"}),
        ("regex:%5Ea(%3F%3Coptimizer%3Edam)", {"optimizer=dam", "other"}),
        ("prefix:1", {"adam", "sgd"}),
        ("hparams:optimizer", {"optimizer=adam", "optimizer=sgd"}),
        (
            "hparams:optimizer,depth",
            {f"optimizer={optimizer} · depth={depth}" for optimizer in LEVELS for depth in (4, 8)},
        ),
    ],
)
def test_runs_are_grouped_by(open_page: OpenPage, board: Dashboard, by: str, groups: set[str]) -> None:
    page = open_page(f"{board.url}#scalars?smooth=0&tip=name&group={by};mean;std")
    assert set(rows_in_the_middle(page)) == groups


def test_several_hyperparameters_are_ticked_and_members_opened_by_a_click_on_a_line(
    open_page: OpenPage, board: Dashboard
) -> None:
    page = open_page(f"{board.url}#scalars?smooth=0&tip=name")
    page.keyboard.press("g")
    page.get_by_role("checkbox", name=re.compile("^optimizer")).check()
    page.get_by_role("checkbox", name=re.compile("^depth")).check()
    expect(page.get_by_role("status").filter(has_text="4 groups")).to_be_visible()
    page.keyboard.press("Escape")
    page.wait_for_selector(DRAWN)
    page.get_by_role("list", name="Groups").get_by_role("button", name="optimizer=adam · depth=4").click()
    page.wait_for_selector(DRAWN)
    expect(page).to_have_url(re.compile("members=optimizer"))
    assert {"adam/s0", "adam/s1", "adam/s2"} < set(rows_in_the_middle(page))
