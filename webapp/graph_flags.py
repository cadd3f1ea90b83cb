"""The options of `dashboard graph`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from .flags import command_parser, parse_known

__all__ = ["graph_parser", "parse_graph"]

_FORMS = ("svg", "json", "model_explorer")
_BY_NAME = {".model_explorer.json": "model_explorer", ".json": "json", ".svg": "svg"}


def parse_graph(arguments: Sequence[str]) -> argparse.Namespace:
    """`.what` (a file, a log directory or a run's name), `.output`, `.form` and the other options by their names."""
    parser = graph_parser()
    given = parse_known(parser, arguments)
    if not given.what and not given.logdir:
        parser.error("say what to draw: dashboard graph FILE_OR_RUN -o FILE")
    given.form = given.form or next((form for end, form in _BY_NAME.items() if given.output.lower().endswith(end)), "")
    if not given.form:
        parser.error(f"--output {given.output}: the name ends in none of .svg and .json; say --form svg or --form json")
    return given


def graph_parser() -> argparse.ArgumentParser:
    """The parser, for the help and the documentation's test."""
    parser = command_parser("dashboard graph", "Write a model graph as a picture or as JSON, without a browser.")
    parser.usage = "dashboard graph FILE_OR_RUN -o FILE [options]"
    add = parser.add_argument
    add("what", nargs="?", default="", metavar="FILE_OR_RUN",
        help="a graph file (.onnx, .pt2, .pb, .keras …), a run's folder, or with --logdir a run's name")  # fmt: skip
    add("-o", "--output", required=True, metavar="FILE", help="the file to write; its name tells the form; -: print it")
    add("--form", choices=_FORMS, help="svg: a picture; json: all of the graph; model_explorer: for Model Explorer")
    add("--logdir", default="", metavar="DIR", help="the log directory that has the run")
    add("--tag", metavar="TAG", help="which graph of the run, for instance graph/aten; default: the one that says most")
    add("--step", type=int, metavar="N", help="the graph of this step; default: the newest")
    add("--against", metavar="FILE_OR_RUN", help="draw what changed from that graph to this one")
    add("--against_tag", "--against-tag", metavar="TAG", help="that graph's tag; without --against of the same run")
    add("--against_step", "--against-step", type=int, metavar="N", help="that graph's step")
    add("--open", action="append", metavar="GROUP", help="a group to draw open, such as encoder/layers.0; repeatable")
    add("--depth", type=_depth, metavar="N", help="draw all groups down to this depth open; 0: none")
    add("--unfold", action="store_true", help="draw repeats one by one")
    add("--color", default="", metavar="BY",
        help="module, op, dtype, device, parameters, flops, time, memory, an overlay, none")  # fmt: skip
    add("--table", metavar="FILE", help="colour by this table of modules and numbers (CSV, TSV, JSON)")
    add("--theme", choices=("light", "dark"), default="light", help="default: light")
    add("--title", metavar="TEXT", help="what stands above the picture")
    return parser


def _depth(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > 4:
        raise argparse.ArgumentTypeError(f"expected a whole number from 0 to 9999, got {text!r}")
    return int(text)
