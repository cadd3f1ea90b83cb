"""Patterns that people type: found as Python finds them, and given up where that would take for ever."""

from __future__ import annotations

import itertools
import re
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.logger.compare import patterns
from stepscope.logger.compare.expressions import ExpressionError
from stepscope.logger.compare.groups import GroupingError, group_runs
from stepscope.logger.compare.patterns import Pattern, PatternTooSlow

TEXTS = ["resnet/lr=0.1/seed3", "vit/lr=1e-3/seed10", "", "grüße", "a" * 500, "lr=\nseed"]


@pytest.mark.parametrize(
    "text", [r"seed(\d+)$", r"lr=(?P<lr>[\d.e-]+)", "^res", r"(?i)VIT", r"(\w+/)+seed", "^$", r"(?<==)\d", r"ü|(x)"]
)
def test_matches_are_those_of_re(text: str):
    pattern, compiled = Pattern(text), re.compile(text)
    for got, expected in zip(pattern.searches(TEXTS), map(compiled.search, TEXTS), strict=True):
        assert (got is None) == (expected is None)
        if got is not None and expected is not None:
            assert [got[n] for n in range(pattern.groups + 1)] == [expected[n] for n in range(pattern.groups + 1)]


@pytest.mark.parametrize("text", ["(a|aa)+$", "(?x) (a | a) + b", "((a|aa)(a|aa)?)+$"])
def test_a_pattern_that_would_take_for_ever_is_given_up_and_holds_no_thread_up(text: str):
    ended, longest = threading.Event(), [0.0]

    def watch() -> None:
        while not ended.is_set():
            before = time.monotonic()
            time.sleep(0.001)
            longest[0] = max(longest[0], time.monotonic() - before)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        with pytest.raises(PatternTooSlow, match="more than 1 s"):
            Pattern(text).searches(["a" * 100 + "!"] * 3)
    finally:
        ended.set()
        watcher.join()
    assert longest[0] < 0.8


def test_the_limit_is_for_all_texts_together(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(patterns, "_SECONDS", -1.0)
    with pytest.raises(PatternTooSlow):
        Pattern("a").searches(["a", "a"])


def test_waiting_for_a_busy_machine_is_no_searching(monkeypatch: pytest.MonkeyPatch):
    hours = itertools.count(0.0, 3600.0)
    monkeypatch.setattr(patterns, "time", SimpleNamespace(monotonic=hours.__next__, thread_time=lambda: 0.5))
    assert all(Pattern("a").searches(["a", "ba", "ca"]))


def test_a_grouping_that_takes_for_ever_is_a_sentence():
    pattern = "(a|aa)+$"
    with pytest.raises(GroupingError, match="too many ways") as caught:
        group_runs({"kind": "regex", "pattern": pattern}, ["a" * 100 + "!"])
    assert (caught.value.start, caught.value.end) == (0, len(pattern))


def test_a_filter_that_takes_for_ever_is_a_sentence_that_says_where(tmp_path: Path):
    with SummaryWriter(tmp_path / ("a" * 100 + "!")) as writer:
        writer.add_scalar("loss", 1.0, 0)
    with open_logdir(tmp_path, index_dir=False) as log:
        with pytest.raises(ExpressionError, match="too many ways") as caught:
            log.table(["name"], where="name ~ '(a|aa)+$'")
        assert caught.value.start == 7
        assert len(log.table(["name"], where="name ~ '(a+)+!$'")) == 1
