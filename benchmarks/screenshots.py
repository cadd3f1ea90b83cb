"""The pictures of the README: the pages of the dashboard over sample_runs/logs, light and dark.

python -m benchmarks.screenshots [FOLDER]
"""

import argparse
import io
import json
import os
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from .browser import chromium
from .servers import running, wait_loaded

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_ROOT = Path(__file__).parent.parent
_LOGS = Path(os.path.relpath(_ROOT / "sample_runs" / "logs"))  # as in `make run`: a view tells its file
_SWEEP = "runfilter=run ~ %22^sweep/%22".replace(" ", "%20")
_OPEN = "gunfold=layers/0/*4&gopen=layers/,1~0/,2~block/&gbox=layers/0/block/gate/&gtree=0"
_GRAPH = f"graph?graph=encoders%2Fgated:graph&{_OPEN}"
_LAYOUTS = "projector?pviews=pca;tsne&pfront=1"
_COLORS = 256  # of a picture
_SETTLE = 500  # ms
_TIMEOUT = 120_000  # ms


@dataclass(frozen=True)
class Picture:
    """What is opened and photographed.

    hash: the page and its settings, as in its URL.
    press: a selector of what is pressed once the page is drawn.
    wait: a selector of what comes after that.
    """

    name: str
    hash: str
    theme: str = "light"
    width: int = 1440
    height: int = 900
    press: str = ""
    wait: str = ""


PICTURES = (
    Picture("scalars-light", "scalars"),
    Picture("groups-dark", f"scalars?{_SWEEP}&group=hparams:learning_rate;mean;minmax", "dark"),
    Picture("runs-light", "runs?sort=-accuracy/val.max"),
    Picture("views-dark", "views?view=sweep", "dark", height=800),
    Picture("media-light", "media", height=1000),
    Picture("distributions-dark", "distributions", "dark", height=1000),
    Picture("graph-light", _GRAPH, height=1000),
    Picture("projector-dark", _LAYOUTS, "dark", press="text=Run t-SNE", wait="button:has-text('Run again')"),
    Picture("profile-light", "profile?tview=overview", height=820),
    Picture("hparams-light", f"hparams?{_SWEEP}", height=1000, wait=".hp-importance .quiet bdi"),
)

# What people say of some runs, so that the table has something to show of it.
_SAID = {
    "digits-cnn": {"name": "convolutions", "tags": ["baseline"], "note": "augmented, *warm-up* and cosine decay"},
    "sweep/lr0.12-h48-relu-s1": {"tags": ["keep"], "note": "best of the sweep"},
    "sweep/lr0.12-h48-tanh-s1": {"tags": ["keep"]},
    "sweep/lr0.003-h8-relu-s1": {"note": "learns too slowly"},
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.screenshots", description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=_ROOT / "sample_runs" / "pictures")
    parser.add_argument("--only", metavar="NAME", help="one of the pictures")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser, running("stepscope", _LOGS) as (url, _):
        wait_loaded("stepscope", url, 0, "", 0)
        _say(url)
        for picture in PICTURES:
            if given.only in (None, picture.name):
                (given.folder / f"{picture.name}.png").write_bytes(taken(browser, url, picture))


def taken(browser: "Browser", url: str, picture: Picture) -> bytes:
    """A PNG of few colours."""
    size = {"width": picture.width, "height": picture.height}
    context = browser.new_context(viewport=size, color_scheme=picture.theme)
    context.set_default_timeout(_TIMEOUT)
    try:
        page = context.new_page()
        page.goto(f"{url}#{picture.hash}")
        page.wait_for_selector('html[data-drawn="true"]', state="attached")
        if picture.press:
            page.click(picture.press)
        if picture.wait:
            page.wait_for_selector(picture.wait)
        page.wait_for_timeout(_SETTLE)
        return _small(page.screenshot())
    finally:
        context.close()


def _small(png: bytes) -> bytes:
    image = (
        Image.open(io.BytesIO(png)).convert("RGB").quantize(_COLORS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    )
    packed = io.BytesIO()
    image.save(packed, "PNG", optimize=True)
    return packed.getvalue()


def _say(url: str) -> None:
    changes = [
        {"path": ["runs", run, key], "value": value} for run, said in _SAID.items() for key, value in said.items()
    ]
    body = json.dumps({"changes": changes}).encode()
    request = urllib.request.Request(f"{url}api/state", body, {"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=30).close()


if __name__ == "__main__":
    main()
