"""A log with an embedding at three steps, and the web app over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient
from point_answers import POINTS, points_at

from stepscope.logger import LogDir, SummaryWriter, open_logdir
from stepscope.webapp import Settings, create_app
from stepscope.webapp.context import EXTENSION, Site


@pytest.fixture(scope="session")
def embedding_logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("embeddings")
    labels = [[f"point {row}", "abc"[row // 20], str(row / 2)] for row in range(POINTS)]
    pictures = np.zeros((POINTS, 3, 6, 4), np.float32)
    pictures[:, 0] = np.linspace(0, 1, POINTS)[:, None, None]  # the later, the redder
    with SummaryWriter(folder / "run") as writer:
        for step in (0, 10, 20):
            header = ["name", "group", "half"]
            writer.add_embedding(points_at(step), labels, pictures, step, "layer", header)
    return folder


@pytest.fixture(scope="session")
def embedding_log(embedding_logs: Path) -> Iterator[LogDir]:
    with open_logdir(embedding_logs, index_dir=False) as opened:
        yield opened


@pytest.fixture(scope="session")
def points_client(embedding_log: LogDir) -> Iterator[FlaskClient]:
    """One for all tests: starting a worker process takes a second."""
    app = create_app(embedding_log, Settings(index_dir=""))
    yield app.test_client()
    site: Site = app.extensions[EXTENSION]
    site.projector.close()
