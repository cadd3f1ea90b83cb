"""What all reducers share: an iterator of frames that can be steered between two of them.

    reducer = TSNE(points, perplexity=30, seed=0)      # nothing is computed yet
    for frame in reducer:                              # not asking for the next one is the pause
        show(frame.coordinates)
        if slow:
            reducer.change(learning_rate=500)
        if enough:
            reducer.stop()                             # one more frame comes, with last=True

A reducer sees only finite rows: `project` takes the others out and gives them NaN coordinates.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Frame", "Parameter", "Points", "Reducer"]

Points = NDArray[Any]  # (n, dimensions), float


@dataclass(frozen=True)
class Frame:
    """One state of a layout. coordinates: (n, 2 or 3; PCA: all its components) float32."""

    coordinates: NDArray[np.float32]
    done: int  # iterations so far
    total: int  # iterations planned; 0 unknown
    stage: str = ""  # "neighbours", "early exaggeration", "optimising": for people
    values: Mapping[str, float] = field(default_factory=dict)  # "kl", "gradient norm", "learning rate"
    last: bool = False


@dataclass(frozen=True)
class Parameter:
    """One setting of a reducer, as forms show it and as `project` takes it by name."""

    name: str
    # "column": categories of a metadata column; "values": its numbers; "labels": rows, as numbers or by a pattern
    kind: Literal["whole", "number", "choice", "switch", "text", "column", "values", "labels"]
    default: Any
    title: str
    help: str = ""  # one sentence
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()
    live: bool = False  # may change between two frames

    def checked(self, value: Any) -> Any:
        """The value as reducers take it; None is the default, arrays pass. Raises ValueError for what cannot be."""
        if value is None or isinstance(value, np.ndarray) or (isinstance(value, str) and value == self.default):
            return self.default if value is None else value
        if self.kind in ("whole", "number"):
            return self._checked_number(value)
        if self.kind == "switch" and not isinstance(value, bool):
            raise ValueError(f"{self.name} is true or false, got {value!r}")
        if self.kind == "choice" and value not in self.choices:
            raise ValueError(f"{self.name} is one of {', '.join(self.choices)}, got {value!r}")
        if self.kind in ("text", "column", "values") and not isinstance(value, str):
            raise ValueError(f"{self.name} is a text, got {value!r}")
        return value

    def _checked_number(self, value: Any) -> float | int:
        number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
        if not number or not np.isfinite(value) or (self.kind == "whole" and value != int(value)):
            raise ValueError(f"{self.name} is a {'whole ' * (self.kind == 'whole')}number, got {value!r}")
        if self.least is not None and value < self.least:
            raise ValueError(f"{self.name} is at least {self.least:g}, got {value:g}")
        if self.most is not None and value > self.most:
            raise ValueError(f"{self.name} is at most {self.most:g}, got {value:g}")
        return int(value) if self.kind == "whole" else float(value)


class Reducer(ABC):
    """Points (n, dimensions) → coordinates (n, dims), frame by frame.

    Raises ValueError with a sentence for parameters that do not fit these points.
    """

    method: ClassVar[str]  # "tsne": its name in addresses and in `project`
    title: ClassVar[str]  # "t-SNE"
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    preprocess: ClassVar[tuple[str, ...]] = ()  # what `project` does to the points unless told otherwise
    exact: ClassVar[bool] = False  # takes points of float64 as they are; others get float32
    starts: ClassVar[bool] = False  # takes `start`, (n, dims) float32: the layout it begins from

    notes: list[str]  # sentences: what was changed or sampled, and why
    details: dict[str, Any]  # arrays and numbers beside the coordinates: explained variance, KL of iterations, engine

    @abstractmethod
    def __init__(self, points: Points, *, dims: int = 2, seed: int = 0, **parameters: Any) -> None:
        """points: (n, dimensions), finite. `parameters` are those of the class, as `project` has resolved them."""

    @classmethod
    def missing(cls) -> str:
        """The command that installs what this method needs and is not there; "" when all is."""
        return ""

    @abstractmethod
    def __iter__(self) -> Iterator[Frame]:
        """Runs. The last frame has `last=True`, also after `stop`."""

    def change(self, **parameters: Any) -> None:
        """New values for `live` parameters, from the next frame on. Raises ValueError for one that is not."""
        raise ValueError(f"{self.title} has nothing to change while it runs, got {', '.join(parameters)}")

    def stop(self) -> None:  # noqa: B027  # what has one frame only has nothing to stop
        """End after the iteration in progress; the frame that follows is the last."""
