"""Torch models that are hard to draw, each with the arguments to call it with."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Residual(nn.Module):
    """Convolutions, normalisation with buffers, a sum that skips."""

    def __init__(self, channels: int = 4) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x + self.norm(self.conv(x)))


class Encoder(nn.Module):
    """Whole numbers in, an encoder whose layers evaluation mode would run in one piece."""

    def __init__(self, layers: int = 2) -> None:
        super().__init__()
        self.embedding = nn.Embedding(50, 16)
        self.layers = nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 2, 32, batch_first=True), layers)
        self.head = nn.Linear(16, 50)

    def forward(self, words: Tensor) -> Tensor:
        return self.head(self.layers(self.embedding(words)))


class Recurrent(nn.Module):
    """Tuples of tuples between modules."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(8, 16, 2, batch_first=True)
        self.head = nn.Linear(16, 3)

    def forward(self, x: Tensor) -> Tensor:
        _, (hidden, _) = self.lstm(x)
        return self.head(hidden[-1])


class Deciding(nn.Module):
    """The data decide which way it goes."""

    def __init__(self) -> None:
        super().__init__()
        self.positive, self.negative = nn.Linear(4, 4), nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.positive(x) if x.sum() > 0 else self.negative(x)
        while x.norm() > 1:
            x = x / 2
        return x


class DictInputs(nn.Module):
    """One dict argument, a number by name, a dict returned."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.numbers = nn.Embedding(20, 8), nn.Linear(3, 8)

    def forward(self, batch: dict[str, Tensor], scale: float = 1.0) -> dict[str, Any]:
        hidden = self.words(batch["words"]).sum(1) + self.numbers(batch["numbers"])
        return {"logits": hidden * scale, "more": [hidden]}


class Shared(nn.Module):
    """A module called three times, and a list of modules."""

    def __init__(self) -> None:
        super().__init__()
        self.shared = nn.Linear(4, 4)
        self.blocks = nn.ModuleList(nn.Sequential(nn.Linear(4, 4), nn.ReLU()) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        for _ in range(3):
            x = self.shared(x)
        for block in self.blocks:
            x = block(x)
        return x


class Tied(nn.Module):
    """The output layer has the weights of the embedding."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding, self.head = nn.Embedding(9, 4), nn.Linear(4, 9, bias=False)
        self.head.weight = self.embedding.weight

    def forward(self, words: Tensor) -> Tensor:
        logits: Tensor = self.head(self.embedding(words))
        return logits


def all_models() -> dict[str, tuple[nn.Module, tuple[Any, ...], dict[str, Any]]]:
    """Name → (model, arguments, arguments by name)."""
    words = torch.arange(10).reshape(2, 5)
    batch = {"words": words, "numbers": torch.ones(2, 3)}
    return {
        "layers": (nn.Sequential(nn.Linear(6, 5), nn.ReLU(), nn.Dropout(), nn.Linear(5, 2)), (torch.ones(3, 6),), {}),
        "residual": (Residual(), (torch.ones(2, 4, 8, 8),), {}),
        "encoder": (Encoder(), (words,), {}),
        "recurrent": (Recurrent(), (torch.ones(2, 5, 8),), {}),
        "deciding": (Deciding(), (torch.ones(2, 4),), {}),
        "dict inputs": (DictInputs(), (batch,), {"scale": 2.0}),
        "shared": (Shared(), (torch.ones(2, 4),), {}),
    }
