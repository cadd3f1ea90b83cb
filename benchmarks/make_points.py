"""Points to reduce: clusters on a bent surface, and pictures of digits like MNIST's, both from a seed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["clusters", "digits"]


def clusters(count: int, dimensions: int, seed: int = 0) -> NDArray[np.float32]:
    """20 clusters in 10 dimensions, put through a random network with one layer of tanh."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(0, 3, (20, 10))
    latent = centres[rng.integers(0, 20, count)] + rng.normal(0, 1, (count, 10))
    hidden = np.tanh(latent @ rng.normal(0, 0.3, (10, 64)))
    points = hidden @ rng.normal(0, 1, (64, dimensions)) + rng.normal(0, 0.05, (count, dimensions))
    return points.astype(np.float32)


def digits(count: int, seed: int = 0) -> NDArray[np.float32]:
    """(count, 784): scikit-learn's 1,797 digits at 28 × 28, each turned, scaled, sheared and moved at random."""
    from scipy.ndimage import affine_transform, zoom
    from sklearn.datasets import load_digits

    rng = np.random.default_rng(seed)
    large = zoom(load_digits().images.astype(np.float32) / 16, (1, 3.5, 3.5), order=1)
    made = np.empty((count, 784), np.float32)
    for row in range(count):
        angle, shear = rng.normal(0, 0.15), rng.normal(0, 0.15)
        turn = np.array([[np.cos(angle), -np.sin(angle) + shear], [np.sin(angle), np.cos(angle)]])
        turn *= rng.uniform(0.85, 1.15)
        shift = 13.5 - turn @ np.array([13.5, 13.5]) + rng.normal(0, 1.0, 2)
        made[row] = affine_transform(large[row % len(large)], turn, shift, order=1).ravel()
    return np.clip(made + rng.normal(0, 0.05, made.shape).astype(np.float32), 0, 1)
