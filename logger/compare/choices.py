"""The words for how series are smoothed and grouped. Importing them loads neither numpy nor kernels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

__all__ = ["CENTRES", "SMOOTHING_KINDS", "SPREADS", "Centre", "Smoothing", "SmoothingKind", "Spread"]

Centre = Literal["mean", "median"]
Spread = Literal["none", "std", "sem", "ci95", "minmax", "quartiles"]
CENTRES: tuple[Centre, ...] = get_args(Centre)  # in the order of band_kernels' numbers, as the spreads are
SPREADS: tuple[Spread, ...] = get_args(Spread)
SmoothingKind = Literal["ema", "time_ema", "mean", "median", "gaussian"]
SMOOTHING_KINDS: tuple[SmoothingKind, ...] = get_args(SmoothingKind)
_STRONGEST, _WIDEST, _BROADEST = 0.9999, 10_001, 1_000.0


@dataclass(frozen=True)
class Smoothing:
    """How curves are smoothed.

    kind    "ema"       debiased exponential moving average; amount is its weight, 0 … 0.9999
            "time_ema"  the same by distance in x: weight^(Δx / median Δx), the same curve where points are even
            "mean", "median"   over a window centred on each point; amount is its width in points, 1 … 10,001,
                        taken as the next odd number
            "gaussian"  mean weighted by a bell curve; amount is its sigma in points, 0 … 1,000
    Raises ValueError for anything else.
    """

    kind: SmoothingKind
    amount: float

    def __post_init__(self) -> None:
        if self.kind not in SMOOTHING_KINDS:
            raise ValueError(f"smoothing: kind is one of {', '.join(SMOOTHING_KINDS)}, got {self.kind!r}")
        low, high = (1.0, float(_WIDEST)) if self.kind in ("mean", "median") else (0.0, self._most)
        if not low <= self.amount <= high:
            expected = f"expected a number from {low:g} to {high:g} for {self.kind}"
            raise ValueError(f"smoothing: {expected}, got {self.amount:g}")

    @property
    def _most(self) -> float:
        return _BROADEST if self.kind == "gaussian" else _STRONGEST

    @property
    def is_none(self) -> bool:
        """Whether every value stays as it is."""
        return self.amount <= (1.0 if self.kind in ("mean", "median") else 0.0)

    @property
    def looks_back_only(self) -> bool:
        """Whether points that come later leave the curve so far alone."""
        return self.kind == "ema"
