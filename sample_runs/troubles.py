"""What goes wrong in real log directories, one run per trouble: a dashboard should show all of them and trip over none.

Everything is written with the public API; the truncated and the damaged file are then cut and scratched.
"""

from pathlib import Path

import numpy as np

from stepscope.logger import SummaryWriter

from .clock import Clock

_STOP_RECORD = 32  # bytes of the record by which a writer that is closed says so


def write(folder: Path, clock: Clock) -> None:
    """Write every trouble into a run of its own in `folder`."""
    for trouble in TROUBLES:
        trouble(folder / trouble.__name__.replace("_", "-"), clock)
        clock.tick(60.0)


def nan_and_infinity(folder: Path, clock: Clock) -> None:
    """A loss that explodes to infinity and then is no number; another that fails now and then."""
    with SummaryWriter(folder) as writer:
        for step in range(400):
            exploding = np.exp(0.25 * step) if step < 380 else np.nan
            now_and_then = np.nan if step % 50 == 49 else np.inf if step % 90 == 89 else np.cos(step / 30)
            with np.errstate(over="ignore"):
                writer.add_scalar("trouble/exploding", np.float32(exploding), step)
            writer.add_scalar("trouble/now_and_then", now_and_then, step)
            clock.tick(1.0)


def one_spike(folder: Path, clock: Clock) -> None:
    """3,000 quiet steps and one value of 100: it has to be seen."""
    with SummaryWriter(folder) as writer:
        for step in range(3000):
            writer.add_scalar("trouble/spike", 100.0 if step == 1234 else 0.0, step)
            clock.tick(0.1)


def truncated(folder: Path, clock: Clock) -> None:
    """A process that was killed while it wrote: the last record is incomplete."""
    write_decay(folder, clock)
    path = only_file(folder)
    path.write_bytes(path.read_bytes()[: -(_STOP_RECORD + 17)])


def damaged(folder: Path, clock: Clock) -> None:
    """Two scratches on the disk: a flipped bit in a value and a burst of garbage over a record's frame."""
    write_decay(folder, clock)
    path = only_file(folder)
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 0x10
    data[len(data) // 2 : len(data) // 2 + 40] = bytes(range(40))
    path.write_bytes(data)


def restarted(folder: Path, clock: Clock) -> None:
    """Stopped at step 600, taken up again from the checkpoint of step 400, and once more from 700."""
    for first, last, scale, purge in ((0, 600, 1.0, None), (400, 800, 0.8, 400), (700, 1000, 0.9, 700)):
        with SummaryWriter(folder, purge_step=purge) as writer:
            for step in range(first, last):
                writer.add_scalar("trouble/restarted", scale * np.exp(-step / 300) + 0.02 * np.sin(step), step)
                clock.tick(0.5)
        clock.tick(600.0)


def repeated_steps(folder: Path, clock: Clock) -> None:
    """Every step logged twice, and one tag that counts the epochs anew."""
    with SummaryWriter(folder) as writer:
        for step in range(200):
            for repeat in (0, 1):
                writer.add_scalar("trouble/twice", np.sqrt(step) + repeat, step)
            writer.add_scalar("trouble/counts_anew", np.cos(step / 20), step % 100)
            clock.tick(1.0)


def two_writers(folder: Path, clock: Clock) -> None:
    """Two processes write into one run at the same time: even steps in one file, odd steps in the other."""
    with SummaryWriter(folder, filename_suffix=".even") as even, SummaryWriter(folder, filename_suffix=".odd") as odd:
        for step in range(500):
            (odd if step % 2 else even).add_scalar("trouble/two_writers", np.sin(step / 40), step)
            clock.tick(0.2)


def odd_names(folder: Path, clock: Clock) -> None:
    """Tags that are markup, other scripts, signs, spaces, or very long."""
    names = [
        "<img src=x onerror=alert(1)>",
        "</script><script>alert(2)</script>",
        "Genauigkeit (größer = besser)",
        "точность",
        "損失 📉",
        "  spaces  ",
        "a?b=c&d#e%2F",
        "/leading//double/slash",
        "long " + "very " * 40 + "long",
    ]
    with SummaryWriter(folder) as writer:
        for step in range(60):
            for k, name in enumerate(names):
                writer.add_scalar(f"trouble/{name}", np.sin(step / 10 + k), step)
            clock.tick(1.0)


def odd_steps(folder: Path, clock: Clock) -> None:
    """Negative steps, steps beyond 2⁵³, no step at all, a single point, a constant."""
    with SummaryWriter(folder) as writer:
        for k in range(100):
            writer.add_scalar("trouble/negative_steps", np.tanh(k / 20 - 2.5), k - 50)
            writer.add_scalar("trouble/huge_steps", k % 10, 2**60 + k * 10**12)
            writer.add_scalar("trouble/no_step", k)
            writer.add_scalar("trouble/constant", 0.1, k)
            clock.tick(1.0)
        writer.add_scalar("trouble/one_point", 42, 7)


def double_precision(folder: Path, clock: Clock) -> None:
    """Differences that single precision cannot hold: a counter beyond 2²⁴, the tenth digit of a loss."""
    with SummaryWriter(folder) as writer:
        for step in range(200):
            style = {"new_style": True, "double_precision": True}
            writer.add_scalar("trouble/counter", 1e9 + step, step, **style)
            writer.add_scalar("trouble/tenth_digit", 1 + 1e-9 * np.sin(step / 15), step, **style)
            clock.tick(1.0)


def many_tags(folder: Path, clock: Clock) -> None:
    """A thousand tags, as when every parameter logs its norm."""
    rng = np.random.default_rng(0)
    with SummaryWriter(folder) as writer:
        walk = rng.normal(0, 1, (8, 1000)).cumsum(axis=0)
        for step, values in enumerate(walk):
            for i, value in enumerate(values):
                writer.add_scalar(f"trouble_many_tags/layer_{i // 10}/norm_{i % 10}", value, step)
            clock.tick(10.0)


def odd_embedding(folder: Path, clock: Clock) -> None:
    """Points with NaN, a line that is too short, too few labels, thumbnails that do not fit, a file that is gone."""
    rng = np.random.default_rng(3)
    points = rng.normal(size=(60, 5)).round(3)
    points[:, 4] = 1.0
    points[7], points[20, 2] = np.nan, np.inf
    labels = [f"point {row}" for row in range(60)]
    with SummaryWriter(folder) as writer:
        writer.add_scalar("trouble/embedding", 1.0, 0)
        for tag in ("rows", "one", "lost"):
            given = points[:1] if tag == "one" else points
            writer.add_embedding(given, labels[: len(given)], np.zeros((len(given), 3, 4, 4), np.float32), tag=tag)
    place = folder / "00000" / "rows"
    lines = (place / "tensors.tsv").read_text().split("\n")
    lines[30] = "0.5\t0.25"
    (place / "tensors.tsv").write_text("\n".join(lines))
    (place / "metadata.tsv").write_text("\n".join(labels[:50]))
    config = folder / "projector_config.pbtxt"
    config.write_text(config.read_text().replace("single_image_dim: 4", "single_image_dim: 5", 1))
    (folder / "00000" / "lost" / "tensors.tsv").unlink()
    clock.tick(1.0)


TROUBLES = (
    nan_and_infinity,
    one_spike,
    truncated,
    damaged,
    restarted,
    repeated_steps,
    two_writers,
    odd_names,
    odd_steps,
    double_precision,
    many_tags,
    odd_embedding,
)


def write_decay(folder: Path, clock: Clock) -> None:
    """500 steps of a noisy decay."""
    rng = np.random.default_rng(1)
    with SummaryWriter(folder) as writer:
        for step in range(500):
            writer.add_scalar("trouble/decay", np.exp(-step / 120) + rng.normal(0, 0.02), step)
            clock.tick(0.5)


def only_file(folder: Path) -> Path:
    """The one event file of a run."""
    (path,) = folder.glob("*tfevents*")
    return path
