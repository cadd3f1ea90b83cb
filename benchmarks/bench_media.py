"""Pictures: a hundred of one megabyte on the screen, and what the servers keep of those that were looked at."""

import json
import time
import urllib.parse
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .browser import chromium
from .make_logdir import image_logdir
from .measure import Row, Table, in_turns
from .servers import SERVERS, running, server_resident_bytes, wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_MEGABYTE = 1 << 20
_IMAGES = 100
_LOOKED_AT = 500
_TALL = {"width": 1440, "height": 9600}  # every one of the pictures is in sight in either page
_TIMEOUT = 240_000  # ms
_PAGES = {"stepscope": "#media?kinds=images", "tensorboard": "#images"}

# TensorBoard shows twelve cards of a group unless its settings say otherwise.
_PAGE_SIZE = f"localStorage.setItem('_tb_global_settings', JSON.stringify({{ paginationSize: {_IMAGES} }}))"

# How many different pictures the page shows whole, whatever shadow trees they are in.
_SHOWN = """() => {
  const found = new Set();
  const walk = (root) => {
    for (const image of root.querySelectorAll("img"))
      if (image.complete && image.naturalWidth > 1) found.add(image.src);
    for (const element of root.querySelectorAll("*")) if (element.shadowRoot) walk(element.shadowRoot);
  };
  walk(document);
  return found.size;
}"""

OPENING = f"""\
{_IMAGES} tags with one uncompressed PNG of 1 MB each. From the start of the server's process until all {_IMAGES}
are decoded in the page; window {_TALL["width"]}×{_TALL["height"]}, so that all are in sight; new browser contexts, in
turns, medians. TensorBoard's pages of twelve are set to {_IMAGES} (its setting `page size`)."""
MEMORY = f"""\
Resident memory of the server after {_LOOKED_AT} pictures of 1 MB were asked for, whole and small, minus that after the
first ten; then after they were asked for in three more sizes. What is kept is bounded: answers by 48 MiB."""
_SIZES = (256, 384, 512, 768)


def run(*, quick: bool) -> list[Table]:
    """The tables of this subject."""
    with chromium() as browser:
        logdir = image_logdir(_IMAGES, _MEGABYTE, tags=_IMAGES)
        tasks = {server: lambda s=server: _seconds_until_shown(browser, s, logdir) for server in SERVERS}
        figures = in_turns(1 if quick else 3, tasks)
    what = f"{_IMAGES} pictures × 1 MB, process start → all on the screen"
    opening = [Row(what, figures["stepscope"], [figures["tensorboard"]], at_least=5)]
    first, later = _growth()
    memory = [
        Row(f"memory for {_LOOKED_AT} pictures × 1 MB looked at", first, unit="B", at_most=150 * _MEGABYTE),
        Row("what it grew by for three more sizes of each", later - first, unit="B", at_most=50 * _MEGABYTE),
    ]
    return [Table("Pictures", ("TensorBoard",), OPENING, opening), Table("Memory for pictures", (), MEMORY, memory)]


def _seconds_until_shown(browser: "Browser", server: str, logdir: Path) -> float:
    context = browser.new_context(viewport=_TALL)
    context.set_default_timeout(_TIMEOUT)
    try:
        page = context.new_page()
        page.add_init_script(_PAGE_SIZE)
        start = time.perf_counter()
        with running(server, logdir) as (url, _):
            page.goto(f"{url}{_PAGES[server]}", wait_until="commit")
            wait_until(lambda: page.evaluate(_SHOWN) >= _IMAGES, f"the pictures of {server}", poll=0.02)
            return time.perf_counter() - start
    finally:
        context.close()


def _growth() -> tuple[float, float]:
    """Bytes by which our server has grown after one size of each picture, and after all sizes."""
    logdir = image_logdir(_LOOKED_AT, _MEGABYTE)
    with running("stepscope", logdir) as (url, _):
        wait_until(lambda: json.loads(_read(f"{url}api/status"))["ready"], "the dashboard to be ready")
        names = _value_names(url)
        _look_at(url, names[:10], _SIZES[:1])
        before = server_resident_bytes()
        _look_at(url, names, _SIZES[:1])
        first = server_resident_bytes() - before
        _look_at(url, names, _SIZES[1:])
        return first, server_resident_bytes() - before


def _value_names(url: str) -> list[str]:
    """What addresses call the values of the tag."""
    body = json.dumps({"kind": "images", "tag": "samples/noise", "runs": ["run"]}).encode()
    request = urllib.request.Request(f"{url}api/blobs", body, {"Content-Type": "application/json"})
    frame = urllib.request.urlopen(request, timeout=60).read()
    length = int.from_bytes(frame[4:8], "little")
    (entry,) = json.loads(frame[8 : 8 + length])["series"]

    def column(name: str) -> np.ndarray:
        place = entry["arrays"][name]
        if "first" not in place:
            return np.frombuffer(frame, f"<{place['dtype']}", entry["n"], 8 + length + place["at"])
        more = np.zeros(entry["n"])  # differences: see webapp/media/columns.py
        if "at" in place:
            more[1:] = np.frombuffer(frame, f"<{place['dtype']}", entry["n"] - 1, 8 + length + place["at"])
        return (place["first"] + place["least"] * np.arange(entry["n"]) + more.cumsum()) * place["unit"]

    return [f"{step:.0f}-{crc:08x}" for step, crc in zip(column("step"), column("crc"), strict=True)]


def _look_at(url: str, names: list[str], sizes: Sequence[int]) -> None:
    for name in names:
        query = urllib.parse.urlencode({"run": "run", "kind": "images", "tag": "samples/noise", "id": name})
        _read(f"{url}api/blob/raw?{query}")
        for size in sizes:
            _read(f"{url}api/blob/thumbnail?{query}&size={size}")


def _read(url: str) -> bytes:
    return urllib.request.urlopen(url, timeout=60).read()
