"""Texts as HTML for TensorBoard's routes are kept in bounded memory."""

from __future__ import annotations

import pytest

from stepscope.webapp.tensorboard import texts


def test_short_texts_that_become_long_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a table of many columns does, whose rows have a cell for each."""
    monkeypatch.setattr(texts, "markdown_html", lambda text: text * (1 << 20))
    for number in range(40):
        assert len(texts.text_html(f"{number:02}", True)) == 2 << 20
    assert texts._kept.weight <= 32 << 20


def test_a_text_is_turned_into_html_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = texts.text_html("**kept** for the next time", True)
    monkeypatch.setattr(texts, "markdown_html", None)
    assert texts.text_html("**kept** for the next time", True) == made
