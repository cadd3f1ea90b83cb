"""Groups in Chromium: from the click that groups five hundred runs until their lines and bands are painted."""

from statistics import median
from typing import TYPE_CHECKING

from .browser import chromium, fresh_page, open_ours
from .make_logdir import scalar_logdir, tag_names
from .measure import Row, Table
from .servers import running, wait_loaded

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_RUNS, _STEPS = 500, 1000
_PATTERN = "(\\d)$"  # the last digit of the run's name: ten groups of fifty
NOTES = """\
A click on "Groups" (by a pattern that makes ten groups) → POST /api/groups and /api/scalars → mean and 95 % CI painted,
`data-drawn` back; one chart in sight, medians. TensorBoard has no groups."""

# Milliseconds from the click until the page is drawn again and that frame has been painted.
_CLICK = """async () => {
  const button = document.querySelector(".group-button");
  const notes = () => document.querySelector(".notes").textContent;
  const drawn = () => document.documentElement.dataset.drawn === "true" && notes().includes("95 % CI");
  const began = performance.now();
  button.click();
  while (!drawn()) await new Promise((done) => setTimeout(done, 1));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - began;
}"""


def run(*, quick: bool) -> list[Table]:
    """The table of this subject."""
    logdir = scalar_logdir(_RUNS, 1, _STEPS)
    with running("stepscope", logdir) as (url, _), chromium() as browser:
        wait_loaded("stepscope", url, _RUNS, tag_names(1)[-1], _STEPS)
        seconds = _group_seconds(browser, url, 3 if quick else 7)
    row = Row(f"{_RUNS} runs × {_STEPS:,} steps, click → groups with bands painted", seconds, at_most=0.3)
    return [Table("Page, groups", (), NOTES, [row])]


def _group_seconds(browser: "Browser", url: str, repeats: int) -> float:
    with fresh_page(browser) as page:
        open_ours(page, f"{url}#scalars?group=regex:{_PATTERN.replace(chr(92), '%5C')};mean;ci95")
        times = []
        for attempt in range(repeats):
            page.get_by_role("button", name="Runs", exact=True).click()
            page.locator(".smoothing .number").fill(f"0.{50 + attempt}")  # another answer each time: nothing is kept
            page.locator(".smoothing .number").press("Enter")
            page.wait_for_timeout(1500)
            times.append(page.evaluate(_CLICK) / 1000)
        return median(times)
