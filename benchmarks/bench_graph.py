"""Model graphs: how long until the first picture is there, in the page and on the server, and what is sent for it."""

import json
import time
import urllib.request
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from .browser import chromium, fresh_page
from .make_graph import IN_A_LAYER, flat_logdir, keras_logdir, torch_logdir, transformer_logdir
from .measure import Row, Table
from .servers import running, wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_NODES = 5_000
_LARGE, _HUGE = 10_000, 100_000
_PATIENCE = 120.0  # s
_PATTERN = "block_[13]/.*matmul"

# Each page notes in `seen` when it showed what, in ms from the start of its navigation. Ours: when the picture that
# the server draws was painted, where it comes before the page's own; and when the page's own is there.
_OURS_SEEN = """window.seen = {};
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) seen.first ??= entry.renderTime || entry.loadTime;
}).observe({ type: "element", buffered: true });
const look = () => {
  if (document.documentElement?.dataset.drawn !== "true") return requestAnimationFrame(look);
  seen.own = performance.now();
  seen.first ??= seen.own;
};
look();"""
# TensorBoard's: when there is a node, whatever shadow trees it is in.
_TENSORBOARD_SEEN = """window.seen = {};
const drawn = (root) => [...root.querySelectorAll("*")].some(
  (element) => (element.matches("g.node") && element.getBoundingClientRect().width > 0) ||
    (element.shadowRoot && drawn(element.shadowRoot)));
const look = () => {
  if (!drawn(document)) return setTimeout(look, 20); // seldom enough to cost it nothing
  seen.first = seen.own = performance.now();
};
look();"""

OPENING = f"""\
GraphDefs of some {_NODES:,} operations as they are logged: navigation to the graph page → the graph is seen, in a new
browser context, from a server that has read the log and was asked for nothing yet, by the page's own clock. Ours shows
a picture that the server draws until the page has its own, which answers: both are told. In turns, medians.
TensorBoard gets {_PATIENCE:.0f} s; that figure means that nothing was drawn by then. The Keras rows need a Python
with TensorFlow, named by TENSORFLOW_PYTHON."""
SERVER = """\
Graphs of the same form, asked for by HTTP: the first view of a graph nobody has looked at yet, decoding and layout
included, then a layer with all that is in it opened, 68 operations, and a search.
The texts that are searched are made ready behind the first view, here by a search before."""


def run(*, quick: bool) -> list[Table]:
    """The tables of this subject."""
    return [_opening(1 if quick else 5), _server(1 if quick else 5)]


def _opening(rounds: int) -> Table:
    graphs = {
        "a transformer in nested scopes": (transformer_logdir(_NODES), rounds),
        "what torch writes of a residual network": (torch_logdir(_NODES), rounds),
        "what TensorFlow writes of a Keras network": (keras_logdir(_NODES), rounds),
        "no scopes": (flat_logdir(_NODES), 1),  # minutes
    }
    with chromium() as browser:
        rows = [
            row for what, (logdir, turns) in graphs.items() if logdir for row in _opened(browser, what, logdir, turns)
        ]
    return Table("The graph page", ("TensorBoard",), OPENING, rows)


def _opened(browser: "Browser", what: str, logdir: Path, rounds: int) -> list[Row]:
    """Until the first picture, and until the page's own."""
    ours, theirs = [], []
    with running("tensorboard", logdir) as (url, _):
        wait_until(lambda: bool(_json(f"{url}data/plugin/graphs/info")), "TensorBoard to have read the graph")
        for _ in range(rounds):
            ours.append(_ours(browser, logdir))
            theirs.append(_seen(browser, f"{url}#graphs", _TENSORBOARD_SEEN))
    (first, own), (rival, _) = (map(median, zip(*figures, strict=True)) for figures in (ours, theirs))
    return [
        Row(f"{what}, navigation → first picture", first, [rival], at_least=10),
        Row(f"{what}, navigation → drawn by the page", own, [rival]),
    ]


def _ours(browser: "Browser", logdir: Path) -> tuple[float, float]:
    with running("stepscope", logdir) as (url, _):
        wait_until(lambda: _json(f"{url}api/status")["ready"], "the dashboard to be ready")
        return _seen(browser, f"{url}#graph", _OURS_SEEN)


def _seen(browser: "Browser", url: str, script: str) -> tuple[float, float]:
    """Seconds from the start of the navigation until a page shows a graph, and until it has drawn that itself."""
    with fresh_page(browser) as page:
        page.add_init_script(script)
        page.goto(url, wait_until="commit")
        end = time.monotonic() + _PATIENCE
        while "own" not in (seen := page.evaluate("seen")):
            if time.monotonic() > end:
                return _PATIENCE, _PATIENCE
            page.wait_for_timeout(50)
        return seen["first"] / 1000, seen["own"] / 1000


def _server(repeats: int) -> Table:
    rows = []
    for nodes, least in ((_LARGE, 1.0), (_HUGE, 3.0)):
        logdir = transformer_logdir(nodes)
        asked = [_ask(logdir) for _ in range(repeats)]
        first, opened, size, found = (median(values) for values in zip(*asked, strict=True))
        rows += [
            Row(f"{nodes:,} nodes: first view", first, at_most=least),
            Row(f"{nodes:,} nodes: a layer of 68 opened", opened, at_most=0.1),
            Row(f"{nodes:,} nodes: bytes of that view", size, unit="B", at_most=200_000),
            Row(f"{nodes:,} nodes: a pattern in names, operations, attributes and shapes", found, at_most=0.2),
        ]
    return Table("The graph's server", (), SERVER, rows)


def _ask(logdir: Path) -> tuple[float, float, float, float]:
    """Seconds of the first view and of one with a layer open, the bytes of the latter, seconds of a search."""
    with running("stepscope", logdir) as (url, _):
        wait_until(lambda: _json(f"{url}api/status")["ready"], "the dashboard to be ready")
        start = time.perf_counter()
        _scene(url)
        shown = time.perf_counter()
        body = _scene(url, *IN_A_LAYER)
        opened = time.perf_counter()
        search = f"{url}api/graph/search?run=run&tag=__run_graph__&regex=1&q="
        _json(f"{search}layer")
        made = time.perf_counter()
        _json(f"{search}{_PATTERN}")
        return shown - start, opened - shown, float(len(body)), time.perf_counter() - made


def _scene(url: str, *reveal: str) -> bytes:
    asked = {"g": {"run": "run", "tag": "__run_graph__"}, "open": None, "reveal": reveal}
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{url}api/graph/scene", json.dumps(asked).encode(), headers)
    return urllib.request.urlopen(request, timeout=300).read()


def _json(url: str) -> object:
    with urllib.request.urlopen(url, timeout=60) as answer:
        return json.load(answer)
