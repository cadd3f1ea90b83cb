"""A model whose modules lie many deep in each other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from stepscope.logger import SummaryWriter

pytestmark = pytest.mark.usefixtures("patience")

torch = pytest.importorskip("torch")


class Nested(torch.nn.Module):
    """Adds its input to what the one within makes of it."""

    def __init__(self, inner: torch.nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: Any) -> Any:
        return self.inner(x) + x


def _nested(depth: int) -> torch.nn.Module:
    model: torch.nn.Module = torch.nn.Linear(3, 3)
    for _ in range(depth):
        model = Nested(model)
    return model


def test_rows_of_the_tree_keep_room_for_names_and_numbers(
    open_page: Callable[..., Page], start: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    logs: Path = tmp_path_factory.mktemp("deep")
    with SummaryWriter(str(logs / "run")) as writer:
        writer.add_graph(_nested(25), torch.ones(1, 3), export=False)
    page = open_page(f"{start(logs).url}#graph?graph=run:graph", width=1440)
    rows = page.get_by_role("treeitem")
    expect(rows.nth(8)).to_be_visible()
    expect(rows.filter(has_not=page.locator("bdi"))).to_have_count(0)  # those that stand for rows on their way
    widths = rows.evaluate_all("rows => rows.map((row) => row.querySelector('bdi').getBoundingClientRect().width)")
    ends = rows.evaluate_all(
        "rows => rows.map((row) => Math.round(row.querySelector('.tree-memory').getBoundingClientRect().right))"
    )
    assert min(widths) > 5  # of names of one letter
    assert len(set(ends)) == 1
    levels = {int(level) for level in rows.evaluate_all("rows => rows.map((row) => row.getAttribute('aria-level'))")}
    assert max(levels) <= 12  # not all begin open
