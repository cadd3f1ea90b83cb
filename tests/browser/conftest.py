"""The real `dashboard` on generated runs, looked at with a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from browser_helpers import DRAWN, Dashboard, write_run
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, expect, sync_playwright
from run_table_helpers import write_sweep

from stepscope.logger import SummaryWriter

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
READ_BACK = "GPU stall due to ReadPixels"  # what Chromium remarks without a graphics card; nobody can help it
PATIENCE = 15_000  # ms; Playwright's own 5 s are not enough where four workers share two cores
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser on a busy machine misses a frame now and then: its tests may run again twice, and that is listed."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=2))


@pytest.fixture
def patience() -> Iterator[None]:
    """What is looked at first may have to be compiled, and a process that lays out has to start."""
    expect.set_options(timeout=30_000)
    yield
    expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium of the system, else Playwright's own."""
    path = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    started = playwright.chromium.launch(executable_path=path, args=FLAGS)
    yield started
    started.close()


@pytest.fixture(scope="session")
def index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("index")


def _starting(index_dir: Path) -> Iterator[Callable[..., Dashboard]]:
    started: list[Dashboard] = []

    def begin(logdir: Path, *options: str, port: int = 0) -> Dashboard:
        started.append(Dashboard(logdir, "--index_dir", str(index_dir), *options, port=port))
        return started[-1]

    yield begin
    for dashboard in started:
        dashboard.stop()


@pytest.fixture(scope="session")
def start(index_dir: Path) -> Iterator[Callable[..., Dashboard]]:
    """Starts dashboards for several tests; they are stopped at the end of the session."""
    yield from _starting(index_dir)


@pytest.fixture
def start_here(index_dir: Path) -> Iterator[Callable[..., Dashboard]]:
    """Starts dashboards that are stopped at the end of the test."""
    yield from _starting(index_dir)


@pytest.fixture
def open_page(browser: Browser, start_here: Callable[..., Dashboard]) -> Iterator[Callable[..., Page]]:
    """Opens pages, waits until they are drawn, and fails the test that leaves a word in the console."""
    complaints: list[str] = []
    contexts = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and READ_BACK not in message.text:
            complaints.append(f"{message.type}: {message.text}")

    def open_one(
        url: str, *, width: int = 1440, height: int = 900, theme: str = "light", touch: bool = False, drawn: bool = True
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,  # type: ignore[arg-type]
            has_touch=touch,
            is_mobile=touch,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(f"exception: {error}"))
        page.on("dialog", lambda dialog: complaints.append(f"a dialog opened: {dialog.message}"))
        page.goto(url)
        if drawn:
            page.wait_for_selector(DRAWN)
        return page

    open_one.complaints = complaints  # type: ignore[attr-defined]
    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def open_file(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a file offline; fails the test that asks for anything else or complains."""
    complaints: list[str] = []
    contexts = []

    def open_one(path: Path, *, width: int = 1440, theme: str = "light") -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, offline=True)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: None if READ_BACK in message.text else complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(f"exception: {error}"))
        page.on("dialog", lambda dialog: complaints.append(f"a dialog opened: {dialog.message}"))
        page.on("request", lambda request: None if request.url == path.as_uri() else complaints.append(request.url))
        page.goto(path.as_uri())
        page.wait_for_selector(DRAWN)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three ordinary runs, a long one, one with gaps, one that was restarted, and one with an evil name."""
    folder = tmp_path_factory.mktemp("runs")
    random = np.random.default_rng(7)
    falling = np.exp(-np.linspace(0, 3, 200))
    for name in ("adam_lr0.1", "adam_lr0.01", "sgd_lr0.1"):
        noise = 1 + 0.05 * random.standard_normal((3, 200))
        tags = {
            "loss/train": falling * noise[0],
            "loss/val": falling * noise[1],
            "acc/layer2": 1 - falling * noise[2],
            "acc/layer10": 1 - falling,
        }
        write_run(folder / name, {**tags, "lr": np.full(200, 0.1)}, every=10)
    write_run(folder / "long", {"long/noise": np.sin(np.arange(50_000) / 3000) + 0.1 * random.standard_normal(50_000)})
    gaps = falling.copy()
    gaps[[20, 21, 22]], gaps[50], gaps[60] = np.nan, np.inf, -np.inf
    write_run(folder / "gaps", {"loss/train": gaps, "alone": np.ones(1)}, every=10)
    with SummaryWriter(str(folder / "restarted")) as writer:
        for step in [*range(0, 1000, 10), *range(500, 1500, 10)]:
            writer.add_scalar("loss/train", 0.5, step)
    evil = "<img src=x onerror=alert(1)>"
    with SummaryWriter(str(folder / "evil" / evil.replace("/", "∕"))) as writer:
        writer.add_scalar(f"evil/{evil}", 1.0, 0)
        writer.add_scalar(f"evil/{evil}", 2.0, 1)
    return folder


@pytest.fixture(scope="session")
def dashboard(start: Callable[..., Dashboard], runs: Path) -> Dashboard:
    """A dashboard over `runs`."""
    return start(runs)


@pytest.fixture(scope="session")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four runs that a run table tells apart."""
    folder = tmp_path_factory.mktemp("sweep")
    write_sweep(folder)
    return folder


@pytest.fixture
def table(open_page: Callable[..., Page], start_here: Callable[..., Dashboard], sweep: Path, tmp_path: Path) -> Page:
    """The page "Runs" of a dashboard that nobody has edited anything in."""
    return open_page(f"{start_here(sweep, '--state_file', str(tmp_path / 'state.json')).url}#runs", width=2000)
