"""Pages of HTML over HTTP: what the answers let a browser do with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.webapp import Settings, create_app

DOCUMENT = (
    "<h1>ü</h1><script>1</script><p onclick='x()'><img src=//a.example/i><LINK rel=preconnect href=https://b.example>"
)
FRAME = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_html("page", DOCUMENT, 3)
        writer.add_html("links", "<link " * 200_000, 3)
    log = open_logdir(tmp_path, index_dir=False)
    return create_app(log, Settings(logdirs={"": str(tmp_path)}, logdir_text=".", index_dir="")).test_client()


def ask(client: FlaskClient, form: str, headers: dict[str, str] | None = None, tag: str = "page", **more: str) -> Any:
    series = client.application.extensions["stepscope"].source.get().html(".", tag)
    query = {"run": ".", "kind": "html", "tag": tag, "id": f"3-{series.crc[0]:08x}", **more}
    return client.get(f"/api/blob/{form}", query_string=query, headers=headers)


def policy_of(answer: Any) -> dict[str, list[str]]:
    """Directive → its words."""
    parts = answer.headers["Content-Security-Policy"].split(";")
    return {words[0]: words[1:] for words in (part.split() for part in parts)}


@pytest.mark.parametrize("headers", [{}, FRAME, {"Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "none"}])
def test_a_page_may_do_nothing(client: FlaskClient, headers: dict[str, str]):
    answer = ask(client, "pane", headers)
    policy = policy_of(answer)
    assert policy["sandbox"] == []
    assert (policy["default-src"], policy["form-action"], policy["base-uri"]) == (["'none'"],) * 3
    assert {source for name in ("img-src", "font-src", "media-src") for source in policy[name]} == {"data:"}
    assert "script-src" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content_type == "text/html; charset=utf-8"
    assert "<h1>ü</h1>" in answer.text


def test_what_no_policy_covers_is_taken_out(client: FlaskClient):
    assert "<x-LINK rel=preconnect" in ask(client, "pane").text


def test_scripts_run_in_frames_of_the_page_only(client: FlaskClient):
    policy = policy_of(ask(client, "pane", FRAME, **{"as": "scripts"}))
    assert policy["sandbox"] == ["allow-scripts"]
    assert policy["connect-src"] == ["'none'"]
    assert [name for name, words in policy.items() if "'self'" in words] == ["frame-ancestors"]
    for headers in ({}, {"Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "none"}, {**FRAME, "Sec-Fetch-Site": "none"}):
        assert policy_of(ask(client, "pane", headers, **{"as": "scripts"}))["sandbox"] == []


def test_a_page_with_an_origin_has_no_scripts(client: FlaskClient):
    policy = policy_of(ask(client, "pane", FRAME, **{"as": "measure"}))
    assert policy["sandbox"] == ["allow-same-origin"]
    assert "script-src" not in policy


def test_what_is_known_of_a_page(client: FlaskClient):
    assert ask(client, "info").json == {"characters": len(DOCUMENT), "scripts": 2, "elsewhere": 2}
    assert ask(client, "source").json["text"] == DOCUMENT
    assert ask(client, "raw").content_type == "text/plain; charset=utf-8"
    saved = ask(client, "file")
    assert saved.headers["Content-Disposition"].endswith('page_3.html"')
    assert saved.data == DOCUMENT.encode()


@pytest.mark.timeout(30)
def test_a_page_of_unfinished_links_is_counted_in_one_pass(client: FlaskClient):
    assert ask(client, "info", tag="links").json == {"characters": 1_200_000, "scripts": 0, "elsewhere": 0}
