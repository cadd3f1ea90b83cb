"""A small convolutional network learns the scikit-learn digits: what a typical torch training logs.

Losses, accuracies, learning rate and gradient norms at every step; histograms of weights and gradients, misclassified
images, a confusion matrix, precision-recall curves and the features as an embedding now and then; the graph, the
settings as text and the hyperparameters once.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional

from stepscope.logger import SummaryWriter

from .clock import Clock

STEPS, WARMUP = 2000, 150
WEIGHT_DECAY = 0.02
SECONDS_PER_STEP = 0.21
CHECKPOINT_EVERY = 500  # steps


@dataclass(frozen=True)
class Settings:
    """The hyperparameters of the training."""

    learning_rate: float = 0.006
    hidden: int = 32
    activation: str = "relu"
    optimizer: str = "adamw"
    batch_size: int = 64
    dropout: float = 0.25
    augment: bool = True
    seed: int = 7


class DigitNet(nn.Module):
    """Two convolutions and two linear layers over 8×8 digits; `features` is the layer before the last."""

    def __init__(self, hidden: int, dropout: float):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 12, 3, padding=1)
        self.conv2 = nn.Conv2d(12, 24, 3, padding=1)
        self.hidden = nn.Linear(24 * 4, hidden)
        self.dropout = nn.Dropout(dropout)
        self.classify = nn.Linear(hidden, 10)

    def features(self, images: torch.Tensor) -> torch.Tensor:  # (B, 1, 8, 8) → (B, hidden)
        x = functional.max_pool2d(self.conv1(images).relu(), 2)
        x = functional.max_pool2d(self.conv2(x).relu(), 2)
        return self.hidden(x.flatten(1)).relu()

    def forward(self, images: torch.Tensor) -> torch.Tensor:  # (B, 1, 8, 8) → (B, 10)
        return self.classify(self.dropout(self.features(images)))


@dataclass(frozen=True)
class Digits:
    """Images (N, 1, 8, 8) in [0, 1] and labels (N,) for training and validation."""

    train_x: torch.Tensor
    train_y: torch.Tensor
    val_x: torch.Tensor
    val_y: torch.Tensor


def write(folder: Path, clock: Clock) -> None:
    """Train once and log into `folder`."""
    settings = Settings()
    torch.manual_seed(settings.seed)
    torch.set_num_threads(1)
    digits = load(settings.seed)
    model = DigitNet(settings.hidden, settings.dropout)
    with SummaryWriter(folder) as writer:
        describe(writer, model, settings, digits)
        clock.tick(2.0)
        for step in train(writer, model, settings, digits):
            clock.tick(SECONDS_PER_STEP * (1.4 if step % 500 == 0 else 1))
            if step % 20 == 0:
                accuracy = validate(writer, model, digits, step)
            if step % 250 == 0:
                look_inside(writer, model, digits, step)
            if step == WARMUP:
                writer.add_event("warm-up done", step)
            if step % CHECKPOINT_EVERY == 0:
                writer.add_event(f"validation accuracy {accuracy:.1%}", step, kind="checkpoint")
        summarize(writer, model, digits, settings, accuracy)


def load(seed: int) -> Digits:
    """The 1,797 digits in a seeded order, the last 360 for validation."""
    data = load_digits()
    order = np.random.default_rng(seed).permutation(len(data.target))
    images = torch.tensor(data.images[order] / 16, dtype=torch.float32)[:, None]
    labels = torch.tensor(data.target[order])
    return Digits(images[:-360], labels[:-360], images[-360:], labels[-360:])


def describe(writer: SummaryWriter, model: DigitNet, settings: Settings, digits: Digits) -> None:
    """Log what is known before the first step: settings, graph, charts to be composed, samples."""
    rows = "\n".join(f"| {name} | {value} |" for name, value in asdict(settings).items())
    writer.add_text("settings", f"## digits-cnn\n\n| setting | value |\n|---|---|\n{rows}")
    writer.add_text("model", f"```\n{model}\n```")
    writer.add_graph(model, digits.train_x[:2])
    writer.add_images("samples/train", digits.train_x[:32], 0)
    layout = {
        "Generalisation": {
            "loss": ["Multiline", ["loss/train", "loss/val"]],
            "accuracy": ["Multiline", ["accuracy/train", "accuracy/val"]],
        }
    }
    writer.add_custom_scalars(layout)


def train(writer: SummaryWriter, model: DigitNet, settings: Settings, digits: Digits) -> Iterator[int]:
    """Train step by step, yielding the number of steps done; a warm-up and a cosine decay of the learning rate."""
    optimizer = torch.optim.AdamW(model.parameters(), settings.learning_rate, weight_decay=WEIGHT_DECAY)
    for step in range(1, STEPS + 1):
        rate = settings.learning_rate * schedule(step)
        optimizer.param_groups[0]["lr"] = rate
        x, y = batch(digits, settings)
        model.train()
        logits = model(x)
        loss = functional.cross_entropy(logits, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        writer.add_scalar("loss/train", loss, step)
        writer.add_scalar("accuracy/train", (logits.argmax(1) == y).float().mean(), step)
        writer.add_scalar("optimizer/learning_rate", rate, step)
        for name, layer in model.named_children():
            if norms := [p.grad.norm() for p in layer.parameters()]:
                writer.add_scalar(f"norms/{name}", torch.stack(norms).norm(), step)
        yield step


def schedule(step: int) -> float:
    """The share of the learning rate at a step: linear up, then half a cosine down."""
    if step < WARMUP:
        return step / WARMUP
    done = (step - WARMUP) / (STEPS - WARMUP)
    return 0.5 * (1 + np.cos(np.pi * done))


def batch(digits: Digits, settings: Settings) -> tuple[torch.Tensor, torch.Tensor]:
    """Random training digits, shifted by up to one pixel and with noise when augmenting."""
    chosen = torch.randint(len(digits.train_y), (settings.batch_size,))
    x = digits.train_x[chosen]
    if settings.augment:
        dx, dy = torch.randint(-1, 2, (2,)).tolist()
        x = torch.roll(x, (dx, dy), (2, 3)) + 0.12 * torch.randn_like(x)
    return x, digits.train_y[chosen]


@torch.no_grad()
def validate(writer: SummaryWriter, model: DigitNet, digits: Digits, step: int) -> float:
    """Log loss and accuracy on the validation digits, over all and of the hardest digit; returns the accuracy."""
    model.eval()
    logits = model(digits.val_x)
    losses = functional.cross_entropy(logits, digits.val_y, reduction="none")
    correct = (logits.argmax(1) == digits.val_y).float()
    writer.add_scalar("loss/val", losses.mean(), step)
    writer.add_scalar("loss/hardest_digit", max(losses[digits.val_y == d].mean() for d in range(10)), step)
    writer.add_scalar("accuracy/val", correct.mean(), step)
    writer.add_scalar("accuracy/hardest_digit", min(correct[digits.val_y == d].mean() for d in range(10)), step)
    return correct.mean().item()


@torch.no_grad()
def look_inside(writer: SummaryWriter, model: DigitNet, digits: Digits, step: int) -> None:
    """Log what is costlier to compute or larger: histograms, mistakes, confusion, precision-recall."""
    for name, parameter in model.named_parameters():
        if name.endswith("weight"):
            writer.add_histogram(f"weights/{name[:-7]}", parameter, step)
            writer.add_histogram(f"gradients/{name[:-7]}", parameter.grad, step)
    model.eval()
    probabilities = model(digits.val_x).softmax(1)
    predicted = probabilities.argmax(1)
    if len(wrong := torch.nonzero(predicted != digits.val_y)[:, 0]):
        writer.add_images("mistakes", digits.val_x[wrong[:32]], step)
    writer.add_figure("confusion", confusion_figure(digits.val_y.numpy(), predicted.numpy()), step)
    for digit in (3, 8):
        writer.add_pr_curve(f"precision_recall/{digit}", digits.val_y == digit, probabilities[:, digit], step, 40)


def confusion_figure(labels: np.ndarray, predicted: np.ndarray) -> object:
    """A matplotlib figure: rows are labels, columns predictions."""
    from matplotlib.figure import Figure

    counts = np.zeros((10, 10), int)
    np.add.at(counts, (labels, predicted), 1)
    figure = Figure(figsize=(3.6, 3.4), dpi=80, layout="constrained")
    axes = figure.add_subplot(xlabel="predicted", ylabel="label", xticks=range(10), yticks=range(10))
    axes.imshow(np.sqrt(counts), cmap="Blues")
    for row, column in zip(*np.nonzero(counts), strict=True):
        color = "white" if row == column else "black"
        axes.text(column, row, counts[row, column], ha="center", va="center", fontsize=7, color=color)
    return figure


@torch.no_grad()
def summarize(writer: SummaryWriter, model: DigitNet, digits: Digits, settings: Settings, accuracy: float) -> None:
    """Log what is known after the last step: the features as an embedding, the hyperparameters with the result."""
    model.eval()
    features = model.features(digits.val_x)
    labels = [str(label) for label in digits.val_y.tolist()]
    writer.add_embedding(features, labels, digits.val_x, STEPS, "features")
    writer.add_hparams(asdict(settings), {"result/accuracy": accuracy}, global_step=STEPS, sub_run=False)
