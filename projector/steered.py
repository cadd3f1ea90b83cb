"""What reducers that run for a while share: settings by name, some of them live, and an end when they are told to."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .reducer import Points, Reducer

__all__ = ["SteeredReducer"]


class SteeredReducer(Reducer):
    """points: (m, d). dims: 2 or 3. start: an (m, dims) layout to go on from, NaN rows for points that were not there.

    Raises ValueError for a name that is not among `parameters`, a value out of range, another number of dimensions.
    """

    starts = True

    def __init__(
        self,
        points: Points,
        *,
        dims: int = 2,
        seed: int = 0,
        start: NDArray[np.float32] | None = None,
        **parameters: Any,
    ) -> None:
        known = {parameter.name: parameter for parameter in self.parameters}
        if unknown := parameters.keys() - known.keys():
            raise ValueError(f"{self.title} has no parameter {sorted(unknown)[0]!r}: it has {', '.join(known)}")
        if dims not in (2, 3):
            raise ValueError(f"{self.title} lays out in 2 or 3 dimensions, got {dims}")
        self._points = np.asarray(points, np.float32)
        self._dims, self._seed, self._start = dims, seed, start
        self._settings: dict[str, Any] = {name: one.checked(parameters.get(name)) for name, one in known.items()}
        self._stopped = False
        self.notes: list[str] = []
        self.details: dict[str, Any] = {}

    def change(self, **parameters: Any) -> None:
        live = {parameter.name: parameter for parameter in self.parameters if parameter.live}
        if fixed := parameters.keys() - live.keys():
            raise ValueError(f"{sorted(fixed)[0]!r} of {self.title} cannot be changed while it runs; start anew")
        self._settings.update({name: live[name].checked(value) for name, value in parameters.items()})

    def stop(self) -> None:
        self._stopped = True
