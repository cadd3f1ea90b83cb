"""The frame of figures: its policy, and who may load its scripts."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from stepscope.webapp.media.figures import _checked

FROM_A_FRAME = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"}


def scripts(client: FlaskClient) -> list[str]:
    """Addresses of the scripts that the frame names."""
    return [f"/figures/{place}" for place in re.findall(r'src="([^"]+)"', client.get("/figures/frame").text)]


def test_the_frame_has_no_origin_and_no_network(client: FlaskClient) -> None:
    headers = client.get("/figures/frame").headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
    assert policy["sandbox"] == "allow-scripts"  # and not allow-same-origin
    assert policy["default-src"] == "'none'"
    assert set(policy) & {"connect-src", "frame-src", "worker-src", "media-src", "font-src"} == set()
    assert policy["img-src"] == "data: blob:"
    assert re.fullmatch(r"'nonce-\S{20,}' 'unsafe-eval'", policy["script-src"])
    assert policy["frame-ancestors"] == "'self'"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"


def test_frames_share_a_nonce_that_nobody_knows_beforehand(client: FlaskClient) -> None:
    """Browsers compile Plotly anew for each frame whose scripts have another nonce."""
    first, second = (client.get("/figures/frame") for _ in range(2))
    assert first.headers["Content-Security-Policy"] == second.headers["Content-Security-Policy"]
    nonces = set(re.findall(r'nonce="([^"]+)"', first.text))
    assert len(nonces) == 1 and not nonces & set(re.findall(r"[\w-]+", " ".join(scripts(client))))


def test_scripts_of_the_frame_load_without_an_origin(client: FlaskClient) -> None:
    plotly, boot = (client.get(place, headers=FROM_A_FRAME) for place in scripts(client))
    assert plotly.status_code == boot.status_code == 200
    assert plotly.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Access-Control-Allow-Origin" not in plotly.headers
    assert "immutable" in plotly.headers["Cache-Control"]
    assert "securitypolicyviolation" in boot.text


@pytest.mark.parametrize("place", ["/figures/guess/v/plotly.min.js", "/figures/guess/v/figure.js"])
def test_pages_from_elsewhere_do_not_know_the_secret(client: FlaskClient, place: str) -> None:
    assert client.get(place, headers=FROM_A_FRAME).status_code == 404


def test_the_secret_opens_nothing_else(client: FlaskClient) -> None:
    folder = scripts(client)[0].rpartition("/")[0]
    for name in ("main.js", "index.html", "..%2f..%2fmain.js"):
        assert client.get(f"{folder}/{name}", headers=FROM_A_FRAME).status_code in (403, 404)
    assert client.get("/static/v/main.js", headers=FROM_A_FRAME).status_code == 403
    assert client.get("/api/runs", headers=FROM_A_FRAME).status_code == 403


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is no JSON"),
        ("[]", "an object with"),
        ('{"data": [1]}', "a list of traces"),
        ('{"data": [], "frames": {}}', 'its "frames" is no list'),
        ('{"data": [' + " " * (1 << 25) + "]}", "at most 33,554,432 are drawn; it can be downloaded"),
        ('{"data": [' + "[" * 100_000 + "]" * 100_000 + "]}", "nested too deep"),
    ],
    ids=["cut", "list", "number", "frames", "long", "deep"],
)
def test_what_is_no_figure_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        _checked(text)


def test_constants_that_browsers_cannot_read_become_null() -> None:
    assert _checked('{"data": [{"y": [NaN, Infinity, 1]}]}') == '{"data":[{"y":[null,null,1]}]}'
