"""Other pages, other hosts, and what a browser is told about our answers."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from flask.testing import FlaskClient

from stepscope.logger import LogDir
from stepscope.webapp import Settings, create_app
from stepscope.webapp.security import is_loopback


@pytest.mark.parametrize("path", ["/", "/api/status", "/static/v/main.js", "/nothing", "/data/runs"])
def test_every_answer_carries_the_headers(client: FlaskClient, path: str):
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"
    assert "Access-Control-Allow-Origin" not in headers


def test_only_the_script_that_stands_in_the_page_may_run_there(client: FlaskClient):
    answer = client.get("/")
    inline = re.findall(r"<script(?! type)[^>]*>(.*?)</script>", answer.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(inline[0].encode()).digest()).decode()
    assert len(inline) == 1 and "document.currentScript" in inline[0]
    assert answer.headers["Content-Security-Policy"].endswith(f"; script-src 'self' 'sha256-{digest}'")


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:6006", "127.0.0.1:6006", "[::1]:6006", "runs.localhost:6006", "LOCALHOST"]
)
def test_loopback_names_are_answered(client: FlaskClient, host: str):
    assert client.get("/api/status", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:6006", "127.0.0.1.evil.example", "192.168.1.5", "localhost.evil.example", "[::", ""],
)
def test_a_rebound_name_is_refused(client: FlaskClient, host: str):
    answer = client.get("/api/runs", headers={"Host": host})
    assert answer.status_code == 403
    assert "localhost only" in answer.json["error"]


def test_further_names_can_be_allowed(log: LogDir):
    client = create_app(log, Settings(allowed_hosts=frozenset({"lab.example"}))).test_client()
    assert client.get("/api/status", headers={"Host": "lab.example"}).status_code == 200


def test_a_server_for_everyone_answers_to_any_name(log: LogDir):
    client = create_app(log, Settings(bind_all=True)).test_client()
    assert client.get("/api/status", headers={"Host": "node7:6006"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:8888"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"},
    ],
)
@pytest.mark.parametrize("path", ["/api/runs", "/", "/data/runs"])
def test_other_pages_are_refused(client: FlaskClient, headers: dict[str, str], path: str):
    assert client.get(path, headers={"Host": "localhost:6006", **headers}).status_code == 403


def test_a_form_of_another_page_is_refused(client: FlaskClient):
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Origin": "http://evil.example"}
    answer = client.post("/data/plugin/scalars/scalars_multirun", data={"tag": "loss", "runs": "a"}, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://localhost:6006"},
        {
            "Sec-Fetch-Site": "same-origin",
            "Origin": "https://proxy.example",
        },  # the browser vouches, a proxy rewrote Host
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},  # a link was followed
        {},
    ],
)
def test_the_own_page_links_and_scripts_are_answered(client: FlaskClient, headers: dict[str, str]):
    assert client.get("/", headers={"Host": "localhost:6006", **headers}).status_code == 200


def test_very_long_queries(client: FlaskClient):
    assert client.get("/api/download?run=" + "a" * 20_000).status_code == 414


@pytest.mark.parametrize(
    ("host", "expected"),
    [("localhost", True), ("127.0.0.5", True), ("::1", True), ("0.0.0.0", False), ("example.org", False), ("", False)],
)
def test_what_counts_as_this_machine(host: str, expected: bool):
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/"), ("PUT", "/api/scalars"), ("TRACE", "/api/runs"), ("POST", "/api/status")]
)
def test_a_wrong_method_is_named(client: FlaskClient, method: str, path: str):
    answer = client.open(path, method=method)
    assert answer.status_code == 405
    assert answer.json == {"error": f"{path} does not answer to {method}"}
