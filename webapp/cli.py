"""The `dashboard` command.

    dashboard --logdir DIR        the web app (also: dashboard serve …)
    dashboard inspect DIR         the same in the terminal
    dashboard query DIR FILTER    the run table, or series, for scripts
    dashboard export DIR -o FILE  a view as one HTML file
    dashboard graph FILE -o FILE  a model graph, of a file or a run, as a picture or JSON
    dashboard project FILE -o FILE  an embedding laid out, as a page of its own or as a table
    dashboard profile TRACE…      what the time of captured steps went to, for people and for CI
    dashboard --version

Nothing heavy is imported here: the page answers before the reader is there.
"""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Callable, Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and words[0] in ("--version", "--version_tb"):
        from .assets import package_version

        print(f"stepscope {package_version()}")
        return 0
    if "--inspect" in words:  # TensorBoard's spelling
        words = ["inspect", *(word for word in words if word != "--inspect")]
    command = words.pop(0) if words and words[0] in _COMMANDS else "serve"
    if command == "serve" and words and _looks_like_a_command(words[0]):
        return _no_such_command(words[0])
    try:
        return _COMMANDS[command](words)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `dashboard inspect … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _serve(words: Sequence[str]) -> int:
    from .flags import parse_serve

    settings = parse_serve(words)

    from .server import serve

    return serve(settings)


def _inspect(words: Sequence[str]) -> int:
    from .flags import parse_inspect

    asked = parse_inspect(words)

    from .inspection import inspect

    return inspect(asked.logdirs, as_json=asked.json, tag=asked.tag, index_dir=asked.index_dir)


def _export(words: Sequence[str]) -> int:
    from .export_flags import parse_export

    asked = parse_export(words)

    from .exporting import export

    return export(asked)


def _query(words: Sequence[str]) -> int:
    from .query_flags import parse_query

    asked = parse_query(words)

    from .querying import query

    return query(asked)


def _graph(words: Sequence[str]) -> int:
    from .graph_flags import parse_graph

    asked = parse_graph(words)

    from .graph.command import write_graph

    return write_graph(asked)


def _project(words: Sequence[str]) -> int:
    from .project_flags import parse_project

    asked = parse_project(words)

    from .projector.command import write_projection

    return write_projection(asked)


def _profile(words: Sequence[str]) -> int:
    from .profile_flags import parse_profile

    asked = parse_profile(words)

    from .profile.command import write_profile_report

    return write_profile_report(asked)


_COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "serve": _serve,
    "inspect": _inspect,
    "export": _export,
    "query": _query,
    "graph": _graph,
    "project": _project,
    "profile": _profile,
}


def _looks_like_a_command(word: str) -> bool:
    """A bare word that is no directory: most likely a mistyped command."""
    return not word.startswith("-") and not any(c in word for c in "/\\:*?[") and not os.path.exists(word)


def _no_such_command(word: str) -> int:
    near = difflib.get_close_matches(word, _COMMANDS, n=1)
    hint = f"did you mean `dashboard {near[0]}`?" if near else "say dashboard --logdir DIR"
    print(f"dashboard: {word!r} is neither a command nor a directory; {hint}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
