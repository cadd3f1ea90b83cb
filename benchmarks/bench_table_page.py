"""The run table in Chromium: ten thousand runs and thirty columns sorted, filtered and scrolled."""

from collections.abc import Callable
from statistics import median
from typing import TYPE_CHECKING

from .browser import chromium, fresh_page, open_ours
from .make_sweep import HPARAMS, sweep_logdir
from .measure import Row, Table
from .servers import running, wait_loaded

if TYPE_CHECKING:
    from playwright.sync_api import Page

_RUNS = 10_000
NOTES = """\
Medians. From the key or click to the frame in which the new order or the runs that match are on the screen, seen from
inside the page (window 1440×900); a query is answered by the server, its waiting for the next key (120 ms) left out."""

# Does something and tells, in ms, when the first frame was painted in which the table shows what `shows` says.
_UNTIL = """([action, shows]) => new Promise((done) => {
  const act = new Function(action);
  const shown = new Function(`return ${shows}`);
  const channel = new MessageChannel();
  const start = performance.now();
  channel.port1.onmessage = () => done(performance.now() - start);
  const look = () => (shown() ? channel.port2.postMessage(0) : requestAnimationFrame(look));
  act();
  requestAnimationFrame(look);
})"""
_HEAD = """const head = [...document.querySelectorAll(".page-runs .grid-headcell")]
    .find((cell) => cell.querySelector(".grid-title").textContent === "%s");
  for (const type of ["pointerdown", "pointerup"]) head.dispatchEvent(new PointerEvent(type, { bubbles: true }));"""
_SORTED = """[...document.querySelectorAll(".page-runs [aria-sort=%s] .grid-title")]
    .some((title) => title.textContent === "%s")"""
_TYPE = """const box = document.querySelector(".page-runs input[type=search]");
  box.value = %r; box.dispatchEvent(new Event("input", { bubbles: true }));"""
_MATCHING = """document.querySelector(".page-runs .run-count").textContent.includes("in all") === %s"""
_SCROLL = """document.querySelector(".page-runs .grid").scrollTop += 9000"""


def run(*, quick: bool) -> list[Table]:
    """The tables of this subject."""
    runs = 1_000 if quick else _RUNS
    repeats = 3 if quick else 7
    with running("stepscope", sweep_logdir(runs)) as (url, _), chromium() as browser, fresh_page(browser) as page:
        wait_loaded("stepscope", url, runs, "tag0", 2)
        open_ours(page, f"{url}#runs?cols={','.join(_columns())}")
        page.wait_for_function("document.querySelector('.page-runs .grid-headcell .grid-title')")
        rows = _rows(page, f"{runs:,} runs × 30 columns", repeats)
    return [Table("Run table in the page", (), NOTES, rows)]


def _columns() -> list[str]:
    """Thirty: built-in ones, hyperparameters, and statistics of scalars."""
    built_in = ["state", "start", "last", "duration", "last_step", "points", "tags", "note", "run", "name"]
    statistics = [f"tag{n}.{part}" for n, part in enumerate(["max", "min", "last", "mean", "std"] * 2)]
    hparams = ["learning_rate", *(f"hparam{n}" for n in range(1, HPARAMS))]
    return [
        "hparam1",
        "name",
        *(name for name in [*built_in, *hparams, *statistics] if name not in ("hparam1", "name")),
    ]


def _rows(page: "Page", what: str, repeats: int) -> list[Row]:
    def seconds(action: str, shows: str) -> float:
        return float(page.evaluate(_UNTIL, [action, shows])) / 1000

    def both(column: str) -> float:
        """Ascending, descending (the slower counts), and back to no order."""
        ways = [seconds(_HEAD % column, _SORTED % (order, column)) for order in ("ascending", "descending")]
        seconds(_HEAD % column, f"!({_SORTED % ('descending', column)})")
        return max(ways)

    def filtered(text: str) -> float:
        took = seconds(_TYPE % text, _MATCHING % "true")
        seconds(_TYPE % "", _MATCHING % "false")
        return took

    def of(task: Callable[..., float], *arguments: str) -> float:
        return median(task(*arguments) for _ in range(repeats))

    rows = [
        Row(f"{what}, sort by a number → painted", of(both, "hparam1"), at_most=0.1),
        Row(f"{what}, sort by a text → painted", of(both, "Name"), at_most=0.1),
        Row(f"{what}, filter by words → painted", of(filtered, "trial 77"), at_most=0.1),
        Row(f"{what}, filter by a regular expression → painted", of(filtered, "7$"), at_most=0.1),
    ]
    query = of(filtered, "learning_rate < 0.01 and tag3.max > 0.2") - 0.12
    rows.append(Row(f"{what}, query → painted", query, at_most=0.1))
    rows.append(Row(f"{what}, scroll by 320 rows → painted", of(seconds, _SCROLL, "true"), at_most=0.1))
    rows.append(Row(f"{what}, elements of the table", page.locator(".page-runs .grid *").count(), unit=""))
    return rows
