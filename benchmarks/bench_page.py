"""The page in Chromium: from navigation until the visible charts are drawn, and how it answers afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from .browser import chromium, seconds_until_drawn
from .make_logdir import scalar_logdir, tag_names
from .measure import Row, Table, in_turns
from .page_answers import hover_seconds, scroll_figures, zoom_figures
from .servers import SERVERS, running, wait_loaded

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_STEPS = 1000
_TAGS = 20
NOTES = """\
A new browser context (empty cache) navigates to the page, both servers having loaded everything; window 1440×900.
Ours counts as drawn when `<html>` carries `data-drawn="true"`. TensorBoard's Time Series page counts as drawn when no
visible scalar card shows its spinner any more and a screenshot shows coloured lines in each of them; the moment is that
of taking the first such screenshot. Ours shows more cards at once, which is not made up for."""


def run(*, quick: bool) -> list[Table]:
    """The tables of this subject."""
    repeats = 3 if quick else 5
    with chromium() as browser:
        opening = [_opening_row(browser, 50, repeats, 8), _opening_row(browser, 500, 1 if quick else 3, 20)]
        answers = [*_answers_with_500_runs(browser, repeats), *_ten_thousand_tags(browser)]
    return [
        Table("Page", ("TensorBoard",), NOTES, opening),
        Table("Page, answering", (), "Medians; to the frame in which the answer is on the screen.", answers),
    ]


def _opening_row(browser: "Browser", runs: int, repeats: int, at_least: float) -> Row:
    logdir = scalar_logdir(runs, _TAGS, _STEPS)
    with _loaded("stepscope", logdir, runs) as ours, _loaded("tensorboard", logdir, runs) as theirs:
        urls = dict(zip(SERVERS, (ours, theirs), strict=True))
        tasks = {server: lambda s=server: seconds_until_drawn(browser, s, urls[s]) for server in SERVERS}
        figures = in_turns(repeats, tasks)
    what = f"{runs} runs × {_TAGS} tags × {_STEPS:,} steps, navigation → drawn"
    return Row(what, figures["stepscope"], [figures["tensorboard"]], at_least=at_least)


@contextmanager
def _loaded(server: str, logdir: Path, runs: int) -> Iterator[str]:
    with running(server, logdir) as (url, _):
        wait_loaded(server, url, runs, tag_names(_TAGS)[-1], _STEPS)
        yield url


def _answers_with_500_runs(browser: "Browser", repeats: int) -> list[Row]:
    with _loaded("stepscope", scalar_logdir(500, _TAGS, _STEPS), 500) as url:
        zoom = zoom_figures(browser, url, repeats)
        return [
            Row("500 runs, box zoom → painted", zoom.painted, at_most=0.1),
            Row("500 runs, box zoom → finer data painted", zoom.detailed),
            Row("500 runs, hover → painted", hover_seconds(browser, url, 10 * repeats), at_most=0.1),
        ]


def _ten_thousand_tags(browser: "Browser") -> list[Row]:
    with running("stepscope", scalar_logdir(1, 10_000, 20)) as (url, _):
        wait_loaded("stepscope", url, 1, "", 20)
        drawn = seconds_until_drawn(browser, "stepscope", url)
        figures = scroll_figures(browser, url)
    return [
        Row("10,000 tags, navigation → drawn", drawn),
        Row("10,000 tags, longest task while scrolling through all", figures.longest_task),
        Row("10,000 tags, JS heap after opening", figures.heap_before, unit="B"),
        Row("10,000 tags, JS heap after scrolling through all", figures.heap_after, unit="B"),
        Row("10,000 tags, elements in the page after scrolling", figures.elements, unit=""),
    ]
