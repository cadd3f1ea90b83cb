"""`python -m sample_runs OUT [names…]`: write the sample runs into OUT, replacing those that are there."""

import argparse
import importlib
import shutil
from pathlib import Path

from .clock import stopped_clock

# Script → the folder it writes. All start at the same moment, as on as many machines.
SCRIPTS = {
    "digits_torch": "digits-cnn",
    "sweep": "sweep",
    "every_kind": "every-kind",
    "classifiers": "classifiers",
    "encoders": "encoders",
    "features": "features",
    "profiled": "profiled",
    "troubles": "troubles",
}


def build(out: Path, name: str) -> Path:
    """Run one script; its folder in `out` is replaced, its event files are named without host and process."""
    folder = out / SCRIPTS[name]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with stopped_clock() as clock:
        importlib.import_module(f".{name}", __package__).write(folder, clock)
    for directory in {path.parent for path in folder.rglob("*tfevents*")}:
        for i, path in enumerate(sorted(directory.glob("*tfevents*"), key=lambda path: (len(path.name), path.name))):
            path.rename(directory / f"events.out.tfevents.{_first_time(path)}.sample.{i}")
    return folder


def _first_time(path: Path) -> str:
    """The seconds in the name of an event file."""
    return path.name.split("tfevents.")[1].split(".")[0]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sample_runs", description=__doc__)
    parser.add_argument("out", type=Path, help="the log directory; the committed one is sample_runs/logs")
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(SCRIPTS)}; all without any")
    args = parser.parse_args()
    if unknown := set(args.names) - set(SCRIPTS):
        parser.error(f"unknown script {sorted(unknown)[0]!r}; there are {', '.join(SCRIPTS)}")
    for name in args.names or SCRIPTS:
        folder = build(args.out, name)
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        print(f"{folder}: {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
