"""The options of `dashboard profile`."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence

from .flags import command_parser, parse_known

__all__ = ["parse_profile", "profile_parser"]

_STEPS = re.compile(r"(\d{1,12})(?:[-:](\d{1,12}))?")


def parse_profile(arguments: Sequence[str]) -> argparse.Namespace:
    """`.what` (traces, folders), `.html`, `.json`, `.diff`, `.fail_if`, `.rank` (a list), `.steps` (two or None).

    Ends the process with a sentence and code 2.
    """
    parser = profile_parser()
    given = parse_known(parser, arguments)
    if not given.what:
        parser.error("say what to report: dashboard profile TRACE_OR_RUN")
    return given


def profile_parser() -> argparse.ArgumentParser:
    """The parser, for the help and the documentation's test."""
    parser = command_parser(
        "dashboard profile", "Report what the time of captured steps went to, and fail where it is too much."
    )
    parser.usage = "dashboard profile TRACE_OR_RUN … [options]"
    parser.epilog = (
        "Exit code: 0; 1: a condition of --fail-if is met; 2: something named could not be read or understood; "
        "3: a condition could not be judged, such as idle > 20% of a trace without GPU work."
    )
    add = parser.add_argument
    add(
        "what", nargs="*", metavar="TRACE_OR_RUN", help="traces, or folders with traces; files of several ranks are one"
    )
    add("--html", metavar="FILE", help="write the page of profiles with its answers as one HTML file")
    add("--json", metavar="FILE", help="write the figures as JSON; -: print them instead of the text")
    add("--diff", metavar="OTHER", help="a trace or a folder: what changed from that one to the first one named")
    add("--fail-if", "--fail_if", action="append", default=[], metavar="CONDITION",
        help="such as 'idle > 20%%', 'step > 150ms', with --diff 'step > +5%%' or 'regressions > 0'; may be given "
        "several times")  # fmt: skip
    add("--rank", type=_ranks, action="extend", default=[], metavar="N", help="only this rank, or these: 0,3")
    add("--steps", type=_steps, metavar="A-B", help="only the steps with these numbers: 5, or 5-10")
    add("--newest", action="store_true", help="of each folder the newest capture alone; default: all of them")
    add("--title", default="", metavar="TEXT", help="of the HTML file")
    return parser


def _ranks(text: str) -> list[int]:
    parts = text.split(",")
    if not all(part.isascii() and part.isdecimal() and len(part) < 9 for part in parts):
        raise argparse.ArgumentTypeError(f"expected ranks such as 0 or 0,3, got {text!r}")
    return [int(part) for part in parts]


def _steps(text: str) -> tuple[int, int]:
    found = _STEPS.fullmatch(text)
    if found is None or int(found[2] or found[1]) < int(found[1]):
        raise argparse.ArgumentTypeError(f"expected the number of a step or two such as 5-10, got {text!r}")
    return int(found[1]), int(found[2] or found[1])
