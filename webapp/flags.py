"""The options of `dashboard`: ours, and TensorBoard's, each of which says what became of it.

What only a server needs is imported where it is used: a query starts without it.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Sequence
from typing import NoReturn

from .logdirs import UnknownPlaces, expand, parse_spec
from .settings import Settings

__all__ = [
    "TENSORBOARD_FLAGS",
    "command_parser",
    "parse_inspect",
    "parse_known",
    "parse_places",
    "parse_serve",
    "places_parser",
    "serve_parser",
    "state_option",
]

DEFAULT_RELOAD = 0.25  # seconds

# TensorBoard's other flags: (takes a value, what became of it).
TENSORBOARD_FLAGS: dict[str, tuple[bool, str]] = {
    "--samples_per_plugin": (True, "not needed, every point is kept"),
    "--load_fast": (True, "not needed, there is one reader and it is the fast one"),
    "--reload_multifile": (True, "not needed, all files of a run are read, whichever grows"),
    "--reload_multifile_inactive_secs": (True, "not needed, files are followed however old they are"),
    "--purge_orphaned_data": (
        True,
        "now a choice in the page: after a restart show the latest, all, or separate segments",
    ),
    "--reload_task": (True, "not needed, files are read on background threads"),
    "--max_reload_threads": (True, "not needed, files are read on as many threads as there are cores"),
    "--detect_file_replacement": (True, "not needed, replaced files are always noticed"),
    "--generic_data": (True, "has no meaning here"),
    "--grpc_data_provider": (True, "not supported, the log directory is read directly"),
    "--grpc_creds_type": (True, "has no meaning here"),
    "--extra_data_server_flags": (True, "has no meaning here, there is no separate data server"),
    "--db": (True, "not supported, as in TensorBoard since 2.1"),
    "--db_import": (False, "not supported, as in TensorBoard since 2.1"),
    "--reuse_port": (True, "ignored: two servers on one port would each answer half of the requests"),
    "--verbosity": (True, "has no meaning here"),
    "-v": (True, "has no meaning here"),
    "--logtostderr": (False, "has no meaning here, messages always go to stderr"),
    "--alsologtostderr": (False, "has no meaning here, messages always go to stderr"),
}


class _Parser(argparse.ArgumentParser):
    """argparse whose errors name the nearest option."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n(see {self.prog} --help)\n")


def parse_serve(arguments: Sequence[str]) -> Settings:
    """Settings from the command line. Ends the process with a sentence and code 2 when it cannot be understood."""
    parser = serve_parser()
    given, rest = parser.parse_known_args(arguments)
    if rest:
        _unknown(parser, rest)
    places = [*given.logdir, *given.place, *parse_spec(given.logdir_spec)]
    try:
        logdirs = expand(places)
    except UnknownPlaces as error:
        parser.error(str(error))
    if given.bind_all and given.host is not None:
        parser.error("--host and --bind_all exclude each other")
    for flag, (_, fate) in TENSORBOARD_FLAGS.items():
        if getattr(given, _destination(flag)) is not None:
            print(f"{flag}: {fate}", file=sys.stderr)
    return Settings(
        logdirs=logdirs,
        places=tuple(places),
        logdir_text=",".join(places),
        host=given.host,
        port=given.port,
        bind_all=given.bind_all,
        path_prefix=_prefix(parser, given.path_prefix),
        reload_interval=given.reload_interval,
        window_title=given.window_title,
        index_dir=given.index_dir,
        state_file=given.state_file,
        alert_command=_alert_command(parser, given.alert_command),
        alert_webhook=_alert_webhook(parser, given.alert_webhook, given.alert_host),
        allowed_hosts=frozenset(given.allow_host),
    )


def parse_inspect(arguments: Sequence[str]) -> argparse.Namespace:
    """What `dashboard inspect` was asked: `.logdirs`, `.json`, `.tag`."""
    parser = places_parser("dashboard inspect", "Print runs, tags, counts, step ranges and damage.")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--tag", default="", help="only this tag")
    return parse_places(parser, arguments)


def places_parser(command: str, description: str) -> argparse.ArgumentParser:
    """A parser of a command that reads log directories; `parse_places` understands what it was given."""
    parser = command_parser(command, description)
    parser.add_argument("place", nargs="*", metavar="DIR", help="log directory; also name:path and patterns")
    parser.add_argument("--logdir", action="append", default=[], metavar="DIR", help="the same")
    return parser


def command_parser(command: str, description: str) -> argparse.ArgumentParser:
    """A parser of a command that opens logs; `parse_known` understands what it was given."""
    parser = _Parser(command, description=description, allow_abbrev=False)
    _index_option(parser)
    return parser


def parse_known(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> argparse.Namespace:
    """Ends the process with the nearest option and code 2 where one is unknown."""
    given, rest = parser.parse_known_args(arguments)
    if rest:
        _unknown(parser, rest)
    return given


def parse_places(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> argparse.Namespace:
    """What a command of `places_parser` was given, with `.logdirs`. Ends the process with a sentence and code 2."""
    given = parse_known(parser, arguments)
    try:
        given.logdirs = expand([*given.place, *given.logdir])
    except UnknownPlaces:
        parser.error(f"no log directory: say {parser.prog} DIR")
    return given


_EPILOG = """\
TensorBoard's other options are accepted; each says what became of it.

other commands, each with a --help of its own:
  dashboard inspect DIR           what is in log directories, in the terminal
  dashboard query DIR FILTER      the run table, or series, for scripts
  dashboard export DIR -o FILE    a view as one HTML file
  dashboard graph FILE -o FILE    a model graph as a picture or JSON
  dashboard project FILE -o FILE  an embedding laid out, as a page or a table
  dashboard profile TRACE ...     what the time of captured steps went to"""


def serve_parser() -> argparse.ArgumentParser:
    """The options of `dashboard serve`, TensorBoard's hidden among them."""
    from .assets import package_version

    parser = _Parser(
        "dashboard",
        description="Show the runs under log directories in the browser.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("place", nargs="*", metavar="DIR", help="log directory, same as --logdir DIR")
    add(
        "--logdir", action="append", default=[], metavar="DIR", help="log directory, name:path or a pattern; repeatable"
    )
    add(*_spellings("--logdir_spec"), default="", metavar="A:DIR,B:DIR", help="several named directories in one option")
    add("--host", help="address to listen on (default: this machine only)")
    add("--port", type=_port, metavar="PORT", help="default 6006 or the next free port; 0: any free port")
    add(*_spellings("--bind_all"), action="store_true", help="listen on all addresses, IPv4 and IPv6")
    add(*_spellings("--allow_host"), action="append", default=[], metavar="NAME",
        help="a further host name to answer to (behind a proxy); repeatable")  # fmt: skip
    add(*_spellings("--alert_command"), metavar="CMD", help="run for each new alert, which is JSON on its stdin")
    add(*_spellings("--alert_webhook"), metavar="URL", help="POST each new alert there as JSON; this machine only …")
    add(*_spellings("--alert_host"), action="append", default=[], metavar="NAME",
        help="… or this host; repeatable")  # fmt: skip
    add(*_spellings("--path_prefix"), default="", metavar="/PREFIX", help="serve under this path")
    add(*_spellings("--reload_interval"), type=_seconds, default=DEFAULT_RELOAD, metavar="SECONDS",
        help=f"time between looks at growing files (default: {DEFAULT_RELOAD:g}); 0: read once")  # fmt: skip
    add(*_spellings("--window_title"), default="", metavar="TEXT", help="title of the browser window")
    add("--version", action="version", version=f"stepscope {package_version()}", help="print the version and end")
    _index_option(parser)
    state_option(parser)
    for flag, (takes_value, _) in TENSORBOARD_FLAGS.items():
        options = {"nargs": "?", "const": ""} if takes_value else {"action": "store_const", "const": ""}
        add(*_spellings(flag), dest=_destination(flag), default=None, help=argparse.SUPPRESS, **options)  # type: ignore[arg-type]
    parser.epilog = _EPILOG
    return parser


def _index_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        *_spellings("--index_dir"),
        metavar="DIR",
        help="where the index is kept (default: the user's cache; '': nowhere)",
    )


def state_option(parser: argparse.ArgumentParser) -> None:
    """--state_file, of every command that looks at what people added."""
    parser.add_argument(
        *_spellings("--state_file"),
        metavar="FILE",
        help="where names, notes, colours and views are kept (default: in the index folder)",
    )


def _spellings(flag: str) -> tuple[str, ...]:
    """--like_this and --like-this."""
    return (flag, flag[:2] + flag[2:].replace("_", "-")) if "_" in flag else (flag,)


def _destination(flag: str) -> str:
    return "tensorboard_" + flag.lstrip("-")


def _unknown(parser: argparse.ArgumentParser, rest: Sequence[str]) -> NoReturn:
    """End with the name of the nearest option."""
    word = next((part for part in rest if part.startswith("-")), rest[0])
    option = word.split("=")[0]
    known = [spelling for action in parser._actions for spelling in action.option_strings]
    near = difflib.get_close_matches(option, known, n=1, cutoff=0.6)
    parser.error(f"unknown option {option}" + (f"; did you mean {near[0]}?" if near else ""))


def _prefix(parser: argparse.ArgumentParser, text: str) -> str:
    prefix = text.rstrip("/")
    if prefix and not prefix.startswith("/"):
        parser.error(f"--path_prefix: expected a path that begins with a slash, got {text!r}")
    return prefix


def _alert_command(parser: argparse.ArgumentParser, text: str | None) -> tuple[str, ...]:
    from .alerts.notify import BadTarget, check_command

    try:
        return () if text is None else check_command(text)
    except BadTarget as error:
        parser.error(str(error))


def _alert_webhook(parser: argparse.ArgumentParser, url: str | None, hosts: Sequence[str]) -> str:
    from .alerts.notify import BadTarget, check_webhook

    try:
        return "" if url is None else check_webhook(url, hosts)
    except BadTarget as error:
        parser.error(str(error))


def _port(text: str) -> int | None:
    if text == "default":
        return None
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"expected a number from 0 to 65535, got {text!r}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0.0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a number of seconds of at least 0, got {text!r}")
    return seconds
