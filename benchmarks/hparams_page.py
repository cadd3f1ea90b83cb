"""TensorBoard's HPARAMS page in Chromium: when its table is drawn, and how soon it is sorted and filtered."""

from typing import TYPE_CHECKING

from .browser import seconds_until

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Its elements lie in shadow roots. `grid` is the table, whose cells are filled in after its items were.
_ELEMENTS = """
  const deep = (selector, root) => [...root.querySelectorAll(selector),
    ...[...root.querySelectorAll("*")].filter((e) => e.shadowRoot).flatMap((e) => deep(selector, e.shadowRoot))];
  const inside = (name) => { const [e] = deep(name, document); return e?.shadowRoot ?? e; };
  const pane = inside("tf-hparams-query-pane"), view = inside("tf-hparams-table-view");
  const grid = view && deep("vaadin-grid", view)[0];
  const first = grid?.items?.[0]?.name;
"""
_FIRST_ROW_IS_DRAWN = """first !== undefined
  && deep("vaadin-grid-cell-content", view).some((cell) => cell.textContent.trim() === first)"""
_ANOTHER_FIRST_ROW = f"{_ELEMENTS} return first !== window.firstBefore && {_FIRST_ROW_IS_DRAWN}"
_CHOOSE = (
    _ELEMENTS
    + """window.firstBefore = first;
  const menu = deep("paper-dropdown-menu", pane).find((menu) => menu.label === "%s");
  [...menu.querySelectorAll("paper-item")].find((item) => item.textContent.trim() === "%s").click();"""
)
_AT_MOST = (
    _ELEMENTS
    + """window.firstBefore = first;
  const input = deep("paper-input", pane).filter((input) => input.label === "Max")[%d];
  input.value = "%s"; input.dispatchEvent(new Event("change", { bubbles: true }));"""
)


def open_theirs(page: "Page", url: str) -> None:
    """Navigate to the page and wait until the first row of its table is there."""
    page.goto(f"{url}#hparams", wait_until="commit")
    page.wait_for_function(f"() => {{ {_ELEMENTS} return {_FIRST_ROW_IS_DRAWN} }}", polling="raf")


def sort_by(page: "Page", column: str) -> None:
    """Sort by a column, the greatest first."""
    page.evaluate(f"() => {{ {_CHOOSE % ('Direction', 'Descending')} }}")
    seconds_until(page, _CHOOSE % ("Sort by", column), _ANOTHER_FIRST_ROW)


def sort_seconds(page: "Page") -> float:
    """A click on "Ascending" or "Descending" (the slower counts) → the other order painted."""
    return max(
        seconds_until(page, _CHOOSE % ("Direction", f"{way}scending"), _ANOTHER_FIRST_ROW) for way in ("A", "De")
    )


def filter_seconds(page: "Page", hparam: int, at_most: float) -> float:
    """An upper limit set for the n-th hyperparameter, by which the table is sorted → painted."""
    seconds = seconds_until(page, _AT_MOST % (hparam, at_most), _ANOTHER_FIRST_ROW)
    seconds_until(page, _AT_MOST % (hparam, ""), _ANOTHER_FIRST_ROW)
    return seconds
