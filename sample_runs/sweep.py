"""A sweep over learning rate, width, activation and seed: 36 runs of a two-layer network written in numpy.

Shows that the log needs no framework: plain numbers and numpy arrays are all that is logged. Each setting is trained
with three seeds, so that runs grouped by their hyperparameters have a spread.
"""

from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

from stepscope.logger import SummaryWriter

from .clock import Clock

STEPS = 400
NOISE = 0.25  # added to the pixels when augmenting, so that nobody learns them by heart
SECONDS_PER_STEP = 0.4


@dataclass(frozen=True)
class Setting:
    """One cell of the sweep."""

    learning_rate: float
    hidden: int
    activation: str
    seed: int
    batch_size: int = 48
    optimizer: str = "sgd"
    augment: bool = True

    @property
    def name(self) -> str:
        """The name of the run."""
        return f"lr{self.learning_rate:g}-h{self.hidden}-{self.activation}-s{self.seed}"


SETTINGS = [Setting(*cell) for cell in product((0.003, 0.02, 0.12), (8, 48), ("relu", "tanh"), (1, 2, 3))]


class Network:
    """64 inputs → hidden units → 10 classes, trained by gradient descent with momentum 0.9."""

    def __init__(self, setting: Setting, rng: np.random.Generator):
        self.setting = setting
        self.weights = [
            rng.normal(0, np.sqrt(2 / 64), (64, setting.hidden)),
            np.zeros(setting.hidden),
            rng.normal(0, np.sqrt(2 / setting.hidden), (setting.hidden, 10)),
            np.zeros(10),
        ]
        self.velocity = [np.zeros_like(w) for w in self.weights]

    def forward(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:  # (B, 64) → (B, hidden), (B, 10)
        w1, b1, w2, b2 = self.weights
        z = x @ w1 + b1
        hidden = np.maximum(z, 0) if self.setting.activation == "relu" else np.tanh(z)
        return hidden, log_softmax(hidden @ w2 + b2)

    def train(self, x: np.ndarray, y: np.ndarray, rate: float) -> tuple[float, float, float]:
        """One step; returns loss, accuracy and gradient norm of the batch."""
        hidden, log_p = self.forward(x)
        gradients = self._gradients(x, y, hidden, log_p)
        for weight, velocity, gradient in zip(self.weights, self.velocity, gradients, strict=True):
            velocity *= 0.9
            velocity -= rate * gradient
            weight += velocity
        norm = np.sqrt(sum((g**2).sum() for g in gradients))
        return -log_p[np.arange(len(y)), y].mean(), (log_p.argmax(1) == y).mean(), norm

    def _gradients(self, x: np.ndarray, y: np.ndarray, hidden: np.ndarray, log_p: np.ndarray) -> list[np.ndarray]:
        error = np.exp(log_p)
        error[np.arange(len(y)), y] -= 1
        error /= len(y)
        slope = (hidden > 0) if self.setting.activation == "relu" else 1 - hidden**2
        back = (error @ self.weights[2].T) * slope
        return [x.T @ back, back.sum(0), hidden.T @ error, error.sum(0)]


def write(folder: Path, clock: Clock) -> None:
    """Train every setting in turn, one run each, and log its hyperparameters with its results."""
    for setting in SETTINGS:
        with SummaryWriter(folder / setting.name) as writer:
            results = train(writer, setting, clock)
            metrics = {"result/loss": results["loss/val"], "result/accuracy": results["accuracy/val"]}
            writer.add_hparams(asdict(setting), metrics, global_step=STEPS, sub_run=False)
        clock.tick(3.0)


def train(writer: SummaryWriter, setting: Setting, clock: Clock) -> dict[str, float]:
    """Train one network; returns its last validation figures by tag."""
    rng = np.random.default_rng(setting.seed)
    (x, y), (val_x, val_y) = load(), load(validation=True)
    network = Network(setting, rng)
    for step in range(1, STEPS + 1):
        chosen = rng.integers(0, len(y), setting.batch_size)
        rate = setting.learning_rate * (1 - step / (STEPS + 1))
        noise = NOISE * setting.augment * rng.normal(size=(setting.batch_size, 64))
        loss, accuracy, norm = network.train(x[chosen] + noise, y[chosen], rate)
        clock.tick(SECONDS_PER_STEP * (1 + setting.hidden / 1000) * rng.uniform(0.9, 1.2))
        writer.add_scalar("loss/train", loss, step)
        writer.add_scalar("accuracy/train", accuracy, step)
        writer.add_scalar("norms/all", norm, step)
        if step % 10 == 0:
            results = validate(network, val_x, val_y)
            for name, value in results.items():
                writer.add_scalar(name, value, step)
            writer.add_scalar("optimizer/learning_rate", rate, step)
        if step % 200 == 0:
            writer.add_histogram("weights/first", network.weights[0], step)
    return results


def validate(network: Network, x: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """Loss and accuracy, over all and of the hardest digit, by tag."""
    log_p = network.forward(x)[1]
    losses = -log_p[np.arange(len(y)), y]
    correct = log_p.argmax(1) == y
    return {
        "loss/val": losses.mean(),
        "loss/hardest_digit": max(losses[y == digit].mean() for digit in range(10)),
        "accuracy/val": correct.mean(),
        "accuracy/hardest_digit": min(correct[y == digit].mean() for digit in range(10)),
    }


def load(*, validation: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Images (N, 64) in [0, 1] and labels (N,): the first 1,437 digits to train, the others to validate."""
    data = load_digits()
    part = slice(1437, None) if validation else slice(1437)
    return data.data[part] / 16, data.target[part]


def log_softmax(logits: np.ndarray) -> np.ndarray:  # (B, 10) → (B, 10)
    shifted = logits - logits.max(1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
