"""The pictures of the README: the dashboard over sample_runs/logs, light and dark, wide and on a phone.

python -m benchmarks.screenshots [FOLDER]
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from .browser import chromium
from .servers import running, wait_loaded

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_ROOT = Path(__file__).parent.parent
_PICTURES = {
    # name: (theme, width, height)
    "scalars-light": ("light", 1440, 900),
    "scalars-dark": ("dark", 1440, 900),
    "scalars-phone": ("light", 400, 800),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.screenshots", description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=_ROOT / "sample_runs" / "pictures")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser, running("stepscope", _ROOT / "sample_runs" / "logs") as (url, _):
        wait_loaded("stepscope", url, 0, "", 0)
        for name, (theme, width, height) in _PICTURES.items():
            take(browser, url, folder / f"{name}.png", theme, width, height)


def take(browser: "Browser", url: str, path: Path, theme: str, width: int, height: int) -> None:
    """One picture of the page in a theme and a window size."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector('html[data-drawn="true"]', state="attached")
    page.screenshot(path=path)
    context.close()


if __name__ == "__main__":
    main()
