"""Counts of histograms that no writer counted, but a file may hold."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from stepscope.logger.proto.event_pb2 import Summary
from stepscope.logger.reader.values import decode_blob
from stepscope.logger.tensors import tensor_proto


@pytest.mark.parametrize("counts", [(1.7e308, 1.7e308), (np.inf, -np.inf), (np.inf, 1.0)], ids=["huge", "none", "inf"])
def test_counts_beyond_a_float_are_added_up_without_a_warning(counts: tuple[float, float]) -> None:
    table = np.array([[0.0, 1.0, counts[0]], [1.0, 2.0, counts[1]]])
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        found = decode_blob("histograms", 0, b"", Summary.Value(tensor=tensor_proto(table)).SerializeToString())
    assert found.num == np.inf or np.isnan(found.num)
