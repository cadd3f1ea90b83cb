"""Two encoders of transformers learn the digits from their rows: graphs to explore and to compare.

`base` and `gated` differ in the block behind the attention. Each logs its graph, the loss at every step, and
histograms of the gradients under the names of the parameters, so that the graph can be coloured by them.
"""

from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

from stepscope.logger import SummaryWriter

from .clock import Clock
from .digits_torch import Digits, load

STEPS, BATCH, RATE = 300, 64, 2e-3
LOOK_EVERY = 100  # steps
SECONDS_PER_STEP = 0.4
WIDTH, HEADS, LAYERS = 32, 4, 4


class Attention(nn.Module):
    """Every row of the picture looks at every other."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.project = nn.Linear(WIDTH, WIDTH)

    def forward(self, x: torch.Tensor) -> torch.Tensor:  # (B, 8, WIDTH)
        query, key, value = (part.unflatten(-1, (HEADS, -1)).transpose(1, 2) for part in self.qkv(x).chunk(3, dim=-1))
        mixed = functional.scaled_dot_product_attention(query, key, value)
        return self.project(mixed.transpose(1, 2).flatten(2))


class FeedForward(nn.Module):
    """Two layers for each row on its own."""

    def __init__(self) -> None:
        super().__init__()
        self.up = nn.Linear(WIDTH, 2 * WIDTH)
        self.down = nn.Linear(2 * WIDTH, WIDTH)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.down(functional.gelu(self.up(x)))


class GatedFeedForward(FeedForward):
    """The same with a gate."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = nn.Linear(WIDTH, 2 * WIDTH)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.down(functional.silu(self.gate(x)) * self.up(x))


class EncoderLayer(nn.Module):
    """Attention and a block behind it, each beside what goes around it."""

    def __init__(self, block: type[FeedForward]) -> None:
        super().__init__()
        self.attention_norm, self.block_norm = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.attention, self.block = Attention(), block()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.attention(self.attention_norm(x))
        return x + self.block(self.block_norm(x))


class Encoder(nn.Module):
    """Rows of a digit → its class."""

    def __init__(self, block: type[FeedForward]) -> None:
        super().__init__()
        self.embed = nn.Linear(8, WIDTH)
        self.position = nn.Parameter(torch.zeros(8, WIDTH))
        self.layers = nn.Sequential(*(EncoderLayer(block) for _ in range(LAYERS)))
        self.norm = nn.LayerNorm(WIDTH)
        self.classify = nn.Linear(WIDTH, 10)

    def forward(self, images: torch.Tensor) -> torch.Tensor:  # (B, 1, 8, 8) → (B, 10)
        x = self.embed(images.squeeze(1)) + self.position
        return self.classify(self.norm(self.layers(x)).mean(dim=1))


def write(folder: Path, clock: Clock) -> None:
    """Train both, one after the other, and log into `folder`."""
    torch.set_num_threads(1)
    digits = load(seed=7)
    for name, block in (("base", FeedForward), ("gated", GatedFeedForward)):
        torch.manual_seed(7)
        model = Encoder(block)
        with SummaryWriter(folder / name) as writer:
            writer.add_graph(model, digits.train_x[:2])
            train(writer, model, digits, clock)


def train(writer: SummaryWriter, model: Encoder, digits: Digits, clock: Clock) -> None:
    """Log the loss at every step, gradients and the validation accuracy now and then."""
    optimizer = torch.optim.AdamW(model.parameters(), RATE)
    for step in range(1, STEPS + 1):
        chosen = torch.randint(len(digits.train_y), (BATCH,))
        loss = functional.cross_entropy(model(digits.train_x[chosen]), digits.train_y[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        clock.tick(SECONDS_PER_STEP)
        writer.add_scalar("loss/train", loss, step)
        if step % LOOK_EVERY == 0:
            for name, parameter in model.named_parameters():
                writer.add_histogram(f"gradients/{name}", parameter.grad, step, max_bins=32)
            with torch.no_grad():
                accuracy = (model(digits.val_x).argmax(1) == digits.val_y).float().mean()
            writer.add_scalar("accuracy/val", accuracy, step)
