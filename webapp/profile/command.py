"""`dashboard profile`: what the time of captured steps went to, as text, JSON or a page; and an exit code."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ...profiler.reports.comparing import Comparison, compare
from ...profiler.reports.conditions import Condition, Figure, Verdict, judge, read_condition
from ...profiler.reports.figures import changes_of, figures_of, figures_of_diff
from ...profiler.reports.gather import ProfileReport, RankReport, gather, has_timeline
from ...profiler.reports.inputs import Inputs, Problem, find_inputs
from ...profiler.reports.json_form import report_as_json
from ...profiler.reports.letters import printable
from ...profiler.reports.memory_files import MemoryFile, read_memory_file
from ...profiler.reports.problem_text import sentence_of
from ...profiler.reports.text import report_text
from ..output_files import write_output
from ..queries import Refused

if TYPE_CHECKING:
    from ...profiler.discovery import FoundProfile

__all__ = ["write_profile_report"]

_KEPT, _BROKEN, _BAD, _NOT_JUDGED = 0, 1, 2, 3  # exit codes


@dataclass
class _Answer:
    """All that is reported."""

    inputs: Inputs
    profiles: list[ProfileReport] = field(default_factory=list)
    others: list[MemoryFile] = field(default_factory=list)
    before: list[FoundProfile] = field(default_factory=list)
    reported_before: list[RankReport] = field(default_factory=list)
    comparison: Comparison | None = None
    verdicts: list[Verdict] = field(default_factory=list)

    @property
    def problems(self) -> list[Problem]:
        """Of everything that was named."""
        return [*self.inputs.problems, *(problem for profile in self.profiles for problem in profile.problems)]


def write_profile_report(asked: argparse.Namespace) -> int:
    """Write what was asked for; the exit code: 0, 1 where a condition is met, 2 for input that cannot be used, 3 where
    a condition could not be judged.
    """
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")  # names and bars that a terminal's encoding lacks
    try:
        conditions = [read_condition(text) for text in asked.fail_if]
        answer = _gathered(asked, any(condition.of_change for condition in conditions))
        answer.verdicts = _judged(conditions, answer, asked)
        _write(answer, asked)
    except (Refused, ValueError, OSError) as error:
        _say(str(error))
        return _BAD
    if "-" in (asked.json, asked.html):  # the text has told them otherwise
        for problem in answer.problems:
            _say(problem.reason)
        for line in (line for verdict in answer.verdicts if not verdict.judged for line in verdict.where):
            _say(line)
    if answer.problems or not (answer.profiles or answer.others):
        return _BAD
    if any(verdict.broken for verdict in answer.verdicts):
        return _BROKEN
    return _KEPT if all(verdict.judged for verdict in answer.verdicts) else _NOT_JUDGED


def _gathered(asked: argparse.Namespace, both: bool) -> _Answer:
    """both: the figures of the profile before are needed, too."""
    answer = _Answer(find_inputs(asked.what, asked.newest))
    shown = answer.inputs.shown
    _read_others(answer)
    traces = [found for found in answer.inputs.profiles if has_timeline(found)]
    with ThreadPoolExecutor(max(2, os.cpu_count() or 2)) as threads:
        how = {"ranks": asked.rank, "steps": asked.steps, "executor": threads, "index_dir": asked.index_dir}
        answer.profiles += [gather(found, shown, **how) for found in traces]
        if asked.diff is not None:
            others = find_inputs([asked.diff], newest=True)
            answer.comparison = _compared(asked, answer, traces, others)
            if both and answer.before:
                reported = gather(answer.before[0], others.shown, **how)
                answer.reported_before = reported.ranks
                known = answer.inputs.problems
                known += [problem for problem in reported.problems if problem not in known]
    return answer


def _read_others(answer: _Answer) -> None:
    """Of files without a timeline what they tell of memory."""
    for found in (found for found in answer.inputs.profiles if not has_timeline(found)):
        for path in found.paths:
            shown = answer.inputs.shown.get(path, path)
            try:
                answer.others.append(read_memory_file(path, found.kind, shown))
            except (OSError, ValueError) as error:
                answer.inputs.problems.append(Problem(shown, sentence_of(error, shown)))


def _compared(
    asked: argparse.Namespace, answer: _Answer, traces: list[FoundProfile], others: Inputs
) -> Comparison | None:
    """What changed from --diff to the first of the others; None where one of them cannot be read, which is told."""
    answer.inputs.problems += others.problems
    before = [found for found in others.profiles if has_timeline(found)]
    if not before or not traces:
        if not others.problems and not before:
            answer.inputs.problems.append(Problem(asked.diff, f"{asked.diff}: there is no trace in it to compare with"))
        return None
    answer.before = before[:1]
    try:
        sides = (before[0], others.shown), (traces[0], answer.inputs.shown)
        comparison = compare(*sides, asked.rank, index_dir=asked.index_dir)
        answer.inputs.problems += comparison.problems
        return comparison
    except (OSError, ValueError) as error:
        answer.inputs.problems.append(Problem(asked.diff, sentence_of(error, asked.diff)))
        return None


def _judged(conditions: list[Condition], answer: _Answer, asked: argparse.Namespace) -> list[Verdict]:
    """Raises ValueError for a condition that makes no sense: no such figure, another unit, nothing to compare with."""
    places = [(rank.file, figures_of(rank)) for profile in answer.profiles for rank in profile.ranks]
    if answer.comparison is not None:
        places.append((f"from {asked.diff}", figures_of_diff(answer.comparison.found)))
    changed = _changed(answer)
    verdicts = []
    for condition in conditions:
        compares = condition.of_change or condition.name.startswith(("regressions", "change."))
        if compares and asked.diff is None:
            raise ValueError(f"{condition.text!r}: say what to compare with: --diff OTHER")
        verdicts.append(judge(condition, changed if condition.of_change else places))
    return verdicts


def _changed(answer: _Answer) -> list[tuple[str, dict[str, Figure]]]:
    """Of the profile that is compared, what its figures changed by; ranks by their numbers, as `compare` pairs them."""
    before, after = answer.reported_before, answer.profiles[0].ranks if answer.profiles else []
    if len(before) == len(after) == 1:
        pairs = [(before[0], after[0])]
    else:
        of_number = {rank.rank: rank for rank in before}
        pairs = [(of_number[rank.rank], rank) for rank in after if rank.rank in of_number]
    return [(rank.file, changes_of(figures_of(old), figures_of(rank))) for old, rank in pairs]


def _write(answer: _Answer, asked: argparse.Namespace) -> None:
    """Raises Refused, OSError."""
    if asked.html:
        from .export_page import export_profiles

        how = {"title": asked.title, "ranks": asked.rank, "steps": asked.steps, "index_dir": asked.index_dir}
        if sys.stderr.isatty():  # a large trace takes a minute
            how["progress"] = lambda doing: _say(f"{doing} …")
        write_output(asked.html, export_profiles(answer.inputs.profiles, before=answer.before, **how))
    if asked.json:
        write_output(asked.json, json.dumps(_as_json(answer), indent=1, allow_nan=False).encode() + b"\n")
    if asked.json != "-" and asked.html != "-":
        how = {"others": answer.others, "comparison": answer.comparison, "width": _page_width()}
        sys.stdout.write(report_text(answer.profiles, answer.inputs.problems, answer.verdicts, **how))


def _page_width() -> int:
    """Columns of the terminal, as far as lines can be read; 100 where the text goes elsewhere without COLUMNS set."""
    return min(max(shutil.get_terminal_size((100, 24)).columns, 60), 160)


def _as_json(answer: _Answer) -> dict[str, Any]:
    tables = answer.comparison.tables if answer.comparison else ()
    return report_as_json(answer.profiles, answer.inputs.problems, answer.verdicts, others=answer.others, diff=tables)


def _say(sentence: str) -> None:
    print(printable(f"dashboard profile: {sentence}"), file=sys.stderr)
