"""Rules: what people want to be told about. They are kept in the user state as plain JSON, each under its id.

    {"loss": {"kind": "threshold", "enabled": true, "tags": "loss", "runs": "lr < 0.1",
              "options": {"side": "above", "limit": 10, "points": 3}}}

`tags` is a regular expression that is searched for, `runs` a filter as of the run table; an empty one is everything.
While nobody has changed a rule there are the default ones; an empty object means none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ...logger.compare.filter_syntax import check_filter
from ...logger.compare.nodes import ExpressionError
from ...logger.compare.patterns import Pattern, PatternTooSlow
from ...logger.user_state import Problem
from ...logger.user_state_format import itemised

if TYPE_CHECKING:
    from .detectors import Detector

__all__ = ["DEFAULT_RULES", "DEFAULT_SECTION", "KINDS", "Kind", "Option", "Rule", "check_rules", "parse_rules"]

_LONGEST = 2_000  # characters of a pattern or a filter


@dataclass(frozen=True)
class Option:
    """A number, or one of a few words, that a rule of a kind can choose."""

    name: str
    title: str
    default: float | str
    least: float = 0.0
    whole: bool = False
    most: float = 1e308
    choices: tuple[str, ...] = ()

    def problem(self, value: Any) -> str:
        """What is wrong with a value; "" when nothing is."""
        if self.choices:
            return "" if value in self.choices else f"expected one of {', '.join(self.choices)}"
        if isinstance(value, bool) or not isinstance(value, int | float) or not self.least <= value <= self.most:
            return f"expected a number from {self.least:g} to {self.most:g}"
        return "expected a whole number" if self.whole and value != int(value) else ""


@dataclass(frozen=True)
class Kind:
    """A kind of rule."""

    name: str
    title: str
    about: str
    options: tuple[Option, ...] = ()
    takes_tags: bool = True


KINDS = {
    kind.name: kind
    for kind in (
        Kind("nan", "NaN or infinite", "a value is not a finite number"),
        Kind(
            "divergence", "Divergence", "several points in a row lie far above the points before them",
            (Option("z", "standard deviations", 6, 1), Option("window", "points before", 50, 10, True, 1000),
             Option("points", "points in a row", 5, 1, True, 100)),
        ),
        Kind(
            "plateau", "Plateau", "the best value so far does not improve any more",
            (Option("better", "better is", "smaller", choices=("smaller", "larger")),
             Option("change", "by less than this share", 0.01, 0, most=1),
             Option("points", "for points", 500, 2, True, 1e9)),
        ),
        Kind(
            "stall", "Stall", "no new step for much longer than usual",
            (Option("times", "times the usual interval", 20, 2), Option("seconds", "seconds at least", 300, 1)),
            takes_tags=False,
        ),
        Kind(
            "threshold", "Threshold", "a value is above or below a limit",
            (Option("side", "side", "above", choices=("above", "below")), Option("limit", "limit", 10, -1e308),
             Option("points", "points in a row", 1, 1, True, 10_000)),
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """One rule."""

    id: str
    kind: str
    enabled: bool = True
    tags: str = ""  # a regular expression
    runs: str = ""  # a filter
    options: dict[str, Any] = field(default_factory=dict)

    def option(self, name: str) -> Any:
        """The chosen value, else the kind's default."""
        default = next(option.default for option in KINDS[self.kind].options if option.name == name)
        return self.options.get(name, default)

    def takes_tag(self, tag: str) -> bool:
        """Whether the rule is about a scalar; not where its pattern takes too long to tell."""
        if not KINDS[self.kind].takes_tags or not self.tags:
            return KINDS[self.kind].takes_tags
        try:
            return self._pattern.search(tag) is not None
        except PatternTooSlow:
            return False

    @cached_property
    def _pattern(self) -> Pattern:
        return Pattern(self.tags)

    def detector(self) -> Detector:
        """A new detector for one scalar."""
        from .detectors import Divergence, NotFinite, Plateau, Threshold  # numpy: the first page does not wait for it

        if self.kind == "nan":
            return NotFinite()
        if self.kind == "threshold":
            return Threshold(self.option("side"), float(self.option("limit")), int(self.option("points")))
        if self.kind == "plateau":
            return Plateau(self.option("better"), float(self.option("change")), int(self.option("points")))
        return Divergence(float(self.option("z")), int(self.option("window")), int(self.option("points")))

    def as_json(self) -> dict[str, Any]:
        options = {option.name: self.option(option.name) for option in KINDS[self.kind].options}
        return {
            "id": self.id, "kind": self.kind, "enabled": self.enabled, "tags": self.tags, "runs": self.runs,
            "options": options,
        }  # fmt: skip


DEFAULT_RULES = (
    Rule("nan", "nan"),
    Rule("divergence", "divergence", tags="(?i)loss|perplexity|ppl|nll|error"),
    Rule("stall", "stall"),
)


DEFAULT_SECTION = {
    rule.id: {key: part for key, part in rule.as_json().items() if key != "id"} for rule in DEFAULT_RULES
}


def parse_rules(stored: Any) -> tuple[list[Rule], list[str]]:
    """The rules in the user state and what is wrong with the others; where there are none yet, the default rules."""
    if stored is None:
        return list(DEFAULT_RULES), []
    entries = itemised("alerts", stored)
    rules, problems = [], []
    for name, entry in entries.items() if isinstance(entries, dict) else ():
        wrong = list(_problems(entry))
        if wrong:
            problems.append(f"the rule {name!r}: {wrong[0]}")
            continue
        fields = {key: entry[key] for key in ("enabled", "tags", "runs", "options") if key in entry}
        rules.append(Rule(name, entry["kind"], **fields))
    return rules, problems


def check_rules(value: Any, path: tuple[str, ...]) -> Iterable[Problem]:
    """What is wrong with the section `alerts` of the user state."""
    for name, entry in value.items() if isinstance(value, dict) else ():
        for sentence in _problems(entry):
            yield Problem((*path, name), f"the rule {name[:80]!r}: {sentence}")


def _problems(entry: Any) -> Iterable[str]:
    if not isinstance(entry, dict) or entry.get("kind") not in KINDS:
        yield f'expected {{"kind": one of {", ".join(KINDS)}, …}}'
        return
    if not isinstance(entry.get("enabled", True), bool):
        yield "enabled: expected true or false"
    yield from _pattern_problems(entry.get("tags", ""))
    yield from _filter_problems(entry.get("runs", ""))
    options = entry.get("options", {})
    if not isinstance(options, dict):
        yield "options: expected an object"
        return
    known = {option.name: option for option in KINDS[entry["kind"]].options}
    for name, value in options.items():
        wrong = known[name].problem(value) if name in known else f"a rule of kind {entry['kind']} has no such option"
        if wrong:
            yield f"options.{name}: {wrong}"


def _pattern_problems(pattern: Any) -> Iterable[str]:
    if not isinstance(pattern, str) or len(pattern) > _LONGEST:
        yield f"tags: expected a text of at most {_LONGEST:,} characters"
        return
    try:
        Pattern(pattern).search("a" * 64)
    except re.error as error:
        yield f"tags: {pattern!r} is no regular expression ({error})"
    except PatternTooSlow as error:
        yield f"tags: {error}"


def _filter_problems(text: Any) -> Iterable[str]:
    if not isinstance(text, str) or len(text) > _LONGEST:
        yield f"runs: expected a text of at most {_LONGEST:,} characters"
        return
    try:
        check_filter(text)
    except ExpressionError as error:
        yield f"runs: {error.message} (at character {error.start + 1} of {text!r})"
