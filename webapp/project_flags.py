"""The options of `dashboard project`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from .flags import command_parser, parse_known

__all__ = ["parse_project", "project_parser"]

_FORMS = ("html", "csv", "tsv", "npy")
_METHODS = ("pca", "tsne", "umap", "random", "given", "axes")


def parse_project(arguments: Sequence[str]) -> argparse.Namespace:
    """`.what` (a file, a folder, a log directory), `.output`, `.form`, `.methods` and the other options."""
    parser = project_parser()
    given = parse_known(parser, arguments)
    if not given.what:
        parser.error("say what to lay out: dashboard project FILE -o FILE")
    given.form = given.form or next((form for form in _FORMS if given.output.lower().endswith(f".{form}")), "")
    if not given.form:
        parser.error(f"--output {given.output}: the name ends in none of .html, .csv, .tsv and .npy; say --form html")
    given.method = given.method or (["pca", "tsne"] if given.form == "html" else ["tsne"])
    if given.form != "html" and len(given.method) > 1:
        parser.error(f"--method: a .{given.form} file holds one layout, got {', '.join(given.method)}")
    return given


def project_parser() -> argparse.ArgumentParser:
    """The parser, for the help and the documentation's test."""
    parser = command_parser("dashboard project", "Lay out an embedding and write it as a page of its own or a table.")
    parser.usage = "dashboard project FILE -o FILE [options]"
    add = parser.add_argument
    add("what", nargs="?", default="", metavar="FILE",
        help="vectors (.npy, .tsv, .parquet, .safetensors …), a run's folder, a log directory")  # fmt: skip
    add("-o", "--output", required=True, metavar="FILE", help="the file to write; its name tells the form; -: print it")
    add("--form", choices=_FORMS, help="html: a page that needs no server; csv, tsv: coordinates and metadata; npy")
    add("--method", type=_methods, metavar="NAMES",
        help=f"layouts beside each other, of {', '.join(_METHODS)}; default: pca,tsne, of a table tsne")  # fmt: skip
    add("--dims", type=int, choices=(2, 3), default=2, help="default: 2")
    add("--preprocess", type=_steps, metavar="STEPS",
        help="of centre, l2, standardise, in their order, or none; default: what the method suggests")  # fmt: skip
    add("--set", action="append", type=_setting, default=[], metavar="NAME=VALUE", dest="settings",
        help="a parameter of the method, such as perplexity=50 or tsne.perplexity=50; repeatable")  # fmt: skip
    add("--seed", type=int, default=0, metavar="N", help="default: 0")
    add("--run", metavar="RUN", help="of a log directory")
    add("--name", metavar="NAME", help="which embedding of a log or a folder, which array of a file")
    add("--step", type=int, metavar="N", help="the embedding of this step; default: the newest")
    add("--columns", type=_names, metavar="NAMES", help="columns of a table that are dimensions; default: numbers")
    add("--shape", type=_numbers, metavar="N,D", help="points and dimensions of raw float32")
    add("--metadata", metavar="FILE", help="a table with a row for each point (.tsv, .csv)")
    add("--sprite", metavar="FILE", help="a picture with a thumbnail for each point")
    add("--sprite_size", "--sprite-size", type=_numbers, metavar="W,H", help="pixels of one; default: a square grid")
    add("--coordinates", metavar="FILE_OR_NAMES", help="a layout that is there: a file (n × 2 or 3), or x,y columns")
    add("--color", default="", metavar="COLUMN", help="the column of metadata that colours the points")
    add("--title", default="", metavar="TEXT", help="what stands above the picture")
    add("--sample", type=int, default=2_000, metavar="N", help="points that quality is measured on; 0: not measured")
    add("--no_vectors", "--no-vectors", action="store_true",
        help="leave the vectors out of the page: smaller, but no neighbours in it")  # fmt: skip
    return parser


def _names(text: str) -> list[str]:
    return [name for name in text.split(",") if name]


def _methods(text: str) -> list[str]:
    names = _names(text)
    wrong = [name for name in names if name not in _METHODS]
    if wrong or not names or len(names) > 4:
        raise argparse.ArgumentTypeError(f"expected one to four of {', '.join(_METHODS)}, got {text!r}")
    return names


def _steps(text: str) -> list[str]:
    return [] if text == "none" else _names(text)


def _numbers(text: str) -> tuple[int, int]:
    parts = text.replace("x", ",").split(",")
    if len(parts) != 2 or not all(part.isascii() and part.isdecimal() for part in parts):
        raise argparse.ArgumentTypeError(f"expected two whole numbers such as 1000,64, got {text!r}")
    return int(parts[0]), int(parts[1])


def _setting(text: str) -> tuple[str, Any]:
    """ "perplexity=50" → ("perplexity", 50): numbers and truth values as such, the rest as text."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(f"expected NAME=VALUE, got {text!r}")
    if value in ("true", "false"):
        return name, value == "true"
    for kind in (int, float):
        try:
            return name, kind(value)
        except ValueError:
            continue
    return name, value
