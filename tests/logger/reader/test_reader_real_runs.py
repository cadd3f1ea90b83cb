"""Files that TensorFlow, Keras, torch, tensorboardX and Lightning wrote, against TensorBoard's own reader."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from reader_logs import read

from stepscope.logger import LogDir

REAL = Path(__file__).parents[3].parent / "shared" / "real_runs"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real runs are not beside this checkout")


@pytest.fixture(scope="module")
def log() -> LogDir:
    return read(REAL)


def folders() -> list[Path]:
    return sorted({path.parent for path in REAL.rglob("*tfevents*")}) if REAL.is_dir() else []


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.relative_to(REAL).as_posix())
def test_every_scalar_that_tensorboard_reads(log: LogDir, folder: Path) -> None:
    accumulators = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    from tensorboard.util import tensor_util

    run = folder.relative_to(REAL).as_posix()
    expected: dict[str, list[tuple[int, float, float]]] = {}
    for path in sorted(folder.glob("*tfevents*")):
        theirs = accumulators.EventAccumulator(
            str(path), size_guidance={"scalars": 0, "tensors": 0}, purge_orphaned_data=False
        )
        theirs.Reload()
        for tag in theirs.Tags()["scalars"]:
            expected.setdefault(tag, []).extend((e.step, e.wall_time, e.value) for e in theirs.Scalars(tag))
        for tag in theirs.Tags()["tensors"]:
            if theirs.SummaryMetadata(tag).plugin_data.plugin_name == "scalars":
                expected.setdefault(tag, []).extend(
                    (e.step, e.wall_time, float(tensor_util.make_ndarray(e.tensor_proto).item()))
                    for e in theirs.Tensors(tag)
                )
    assert set(log.tags(run).get("scalars", [])) == set(expected)
    for tag, rows in expected.items():
        series = log.scalars(run, tag)
        ours = zip(series.step.tolist(), series.wall_time.tolist(), series.value.tolist(), strict=True)
        assert sorted(ours) == sorted(rows), tag


def test_every_blob_decodes(log: LogDir) -> None:
    seen = set()
    for run in log.runs:
        for kind, tags in log.tags(run).items():
            for tag in tags if kind != "scalars" else []:
                values = list(log.blobs(run, kind, tag))
                assert len(values) > 0
                seen.add(kind)
    assert seen == {
        "histograms", "images", "audio", "text", "tensors", "pr_curves", "meshes", "graphs", "hparams",
        "custom_scalars",
    }  # fmt: skip


def test_the_restarted_run_has_segments(log: LogDir) -> None:
    tags = log.tags("torch/restart")["scalars"]
    series = log.scalars("torch/restart", tags[0])
    assert len(series.segments()) == 2
    latest = series.latest().step
    assert (np.diff(latest) > 0).all()


def test_nothing_is_damaged(log: LogDir) -> None:
    status = log.status()
    assert (status.damaged, status.unreadable) == (0, 0)
