"""Two scikit-learn classifiers of the digits, a run each, to be compared side by side after every epoch.

What they get right and wrong as confusion matrices, curves and a table of mistakes; how their decisions move as a film;
where they put the digits as a point cloud; a figure and a report.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.linear_model import SGDClassifier
from sklearn.neural_network import MLPClassifier

from stepscope.logger import SummaryWriter

from .clock import Clock

EPOCHS, BATCHES = 5, 10  # batches of an epoch, and frames of its film
SECONDS_PER_BATCH = 1.5
MAP = 40  # pixels of a side of the map of decisions
DIGITS = [str(digit) for digit in range(10)]
# One colour a digit, apart for colour-blind eyes.
COLORS = np.array(
    [
        (0, 114, 178), (230, 159, 0), (0, 158, 115), (204, 121, 167), (86, 180, 233), (213, 94, 0), (240, 228, 66),
        (120, 120, 120), (60, 20, 110), (170, 220, 190),
    ],
    np.uint8,
)  # fmt: skip


@dataclass(frozen=True)
class Data:
    """Pixels (n, 64) from 0 to 1 and labels (n,) for training and validation; a plane through them."""

    train_x: np.ndarray
    train_y: np.ndarray
    val_x: np.ndarray
    val_y: np.ndarray
    axes: PCA  # of three components
    plane: np.ndarray  # (MAP · MAP, 64): points of the plane of the first two


def write(folder: Path, clock: Clock) -> None:
    """Train both and log into runs of their own."""
    data = load(seed=3)
    models = {
        "logistic": SGDClassifier(loss="log_loss", learning_rate="constant", eta0=0.02, random_state=0),
        "perceptron": MLPClassifier((24,), learning_rate_init=0.01, random_state=0),
    }
    for name, model in models.items():
        with SummaryWriter(folder / name) as writer:
            train(writer, model, data, clock)
            writer.add_text("notes", f"**{name}**: `{model}`, {EPOCHS} epochs of {BATCHES} batches")


def load(seed: int) -> Data:
    """The 1,797 digits in a seeded order, the last 497 for validation."""
    digits = load_digits()
    order = np.random.default_rng(seed).permutation(len(digits.target))
    pixels, labels = digits.data[order] / 16, digits.target[order]
    axes = PCA(3, random_state=0).fit(pixels)
    side = np.linspace(-2, 2, MAP)
    across, down = np.meshgrid(side, side)
    points = np.stack([across.ravel(), down.ravel(), np.zeros(MAP * MAP)], axis=1)
    return Data(pixels[:1300], labels[:1300], pixels[1300:], labels[1300:], axes, axes.inverse_transform(points))


def train(writer: SummaryWriter, model: SGDClassifier | MLPClassifier, data: Data, clock: Clock) -> None:
    """Train epoch by epoch and log after each."""
    order = np.random.default_rng(1)
    for epoch in range(1, EPOCHS + 1):
        frames = []
        for rows in np.array_split(order.permutation(len(data.train_y)), BATCHES):
            model.partial_fit(data.train_x[rows], data.train_y[rows], classes=np.arange(10))
            frames.append(COLORS[model.predict(data.plane)].reshape(MAP, MAP, 3))
            clock.tick(SECONDS_PER_BATCH)
        scores = model.predict_proba(data.val_x)
        writer.add_scalar("accuracy/val", np.mean(scores.argmax(1) == data.val_y), epoch)
        log_counts(writer, data, scores, epoch)
        log_documents(writer, data, scores, epoch)
        enlarged = np.kron(np.stack(frames), np.ones((1, 3, 3, 1), np.uint8))
        writer.add_video("decisions", enlarged[None], epoch, fps=5, dataformats="NTHWC")
        writer.add_object("digits", np.column_stack([data.axes.transform(data.val_x), scores.argmax(1)]), epoch)
        writer.flush()


def log_counts(writer: SummaryWriter, data: Data, scores: np.ndarray, epoch: int) -> None:
    """Curves and counts of what is right and wrong."""
    writer.add_confusion_matrix("confusion", data.val_y, scores, epoch, DIGITS)
    for digit in (3, 8):
        writer.add_roc_curve(f"roc/{digit}", data.val_y == digit, scores[:, digit], epoch, 60)
        writer.add_pr_curve(f"precision_recall/{digit}", data.val_y == digit, scores[:, digit], epoch, 60)
    writer.add_histogram("confidence", scores.max(1), epoch, bins=20)


def log_documents(writer: SummaryWriter, data: Data, scores: np.ndarray, epoch: int) -> None:
    """The worst mistakes as a table, the accuracy of each digit as a figure and as a report."""
    guess, sure = scores.argmax(1), scores.max(1)
    wrong = np.flatnonzero(guess != data.val_y)
    rows = [
        {
            "picture": data.val_x[row].reshape(8, 8),
            "label": int(data.val_y[row]),
            "guess": int(guess[row]),
            "confidence": float(sure[row].round(3)),
            "second guess right": bool(np.argsort(scores[row])[-2] == data.val_y[row]),
        }
        for row in wrong[np.argsort(-sure[wrong])][:12]
    ]
    writer.add_table("mistakes", rows, epoch)
    accuracy = [float(np.mean(guess[data.val_y == digit] == digit).round(3)) for digit in range(10)]
    bars = {"type": "bar", "x": DIGITS, "y": accuracy, "name": f"epoch {epoch}"}
    axes = {
        "xaxis": {"title": {"text": "digit"}, "type": "category"},
        "yaxis": {"title": {"text": "accuracy"}, "range": [0, 1]},
    }
    writer.add_plotly("accuracy by digit", {"data": [bars], "layout": axes}, epoch)
    writer.add_html("report", report(epoch, accuracy, len(wrong)), epoch)


def report(epoch: int, accuracy: list[float], mistakes: int) -> str:
    """A small page with a style of its own."""
    cells = "".join(
        f"<tr><td>{digit}<td>{share:.1%}<td><meter value='{share}'></meter>" for digit, share in enumerate(accuracy)
    )
    style = "body { font: 14px system-ui; margin: 12px } td { padding: 2px 10px } h1 { font-size: 18px }"
    return f"<style>{style}</style><h1>Epoch {epoch}</h1><p>{mistakes} mistakes<table>{cells}</table>"
