"""The run table in Chromium: opened, sorted and filtered beside TensorBoard's; ten thousand runs and thirty columns."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING

from .browser import chromium, fresh_page, open_ours, seconds_until
from .hparams_page import filter_seconds, open_theirs, sort_by, sort_seconds
from .make_sweep import HPARAMS, STEPS, sweep_logdir
from .measure import Row, Table, in_turns
from .servers import running, wait_loaded

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_RUNS = 10_000
_WAITS_FOR_KEYS = 0.12  # s until the page asks the server about a query
BESIDE = f"""\
Both servers have loaded the same runs ({HPARAMS} hyperparameters, 10 scalars); window 1440×900, new browser contexts,
in turns, medians. Ours shows 30 columns of all runs; TensorBoard six (five hyperparameters, a metric) of the first 100
runs. Ours includes the {_WAITS_FOR_KEYS * 1000:.0f} ms in which the page waits for the next key of a filter."""
NOTES = """\
Medians. From the key or click to the frame in which the new order or the runs that match are on the screen, seen from
inside the page (window 1440×900); a query is answered by the server, its waiting for the next key left out."""

_HEAD = """const head = [...document.querySelectorAll(".page-runs .grid-headcell")]
    .find((cell) => cell.querySelector(".grid-title").textContent === "%s");
  for (const type of ["pointerdown", "pointerup"]) head.dispatchEvent(new PointerEvent(type, { bubbles: true }));"""
_SORTED = """[...document.querySelectorAll(".page-runs [aria-sort=%s] .grid-title")]
    .some((title) => title.textContent === "%s")"""
_TYPE = """const box = document.querySelector(".page-runs input[type=search]");
  box.value = %r; box.dispatchEvent(new Event("input", { bubbles: true }));"""
_MATCHING = """return document.querySelector(".page-runs .run-count").textContent.includes(" / ") === %s"""
_SCROLL = """document.querySelector(".page-runs .grid").scrollTop += 9000"""


def run(*, quick: bool) -> list[Table]:
    """The tables of this subject."""
    repeats = 3 if quick else 7
    with chromium() as browser:
        beside = [row for runs in (200, 1_000) for row in _beside(browser, runs, repeats)]
        with _our_table(browser, 1_000 if quick else _RUNS) as page:
            alone = _rows(page, f"{1_000 if quick else _RUNS:,} runs × {len(_columns())} columns", repeats)
    return [
        Table("Run table in the page, beside TensorBoard's HPARAMS page", ("TensorBoard",), BESIDE, beside),
        Table("Run table in the page", (), NOTES, alone),
    ]


def _beside(browser: "Browser", runs: int, repeats: int) -> list[Row]:
    """Opening, sorting and filtering, in turns with TensorBoard on the same runs."""
    logdir, what = sweep_logdir(runs), f"{runs:,} runs"
    with running("stepscope", logdir) as (ours, _), running("tensorboard", logdir) as (theirs, _):
        wait_loaded("stepscope", ours, runs, "tag0", STEPS - 1)
        wait_loaded("tensorboard", theirs, runs, "tag0", STEPS - 1)
        tasks = {"stepscope": lambda: _opening(browser, _open_table, ours)}
        tasks["tensorboard"] = lambda: _opening(browser, open_theirs, theirs)
        opened = in_turns(min(repeats, 3), tasks)
        with fresh_page(browser) as our_page, fresh_page(browser) as their_page:
            _open_table(our_page, ours)
            open_theirs(their_page, theirs)
            sort_by(their_page, "learning_rate")
            tasks = {"stepscope": lambda: _sorted(our_page, "learning_rate")}
            tasks["tensorboard"] = lambda: sort_seconds(their_page)
            ordered = in_turns(repeats, tasks)
            tasks = {"stepscope": lambda: _filtered(our_page, "learning_rate <= 0.01")}
            tasks["tensorboard"] = lambda: filter_seconds(their_page, HPARAMS - 1, 0.01)
            matched = in_turns(repeats, tasks)
    return [
        Row(f"{what}, {done}", figures["stepscope"], [figures["tensorboard"]], at_least=1)
        for done, figures in (
            ("navigation → table drawn", opened),
            ("sort by a click → painted", ordered),
            ("filter by a hyperparameter → painted", matched),
        )
    ]


@contextmanager
def _our_table(browser: "Browser", runs: int) -> Iterator["Page"]:
    """The runs page with thirty columns."""
    with running("stepscope", sweep_logdir(runs)) as (url, _), fresh_page(browser) as page:
        wait_loaded("stepscope", url, runs, "tag0", STEPS - 1)
        _open_table(page, url)
        yield page


def _opening(browser: "Browser", opened: Callable[["Page", str], None], url: str) -> float:
    with fresh_page(browser) as page:
        start = time.perf_counter()
        opened(page, url)
        return time.perf_counter() - start


def _open_table(page: "Page", url: str) -> None:
    open_ours(page, f"{url}#runs?cols={','.join(_columns())}")
    page.wait_for_function("document.querySelector('.page-runs .grid-headcell .grid-title')")


def _columns() -> list[str]:
    """Thirty, those that are sorted by in sight: hyperparameters, built-in ones, and statistics of scalars."""
    hparams = ["learning_rate", *(f"hparam{n}" for n in range(1, HPARAMS))]
    built_in = ["state", "start", "last", "duration", "last_step", "points", "tags", "note", "run"]
    statistics = [f"tag{n}.{part}" for n, part in enumerate(["max", "min", "last", "mean", "std"] * 2)]
    return [*hparams[:2], "name", *hparams[2:], *built_in, *statistics]


def _rows(page: "Page", what: str, repeats: int) -> list[Row]:
    def of(task: Callable[..., float], *arguments: str) -> float:
        return median(task(page, *arguments) for _ in range(repeats))

    query = of(_filtered, "learning_rate < 0.01 and tag3.max > 0.2") - _WAITS_FOR_KEYS
    return [
        Row(f"{what}, sort by a number → painted", of(_sorted, "hparam1"), at_most=0.1),
        Row(f"{what}, sort by a text → painted", of(_sorted, "Name"), at_most=0.1),
        Row(f"{what}, filter by words → painted", of(_filtered, "trial 77"), at_most=0.1),
        Row(f"{what}, filter by a regular expression → painted", of(_filtered, "7$"), at_most=0.1),
        Row(f"{what}, query → painted", query, at_most=0.1),
        Row(f"{what}, scroll by 320 rows → painted", of(seconds_until, _SCROLL, "return true"), at_most=0.1),
        Row(f"{what}, elements of the table", page.locator(".page-runs .grid *").count(), unit=""),
    ]


def _sorted(page: "Page", column: str) -> float:
    """Ascending, descending (the slower counts), and back to no order."""
    click = _HEAD % column
    ways = [seconds_until(page, click, f"return {_SORTED % (way, column)}") for way in ("ascending", "descending")]
    seconds_until(page, click, f"return !({_SORTED % ('descending', column)})")
    return max(ways)


def _filtered(page: "Page", text: str) -> float:
    took = seconds_until(page, _TYPE % text, _MATCHING % "true")
    seconds_until(page, _TYPE % "", _MATCHING % "false")
    return took
