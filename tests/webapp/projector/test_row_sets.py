"""Sets of rows as the page writes them."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from stepscope.webapp.projector.row_sets import decode_rows


def test_gaps_between_stretches() -> None:
    assert decode_rows("2,0-9,5", 100).tolist() == [2, *range(3, 13), 18]
    assert decode_rows("0-rs", 1001).tolist() == list(range(1001))
    assert decode_rows("", 5).tolist() == []


def test_bits_of_rows() -> None:
    rows = np.flatnonzero(np.random.default_rng(0).random(1000) < 0.4)
    bits = np.packbits(np.isin(np.arange(1000), rows), bitorder="little")
    assert decode_rows("~" + base64.b64encode(bits).decode(), 1000).tolist() == rows.tolist()


@pytest.mark.parametrize("text", ["2,,3", "-1", "a b", "1-", "~%", "~A", "9" * 13, "²"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        decode_rows(text, 10**9)


@pytest.mark.parametrize("text", ["a", "5-5", "~" + base64.b64encode(bytes([0, 0b100])).decode()])
def test_rows_beyond_the_last_are_named(text: str) -> None:
    with pytest.raises(ValueError, match="there is no row 10, rows are 0 to 9"):
        decode_rows(text, 10)
