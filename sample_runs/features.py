"""A small network learns the digits, and what it sees in them is logged on the way: one embedding at nine steps.

Before the first step the digits lie where chance puts them; at the end those of a class lie together. Each point has
its picture, its class, what the network takes it for, and how sure it is.
"""

from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from stepscope.logger import SummaryWriter

from .clock import Clock
from .digits_torch import Digits, load

STEPS, BATCH, RATE = 800, 32, 3e-3
LOOK_AT = (0, 10, 25, 50, 100, 200, 400, 600, 800)
POINTS, WIDTH = 500, 12
SECONDS_PER_STEP = 0.05
HEADER = ["digit", "taken for", "right", "sure"]


def write(folder: Path, clock: Clock) -> None:
    """Train once and log into `folder`."""
    torch.set_num_threads(1)
    torch.manual_seed(7)
    digits = load(seed=7)
    features = nn.Sequential(nn.Flatten(), nn.Linear(64, 48), nn.Tanh(), nn.Linear(48, WIDTH), nn.Tanh())
    classify = nn.Linear(WIDTH, 10)
    optimizer = torch.optim.AdamW([*features.parameters(), *classify.parameters()], RATE)
    with SummaryWriter(folder) as writer:
        for step in range(STEPS + 1):
            if step in LOOK_AT:
                look(writer, features, classify, digits, step)
            chosen = torch.randint(len(digits.train_y), (BATCH,))
            loss = functional.cross_entropy(classify(features(digits.train_x[chosen])), digits.train_y[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            writer.add_scalar("loss/train", loss, step)
            clock.tick(SECONDS_PER_STEP)


def look(writer: SummaryWriter, features: nn.Module, classify: nn.Module, digits: Digits, step: int) -> None:
    """Log the features of some digits with what the network makes of them."""
    images, labels = digits.train_x[:POINTS], digits.train_y[:POINTS]
    with torch.no_grad():
        points = features(images)
        sure, taken = classify(points).softmax(1).max(1)
    rows = [
        [digit, guess, "yes" if digit == guess else "no", f"{share:.3f}"]
        for digit, guess, share in zip(labels.tolist(), taken.tolist(), sure.tolist(), strict=True)
    ]
    writer.add_embedding(np.round(points.numpy().astype(float), 3), rows, images, step, "features", HEADER)
    writer.add_scalar("accuracy", (taken == labels).float().mean(), step)
