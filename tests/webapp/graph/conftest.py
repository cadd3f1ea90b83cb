"""A log with graphs, and the web app over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from graph_logs import layered_model, write_graphs

from stepscope.logger import LogDir, open_logdir
from stepscope.webapp import Settings, create_app

Answers = Callable[..., Any]


@pytest.fixture
def graph_log(tmp_path: Path) -> Iterator[LogDir]:
    """Run "a" has the graph "graph" at steps 0 and 5, the second with a layer more."""
    write_graphs(tmp_path / "logs" / "a", {"graph": [(0, layered_model(3)), (5, layered_model(4))]})
    with open_logdir(tmp_path / "logs", index_dir=False) as opened:
        yield opened


@pytest.fixture
def graph_client(graph_log: LogDir) -> FlaskClient:
    """A client of the web app over that log."""
    return create_app(graph_log, Settings(index_dir="")).test_client()


@pytest.fixture
def ask(graph_client: FlaskClient) -> Answers:
    """ask("scene", open=[]) posts for the graph of run "a"; ask("tree?group=/") gets."""

    def asked(route: str, status: int = 200, **body: Any) -> Any:
        if "?" in route:
            answer = graph_client.get(f"/api/graph/{route}&run=a")
        else:
            answer = graph_client.post(f"/api/graph/{route}", json={"g": {"run": "a"}, "open": [], **body})
        assert answer.status_code == status, answer.json
        return answer.json

    return asked
