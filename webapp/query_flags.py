"""The options of `dashboard query`."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence

from .flags import parse_places, places_parser, state_option

__all__ = ["FORMATS", "parse_query", "query_parser"]

FORMATS = ("table", "csv", "json", "markdown", "latex", "parquet")


def parse_query(arguments: Sequence[str]) -> argparse.Namespace:
    """`.logdirs`, `.where`, `.columns`, `.sort`, `.limit`, `.format`, `.baseline`, `.series`, …

    The filter is the last bare word, unless it is the only one that could be a directory.
    """
    parser = query_parser()
    arguments = list(_joined(arguments))
    given, rest = parser.parse_known_args(arguments)
    words, where = list(arguments), given.where
    places = [*given.place, *(word for word in rest if not word.startswith("-"))]
    if places and not where and (len(places) > 1 or given.logdir) and not os.path.isdir(places[-1]):
        where = places[-1]
        last = len(words) - 1 - words[::-1].index(where)
        del words[last]
    asked = parse_places(parser, words)
    asked.where = where
    return asked


def _joined(arguments: Sequence[str]) -> Iterator[str]:
    """`--sort -loss` as `--sort=-loss`: argparse would take the column for an option."""
    words = iter(arguments)
    for word in words:
        following = next(words, None) if word == "--sort" else None
        yield word if following is None else f"{word}={following}"


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected a whole number from 0 on, got {text!r}")
    return int(text)


def query_parser() -> argparse.ArgumentParser:
    """The parser, for the help and the documentation's test."""
    parser = places_parser("dashboard query", "Print the run table, or the points of a scalar, for scripts and agents.")
    parser.usage = "dashboard query DIR [FILTER] [options]"
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = """examples:
  dashboard query runs                                              every run at a glance
  dashboard query runs 'lr < 0.01 and val/acc.max > 0.9' --sort -val/acc.max --limit 5
  dashboard query runs --columns name,lr,loss.min --format csv > runs.csv
  dashboard query runs --series loss --where 'name ~ "resnet"' --format json

FILTER is a comparison of columns, or words to look for in names, tags and notes. Missing values are empty in CSV and
null in JSON; NaN and the infinities are nan, inf and -inf in CSV, "NaN", "Infinity" and "-Infinity" in JSON.
Exit codes: 0, 1 where there is no run or the answer cannot be written, 2 for a mistake in what was asked."""
    add = parser.add_argument
    add("--where", default="", metavar="FILTER", help="only runs that match, as 'lr < 0.01 and val/acc.max > 0.9'")
    add("--columns", metavar="A,B", help="as 'name,lr,val/acc.max'; default: hyperparameters and last values")
    add("--sort", default="", metavar="A,-B", help="columns to sort by, the greatest first behind a -")
    add("--limit", type=_count, metavar="N", help="at most N runs")
    add("--format", choices=FORMATS, default="table", help="default: table")
    add("--baseline", metavar="RUN", help="differences and %% against this run behind each scalar")
    add("--series", action="append", metavar="TAG", help="print the points of this scalar instead; repeatable")
    state_option(parser)
    return parser
