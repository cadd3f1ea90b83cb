"""The language of filters and formulas: what is read as what, and where errors point."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies

from stepscope.logger.compare.expressions import FIELDS, ExpressionError, parse
from stepscope.logger.compare.nodes import (
    Binary,
    Call,
    Compare,
    List,
    Member,
    Missing,
    Name,
    Number,
    Text,
    Truth,
    Unary,
    walk,
)

LR, ONE, TWO = Name("lr"), Number(1), Number(2)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("lr < 1", Compare("<", LR, ONE)),
        ("lr = 1e-3", Compare("==", LR, Number(0.001))),
        ("1 < lr <= 2", Binary("and", Compare("<", ONE, LR), Compare("<=", LR, TWO))),
        ("not lr == 1 or lr > 2 and lr",
         Binary("or", Unary("not", Compare("==", LR, ONE)), Binary("and", Compare(">", LR, TWO), LR))),
        ("1 + 2 * lr", Binary("+", ONE, Binary("*", TWO, LR))),
        ("1 - 2 - lr", Binary("-", Binary("-", ONE, TWO), LR)),
        ("-lr ** 2", Unary("-", Binary("**", LR, TWO))),
        ("2 ** -1", Binary("**", TWO, Unary("-", ONE))),
        ("(1 + 2) * lr", Binary("*", Binary("+", ONE, TWO), LR)),
        ("lr is missing", Missing(LR)),
        ("lr is not missing", Missing(LR, negated=True)),
        ("lr in [1, 'a', true]", Compare("in", LR, List((ONE, Text("a"), Truth(True))))),
        ("lr not in []", Compare("not in", LR, List(()))),
        (r'name ~ "res\d+"', Compare("~", Name("name"), Text(r"res\d+"))),
        (r'name == "say \"hi\""', Compare("==", Name("name"), Text('say "hi"'))),
        ("max(lr, 1)", Call("max", (LR, ONE))),
        ("`my tag`.max", Member("my tag", "max")),
        ("val/acc.max", Member("val/acc", "max")),
        ("loss.at(val/acc.max)", Member("loss", "at", (Member("val/acc", "max"),))),
        ("train-loss", Name("train-loss")),
        ("a - b", Binary("-", Name("a"), Name("b"))),
        ("a / b", Binary("/", Name("a"), Name("b"))),
        ("loss[0]", Name("loss[0]")),
        ("größe > .5", Compare(">", Name("größe"), Number(0.5))),
        ("inf", Number(float("inf"))),
    ],
)  # fmt: skip
def test_texts_become_trees(text: str, tree: object) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "known", "tree"),
    [
        ("train/loss", {"train/loss"}, Name("train/loss")),
        ("train/loss", {"train", "loss"}, Binary("/", Name("train"), Name("loss"))),
        ("lr/2", {"lr"}, Binary("/", LR, TWO)),
        ("val/acc.max", {"val/acc", "val/acc.max"}, Name("val/acc.max")),
        ("my loss < 1", {"my loss"}, Compare("<", Name("my loss"), ONE)),
        ("loss (train) > 1", {"loss (train)"}, Compare(">", Name("loss (train)"), ONE)),
        ("0/loss.min", {"0/loss"}, Member("0/loss", "min")),
        ("max.max", {"max"}, Member("max", "max")),
        ("max(lr, 1)", {"lr"}, Call("max", (LR, ONE))),
        ("in/acc > 1", {"in/acc"}, Compare(">", Name("in/acc"), ONE)),
    ],
)
def test_known_names_decide(text: str, known: set[str], tree: object) -> None:
    assert parse(text, known) == tree


@pytest.mark.parametrize(
    ("text", "marked", "sentence"),
    [
        ("lr <", "<", "expected a value after <"),
        ("lrr < 1", "lrr", "unknown name `lrr`; did you mean `lr`?"),
        ("lr == adam", "adam", 'unknown name `adam`; a text goes in quotes: "adam"'),
        ("lr lr", "lr", "expected an operator such as `and`, `<` or `+` before `lr`"),
        ("(lr < 1", "(", "this ( has no closing )"),
        ("lr < 1)", ")", "this ) closes nothing"),
        ("lr ~ 'a('", "'a('", "not a regular expression: missing ), unterminated subpattern at position 1"),
        ("lr ~ 3", "3", 'expected a regular expression in quotes after ~, such as "resnet|vit"'),
        ("lr == 'a", "'a", "the text that begins here has no closing '"),
        ("lr && lr", "&", "unexpected '&'; say `and`"),
        ("lr is 3", "3", "expected `missing` or `not missing` after `is`"),
        ("loss.foo > 1", ".foo",
         f"`loss` has no field `foo`; there are {', '.join(FIELDS)} and at(…)"),
        ("loss.maxx > 1", ".maxx", "`loss` has no field `maxx`; did you mean `.max`?"),
        ("LR < 1", "LR", "unknown name `LR`; did you mean `lr`?"),
        ("lr < 1y", "1y", "`1y` is no number; a name that begins with a digit goes in backticks"),
        ("lr < 3x", "3x", "`3x` is no number; a name that begins with a digit goes in backticks"),
        ("lr in 3", "3", "expected a list such as [1, 2] after `in`"),
        ("lr.at(3)", ".at(3)", ".at takes the .min, .max, .first or .last of one scalar"),
        ("", "", "expected an expression, got nothing"),
        ("loss/x > 1", "loss/x", "unknown name `loss/x`; did you mean `loss`?"),
    ],
)  # fmt: skip
def test_errors_say_what_and_where(text: str, marked: str, sentence: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text, {"lr", "loss"})
    error = caught.value
    assert (str(error), text[error.start : error.end]) == (sentence, marked)


def test_several_names_may_have_been_meant() -> None:
    with pytest.raises(ExpressionError, match="did you mean `val/acc` or `val/acc_top5`"):
        parse("acc > 0.5", {"val/acc", "val/acc_top5", "lr"})


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("30m", 1800), ("1h", 3600), ("1h30m", 5400), ("2d", 172800), ("1.5h", 5400)]
)
def test_durations_are_seconds(text: str, seconds: float) -> None:
    assert parse(f"duration > {text}") == Compare(">", Name("duration"), Number(seconds))


WORDS = [
    "lr",
    "loss",
    ".max",
    "(",
    ")",
    "[",
    "]",
    '"',
    "'",
    "`",
    "<",
    "==",
    "~",
    "not",
    "in",
    "and",
    "-",
    "**",
    ",",
    "1e",
    "3",
    "é",
    " ",
]


@given(strategies.one_of(strategies.text(max_size=60), strategies.lists(strategies.sampled_from(WORDS)).map("".join)))
def test_any_text_is_an_expression_or_an_error_within_it(text: str) -> None:
    try:
        parse(text, {"lr", "loss"})
    except ExpressionError as error:
        assert 0 <= error.start <= error.end <= len(text) and str(error)


@pytest.mark.parametrize("text", ["(" * 2000, "-" * 2000 + "1", "+".join("1" * 2000), "not " * 2000, "9" * 30_000])
def test_endless_expressions_are_refused_not_a_crash(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)


@pytest.mark.parametrize("name", ["lr", "val/acc", "my tag", "and", "a.max", "3d", "a - b", "größe", "a..b"])
def test_a_name_in_backticks_is_read_as_that_name(name: str) -> None:
    assert parse(f"`{name}`") == Name(name)


def test_walk_meets_every_node() -> None:
    found = [type(node).__name__ for node in walk(parse("max(lr, 1) in [2] and a.at(b.max) is missing"))]
    assert sorted(found) == [
        "Binary",
        "Call",
        "Compare",
        "List",
        "Member",
        "Member",
        "Missing",
        "Name",
        "Number",
        "Number",
    ]
