"""Searches over the metadata of an embedding: words in texts that are looked at together."""

from __future__ import annotations

import numpy as np
import pytest

from stepscope.webapp.media.text_search import Finder
from stepscope.webapp.projector.searching import _holding


@pytest.mark.parametrize("query", ["a", "AB", "ß", "ss", "s", "b\na", "b\0a", "", "é", "日"])
def test_words_are_found_in_the_texts_that_a_look_at_each_finds(query: str) -> None:
    texts = ["ab", "", "a", "Straße", "STRASSE", "b", "ab\nab", "É", "日本", "xyzab"]
    finder = Finder(query or "q", "literal")
    each = np.array([bool(finder.spans(text)) for text in texts])
    assert _holding(texts, query or "q", finder).tolist() == each.tolist()
