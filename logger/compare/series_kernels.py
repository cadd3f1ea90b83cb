"""All entry points of the series engine, compiled together. Only the compiler imports this module."""

from __future__ import annotations

from . import band_kernels, curve_kernels, median_kernels, range_kernels

__all__ = ["EXPORTS"]

EXPORTS = {**band_kernels.EXPORTS, **curve_kernels.EXPORTS, **median_kernels.EXPORTS, **range_kernels.EXPORTS}
