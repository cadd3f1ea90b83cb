"""Histograms over many steps: how long until the page shows them, and how many bytes that takes."""

import json
import time
import urllib.request
from statistics import median
from typing import TYPE_CHECKING

from .browser import chromium, fresh_page, open_ours
from .make_logdir import histogram_logdir
from .measure import Row, Table, in_turns
from .servers import SERVERS, running, server_resident_bytes, wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_HISTOGRAMS, _BUCKETS = 2_000, 100
_SETTLES = 3_000  # ms until an opened page has nothing left to do
_ASKED = 300  # times the server is asked for all of them, to see whether it grows

# Whether the page has drawn a histogram, whatever shadow trees it is in.
_TENSORBOARD_DRAWN = """() => {
  const drawn = (root) => [...root.querySelectorAll("*")].some(
    (element) => (element.matches(".histogram path") && element.getAttribute("d")) ||
      (element.shadowRoot && drawn(element.shadowRoot)));
  return drawn(document);
}"""

# Both start on a page that has nothing to show of this log; → ms until the frame in which the histograms are there.
_CLICKED = """() => new Promise((done) => {
  const drawn = %s;
  const start = performance.now();
  const look = () => (drawn() ? done(performance.now() - start) : requestAnimationFrame(look));
  %s.click();
  requestAnimationFrame(look);
})"""
_TABS = {
    "stepscope": """document.querySelector('nav a[href="#distributions"]')""",
    "tensorboard": """[...document.querySelectorAll(".plugin-name")]
      .find((name) => /histograms/i.test(name.textContent))""",
}
_DRAWN = {"stepscope": "() => document.documentElement.dataset.drawn === 'true'", "tensorboard": _TENSORBOARD_DRAWN}

OPENING = f"""\
One run, one tag of {_HISTOGRAMS:,} histograms with {_BUCKETS} buckets each; the servers have read it. Navigation →
drawn in a new browser context, for which the browser starts a process first; and click on the name of the page in an
open page without data of this log (`#scalars`), three seconds after that has come → drawn: ours draws its first
histograms out of sight while there is nothing else to do. In turns, medians; all bytes over the wire, and those of the
answers with the histograms alone. Ours draws one histogram for every few pixels of the heat map and any other on
demand; TensorBoard keeps a random sample of 51, or all of them with
`--samples_per_plugin histograms={_HISTOGRAMS}`."""


def run(*, quick: bool) -> list[Table]:
    """The tables of this subject."""
    logdir = histogram_logdir(_HISTOGRAMS, _BUCKETS)
    rounds = 1 if quick else 5
    with (
        chromium() as browser,
        running("stepscope", logdir) as (ours, _),
        running("tensorboard", logdir) as (theirs, _),
    ):
        wait_until(lambda: _has_histograms(theirs), "TensorBoard to have loaded", poll=0.5)
        pages = {"stepscope": f"{ours}#distributions", "tensorboard": f"{theirs}#histograms"}
        figures = [{server: _opening(browser, server, pages[server]) for server in SERVERS} for _ in range(rounds)]
        starts = {"stepscope": ours, "tensorboard": theirs}
        clicked = in_turns(rounds, {server: lambda s=server: _clicked(browser, s, starts[s]) for server in SERVERS})
        growth = _growth(ours)
    what = f"{_HISTOGRAMS:,} histograms × {_BUCKETS} buckets"
    rows = [
        Row(f"{what}, navigation → drawn", *_medians(figures, 0), at_least=5),
        Row(f"{what}, click in an open page → drawn", clicked["stepscope"], [clicked["tensorboard"]], at_least=5),
        Row(f"{what}, bytes of the page with everything", *_medians(figures, 1), unit="B", at_least=5),
        Row(f"{what}, bytes of the histograms alone", *_medians(figures, 2), unit="B", at_least=5),
        Row(f"server's memory after they were asked for {_ASKED} times", growth, unit="B", at_most=32 << 20),
    ]
    return [Table("Histograms", ("TensorBoard",), OPENING, rows)]


def _medians(figures: list[dict[str, tuple[float, float, float]]], at: int) -> tuple[float, list[float]]:
    ours, theirs = (median(one[server][at] for one in figures) for server in SERVERS)
    return ours, [theirs]


def _opening(browser: "Browser", server: str, url: str) -> tuple[float, float, float]:
    """Seconds until a histogram is drawn, bytes over the wire in all, and of the histograms."""
    sizes: dict[str, float] = {}
    names: dict[str, str] = {}
    with fresh_page(browser) as page:
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.responseReceived", lambda told: names.update({told["requestId"]: told["response"]["url"]}))
        wire.on("Network.loadingFinished", lambda told: sizes.update({told["requestId"]: told["encodedDataLength"]}))
        start = time.perf_counter()
        if server == "stepscope":
            open_ours(page, url)
        else:
            page.goto(url, wait_until="commit")
            page.wait_for_function(_TENSORBOARD_DRAWN)
        seconds = time.perf_counter() - start
    data = ("/api/histograms", "/api/blobs", "/histograms/histograms")
    own = sum(size for request, size in sizes.items() if any(part in names.get(request, "") for part in data))
    return seconds, sum(sizes.values()), own


def _clicked(browser: "Browser", server: str, url: str) -> float:
    """Seconds from the click on the name of the page until a histogram is drawn."""
    with fresh_page(browser) as page:
        page.goto(f"{url}#scalars")
        wait_until(lambda: page.evaluate(f"() => Boolean({_TABS[server]})"), f"the pages of {server}", poll=0.1)
        page.wait_for_timeout(_SETTLES)
        return float(page.evaluate(_CLICKED % (_DRAWN[server], _TABS[server]))) / 1000


def _has_histograms(url: str) -> bool:
    tags = json.loads(_read(f"{url}data/plugin/histograms/tags"))
    if "weights" not in tags.get("run", {}):
        return False
    found = json.loads(_read(f"{url}data/plugin/histograms/histograms?run=run&tag=weights"))
    return bool(found) and found[-1][1] == _HISTOGRAMS - 1


def _growth(url: str) -> float:
    """Bytes by which our server has grown after many answers."""
    body = json.dumps({"tag": "weights", "runs": ["run"], "steps": _HISTOGRAMS, "parts": ["buckets", "percentiles"]})
    request = urllib.request.Request(f"{url}api/histograms", body.encode(), {"Content-Type": "application/json"})
    for _ in range(60):
        _read(request)
    before = server_resident_bytes()
    for _ in range(_ASKED):
        _read(request)
    return server_resident_bytes() - before


def _read(request: str | urllib.request.Request) -> bytes:
    return urllib.request.urlopen(request, timeout=60).read()
