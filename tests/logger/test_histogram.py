"""Histograms: TensorFlow's buckets, whatever is counted."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stepscope.logger.summaries import histogram
from stepscope.logger.summaries.histogram import default_edges, histogram_proto


def _theirs(values: np.ndarray, bins="tensorflow", max_bins=None):
    from torch.utils.tensorboard.summary import make_histogram

    return make_histogram(
        values.astype(float), default_edges() if isinstance(bins, str) and bins == "tensorflow" else bins, max_bins
    )


def _awkward_values() -> np.ndarray:
    """Values over 30 orders of magnitude, on the edges, next to them, and what rounds to zero."""
    rng = np.random.default_rng(1)
    edges = default_edges()
    spread = rng.normal(size=40_000) * 10.0 ** rng.integers(-14, 19, 40_000)
    near = [edges, np.nextafter(edges, np.inf), np.nextafter(edges, -np.inf), edges.astype(np.float32)]
    tiny = np.repeat([0.0, -0.0, 1e-50, -1e-50, 1e-13, -1e-13], 2000)
    values = np.concatenate([spread, *near, tiny]).clip(edges[0], edges[-1])
    rng.shuffle(values)
    return values


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16, np.int32])
def test_the_buckets_are_torchs(dtype) -> None:
    values = _awkward_values()
    if dtype in (np.float16, np.int32):
        values = values[np.abs(values) < 60_000]
    values = values.astype(dtype)
    ours, theirs = histogram_proto(values), _theirs(values)
    assert list(ours.bucket_limit) == list(theirs.bucket_limit)
    assert list(ours.bucket) == list(theirs.bucket)
    assert (ours.min, ours.max, ours.num) == (theirs.min, theirs.max, theirs.num)
    assert ours.sum == pytest.approx(theirs.sum, rel=1e-9)
    assert ours.sum_squares == pytest.approx(theirs.sum_squares, rel=1e-9)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_few_values_go_another_way_to_the_same_buckets(size: int) -> None:
    values = np.random.default_rng(size).normal(size=size)
    assert list(histogram_proto(values).bucket) == list(_theirs(values).bucket)


@pytest.mark.parametrize(
    ("bins", "max_bins"), [("auto", None), ("fd", None), (12, None), ([0.0, 0.5, 2.0], None), ("tensorflow", 20)]
)
def test_other_bins_are_numpys(bins, max_bins) -> None:
    values = np.random.default_rng(0).normal(size=500)
    edges = bins if isinstance(bins, (str, int)) else np.array(bins)
    ours, theirs = histogram_proto(values, edges, max_bins), _theirs(values, edges, max_bins)
    if isinstance(bins, list):  # torch drops what lies outside of given edges; here it is counted at the ends
        assert sum(ours.bucket) == 500 and list(ours.bucket_limit)[:3] == bins
        return
    assert list(ours.bucket_limit) == list(theirs.bucket_limit)
    assert list(ours.bucket) == list(theirs.bucket)


def test_nan_and_infinities() -> None:
    values = np.array([1.0, 2.0, np.nan, np.inf, -np.inf, np.inf, 1e30])
    proto = histogram_proto(values)
    assert proto.num == 7
    assert sum(proto.bucket) == 6, "all but NaN have a bucket"
    assert (proto.min, proto.max, proto.sum) == (1.0, 1e30, 1e30)
    assert proto.bucket[0] == 1 and proto.bucket_limit[0] == default_edges()[0]
    assert proto.bucket[-1] == 3 and proto.bucket_limit[-1] == np.finfo(np.float64).max
    assert all(math.isfinite(limit) for limit in proto.bucket_limit)


@pytest.mark.parametrize("values", [[np.nan], [np.nan, np.inf], [0.0], [-1e300, 1e300]])
def test_every_bucket_has_a_limit(values) -> None:
    proto = histogram_proto(np.array(values))
    assert len(proto.bucket) == len(proto.bucket_limit) > 0
    assert sum(proto.bucket) == sum(not math.isnan(value) for value in values)


def test_infinities_among_many_values(monkeypatch) -> None:
    values = np.concatenate([np.random.default_rng(0).normal(size=1000), [np.nan, np.inf, -np.inf, 1e300, -1e300]])
    slow = histogram_proto(values)
    monkeypatch.setattr(histogram, "_FEW", 0)
    assert histogram_proto(values) == slow
