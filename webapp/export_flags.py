"""The options of `dashboard export`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from .flags import parse_places, places_parser, state_option

__all__ = ["export_parser", "parse_export"]


def parse_export(arguments: Sequence[str]) -> argparse.Namespace:
    """`.logdirs`, `.output`, `.view`, `.runs` (None: as the view says), `.title`, `.index_dir`, `.state_file`."""
    return parse_places(export_parser(), arguments)


def export_parser() -> argparse.ArgumentParser:
    """The parser, for the help and the documentation's test."""
    parser = places_parser("dashboard export", "Write a view as one HTML file that needs neither server nor network.")
    parser.usage = "dashboard export DIR -o FILE [options]"
    add = parser.add_argument
    add("-o", "--output", required=True, metavar="FILE", help="the file to write, for instance report.html")
    add("--view", default="", metavar="VIEW",
        help="name of a saved view, or a view file; default: all scalars")  # fmt: skip
    add(
        "--runs",
        metavar="FILTER",
        help="only runs that match, such as 'lr < 0.01 and acc.max > 0.9'; default: the view's",
    )
    add("--title", default="", metavar="TEXT", help="title of the report; default: the view's")
    state_option(parser)
    return parser
