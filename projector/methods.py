"""The methods by name: what they are called, which settings they have, whether they can run here."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from .reducer import Reducer

__all__ = ["METHODS", "availability", "check_parameters", "warm_up"]

# Where each class is: a method is imported when somebody asks for it.
_HOMES = {
    "pca": ("pca", "PCA"),
    "tsne": ("tsne.reducer", "TSNE"),
    "umap": ("umap.reducer", "UMAP"),
    "axes": ("axes", "CustomAxes"),
    "random": ("random_projection", "RandomProjection"),
    "given": ("given", "Given"),
}


class _Methods(Mapping[str, type[Reducer]]):
    """Name → class. Raises KeyError with a sentence for a name that is not there."""

    def __getitem__(self, method: str) -> type[Reducer]:
        if method not in _HOMES:
            raise KeyError(f"there is no method {method!r}: there are {', '.join(_HOMES)}")
        module, name = _HOMES[method]
        found: type[Reducer] = getattr(importlib.import_module(f"{__package__}.{module}"), name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(_HOMES)

    def __len__(self) -> int:
        return len(_HOMES)

    def __contains__(self, method: object) -> bool:
        return method in _HOMES


METHODS: Mapping[str, type[Reducer]] = _Methods()


def availability(method: str) -> tuple[bool, str]:
    """(whether it can run here, the command that installs what is missing or "")."""
    missing = METHODS[method].missing()
    return not missing, missing


def check_parameters(method: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """All parameters of a method, with defaults for those not given; looks at no points.

    Columns stay names here. Raises ValueError for a name that the method does not have and for a value out of range.
    """
    if method not in METHODS:
        raise ValueError(f"there is no method {method!r}: there are {', '.join(METHODS)}")
    cls = METHODS[method]
    known = {parameter.name: parameter for parameter in cls.parameters}
    for name in parameters:
        if name not in known:
            raise ValueError(f"{cls.title} has no parameter {name!r}: it has {', '.join(known) or 'none'}")
    return {name: parameter.checked(parameters.get(name)) for name, parameter in known.items()}


def warm_up() -> None:
    """Import and compile what methods and neighbours use, so that the first job and question do not wait for it."""
    from . import nearest
    from .tsne.compiled import load_all

    nearest.warm_up()
    load_all()  # also what few points do not use
    for method in ("pca", "tsne", "umap"):
        rng = np.random.default_rng(0)
        for _ in METHODS[method](rng.standard_normal((40, 4), np.float32), **_FEW.get(method, {})):
            pass


_FEW: dict[str, dict[str, Any]] = {"tsne": {"perplexity": 5, "iterations": 2}, "umap": {"epochs": 2}}
