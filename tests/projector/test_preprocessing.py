"""Centre, L2 and standardise, in the order given."""

from __future__ import annotations

import numpy as np
import pytest

from stepscope.projector import preprocessing
from stepscope.projector.preprocessing import preprocess

POINTS = np.array([[1, 2, 5], [3, 2, 5], [8, 8, 5]], np.float32)


def test_nothing_is_the_points_themselves() -> None:
    assert preprocess(POINTS) is POINTS


def test_other_numbers_become_float32() -> None:
    made = preprocess(POINTS.astype(np.float16))
    assert made.dtype == np.float32
    assert (made == POINTS).all()


def test_centre_takes_the_mean_away_without_losing_digits() -> None:
    far = POINTS.astype(np.float64) + 1e9
    np.testing.assert_allclose(preprocess(far, ("centre",)), POINTS - POINTS.mean(axis=0), atol=1e-6)


def test_rows_get_length_one_and_zeros_stay() -> None:
    made = preprocess(np.array([[3, 4], [0, 0]], np.float32), ("l2",))
    np.testing.assert_allclose(made, [[0.6, 0.8], [0, 0]])


def test_columns_get_deviation_one_and_constants_become_zero() -> None:
    made = preprocess(POINTS, ("standardise",))
    np.testing.assert_allclose(made.std(axis=0), [1, 1, 0], atol=1e-6)
    np.testing.assert_allclose(made.mean(axis=0), 0, atol=1e-6)
    assert (preprocess(np.full((9, 1), 0.1), ("standardise",)) == 0).all()


def test_the_order_counts() -> None:
    one = preprocess(POINTS, ("centre", "l2"))
    np.testing.assert_allclose(np.linalg.norm(one, axis=1), 1, rtol=1e-6)
    assert not np.allclose(one, preprocess(POINTS, ("l2", "centre")))


def test_blocks_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = preprocess(POINTS, ("standardise", "l2"))
    monkeypatch.setattr(preprocessing, "_BLOCK", 3)
    np.testing.assert_allclose(preprocess(POINTS, ("standardise", "l2")), whole)


def test_an_unknown_step_is_named() -> None:
    with pytest.raises(ValueError, match=r"no preprocessing 'spherize': it is any of centre, l2, standardise"):
        preprocess(POINTS, ("spherize",))
