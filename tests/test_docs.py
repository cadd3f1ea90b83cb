"""The README names every flag, route and writer method, and its ten-line example runs."""

from __future__ import annotations

import argparse
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from stepscope import projector
from stepscope.logger import SummaryWriter
from stepscope.logger.compare.expressions import parse
from stepscope.logger.user_state_checks import problems
from stepscope.logger.user_state_text import parse_document
from stepscope.profiler.capture.phase_blocks import OpenStep, PhaseBlock
from stepscope.profiler.capture.step_points import StepPoints
from stepscope.profiler.capture.step_record import DeviceTimes, StepRecord
from stepscope.webapp import create_app
from stepscope.webapp.export_flags import export_parser
from stepscope.webapp.flags import serve_parser
from stepscope.webapp.graph_flags import graph_parser
from stepscope.webapp.log_source import LogSource
from stepscope.webapp.profile_flags import profile_parser
from stepscope.webapp.project_flags import project_parser
from stepscope.webapp.query_flags import query_parser
from stepscope.webapp.view_format import read_view, view_problems

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def section(title: str) -> str:
    """The text under one `##` heading."""
    match = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", README, re.S | re.M)
    assert match, f"README has no section {title!r}"
    return match[1]


FLAGS = section("The command line")


def public_methods(cls: type) -> list[str]:
    return [name for name, _ in inspect.getmembers(cls, callable) if not name.startswith("_")]


@pytest.mark.parametrize("method", public_methods(SummaryWriter))
def test_every_writer_method_is_in_the_readme(method: str) -> None:
    assert f"`{method}`" in section("The writer")


def test_every_flag_is_in_the_readme() -> None:
    """One spelling of each; TensorBoard's, which are hidden in the help, are not listed."""
    shown = [action.option_strings for action in serve_parser()._actions if action.help != argparse.SUPPRESS]
    flags = [spellings for spellings in shown if spellings]
    assert len(flags) > 10
    assert [spellings for spellings in flags if not any(f"`{flag}" in FLAGS for flag in spellings)] == []


OTHERS = {
    "export": export_parser, "query": query_parser, "graph": graph_parser, "project": project_parser,
    "profile": profile_parser,
}  # fmt: skip


@pytest.mark.parametrize("parser", [make() for make in OTHERS.values()], ids=list(OTHERS))
def test_every_flag_of_the_other_commands_is_in_the_readme(parser: argparse.ArgumentParser) -> None:
    flags = [action.option_strings for action in parser._actions if action.option_strings]
    assert [spellings for spellings in flags if not any(f"`{flag}" in FLAGS for flag in spellings)] == []


def test_every_function_for_embeddings_is_in_the_readme() -> None:
    functions = [name for name in projector.__all__ if inspect.isfunction(getattr(projector, name))]
    assert len(functions) > 8
    assert [name for name in functions if f"`{name}`" not in section("Embeddings from Python")] == []


def test_the_examples_of_the_state_file_and_of_a_view_are_right() -> None:
    state, view = re.findall(r"```json\n(.*?)```", section("What people add"), re.S)
    assert list(problems(parse_document(state.encode()))) == []
    assert view_problems(read_view(view.encode())) == []


def test_the_filters_and_columns_of_the_readme_are_understood() -> None:
    rows = re.findall(r"^\| (`.*?) \| ", section("Filters, columns and formulas"), re.M)
    examples = [code for row in rows for code in re.findall(r"``\s(.+?)\s``|`([^`]+)`", row)]
    examples = [quoted or code for quoted, code in examples]
    assert len(examples) > 20
    for example in set(examples) - {"not in", "is not missing", "resnet adam"}:
        parse(example)


def test_every_route_is_in_the_readme() -> None:
    rules = {rule.rule for rule in create_app(LogSource(lambda: None)).url_map.iter_rules()}
    assert len(rules) > 10
    assert {rule for rule in rules if f"`{rule}`" not in section("Routes")} == set()


def test_the_ten_line_example_runs(tmp_path: Path) -> None:
    code = re.search(r"```python\n(.*?)```", section("Ten lines"), re.S)
    assert code
    done = subprocess.run([sys.executable, "-c", code[1]], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("['first'] 1000 ")


def test_the_example_of_a_profiled_training_runs(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    code = re.search(r"```python\n(.*?)```", section("Profile training"), re.S)
    assert code
    subprocess.run([sys.executable, "-c", code[1]], cwd=tmp_path, capture_output=True, check=True)
    assert len(list((tmp_path / "runs" / "timed").glob("*.pt.trace.json.gz"))) == 1


def test_every_scalar_of_a_timed_step_is_in_the_readme() -> None:
    record = StepRecord(0, 1, 0, 1, True, (1.0, 1.0, 1.0), [], end_ns=10, device=DeviceTimes([0.0, 1.0], 0.5))
    record.notes, record.marks = [PhaseBlock("forward", OpenStep()), 2, "forward", 3], [0, 1]
    tags = [tag for tag, _ in StepPoints("perf", 1, 1e12).of(record)]
    assert len(tags) > 12
    written = section("Profile training").replace("`_p", "`perf/step_ms_p")
    assert [tag for tag in tags if f"`{tag}`" not in written] == []


def test_every_picture_is_there() -> None:
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README)
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)
