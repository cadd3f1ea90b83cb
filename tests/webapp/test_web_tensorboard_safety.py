"""What a hostile log cannot do by TensorBoard's routes: lead out of its folder, or put scripts into a page."""

from __future__ import annotations

import os
import warnings
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient
from tensorboard_answers import write_events

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.logger.plugins import HISTOGRAMS, PR_CURVES, TEXT, metadata
from stepscope.logger.proto.event_pb2 import Event, Summary
from stepscope.logger.tensors import string_tensor, tensor_proto
from stepscope.webapp import create_app
from stepscope.webapp.tensorboard.html import markdown_html, safe_html

CONFIG = """embeddings {{
  tensor_name: "e"
  tensor_path: "{place}"
  metadata_path: "{place}"
  bookmarks_path: "{place}"
  sprite {{ image_path: "{place}" }}
}}
"""


def client_with(folder: Path, place: str) -> FlaskClient:
    """A log whose configuration names this place for every file."""
    with SummaryWriter(str(folder / "run")) as writer:
        writer.add_scalar("x", 1.0, 0)
    (folder / "run" / "projector_config.pbtxt").write_text(CONFIG.format(place=place))
    with open_logdir(folder, index_dir=False) as log:
        return create_app(log).test_client()


@pytest.mark.parametrize(
    "place",
    ["../secret.tsv", "/etc/passwd", "sub/../../secret.tsv", "link.tsv", "link/secret.tsv", ".", "\\000", "~/x"],
)
def test_names_of_files_lead_nowhere_else(tmp_path: Path, place: str) -> None:
    (tmp_path / "secret.tsv").write_text("1\t2\n")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "link.tsv").symlink_to(tmp_path / "secret.tsv")
    (tmp_path / "run" / "link").symlink_to(tmp_path)
    client = client_with(tmp_path, place)
    assert client.get("/data/plugin/projector/info?run=run").status_code == 200
    for route in ("tensor", "metadata", "bookmarks", "sprite_image"):
        answer = client.get(f"/data/plugin/projector/{route}?run=run&name=e")
        assert answer.status_code == 400
        assert "secret" not in answer.json["error"] or "leads out" in answer.json["error"]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    os.mkfifo(tmp_path / "run" / "pipe.tsv")
    assert client_with(tmp_path, "pipe.tsv").get("/data/plugin/projector/metadata?run=run&name=e").status_code == 400


def test_a_file_in_the_folder_is_sent_as_what_it_is(tmp_path: Path) -> None:
    client = client_with(tmp_path, "mine.svg")
    (tmp_path / "run" / "mine.svg").write_text("<svg onload='alert(1)'/>")
    answer = client.get("/data/plugin/projector/sprite_image?run=run&name=e")
    assert answer.content_type == "application/octet-stream"
    assert client.get("/data/plugin/projector/tensor?run=run&name=e").status_code == 400  # no numbers


@pytest.mark.parametrize("text", ["1\t2\n3\n", "a\tb\n", "1\n\nnan\n", ""])
def test_odd_tables(tmp_path: Path, text: str) -> None:
    client = client_with(tmp_path, "t.tsv")
    (tmp_path / "run" / "t.tsv").write_text(text)
    assert client.get("/data/plugin/projector/info?run=run").status_code == 200
    assert client.get("/data/plugin/projector/tensor?run=run&name=e").status_code in (200, 400)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "[x](javascript:alert(1))",
        "<a href='javascript&colon;alert(1)'>x</a>",
        '<a href="java&#x27;script:alert(1)" onclick=&quot;alert(1)&quot;>x</a>',
        "<a title='\ue000 onclick=alert(1) \ue000' href='x'>x</a>",
        "<style>*{display:none}</style>",
        "<iframe srcdoc='<script>alert(1)</script>'>",
        "<<script>alert(1)//<</script>",
        '<p title="><script>alert(1)</script>">',
    ],
)
def test_texts_hold_no_scripts(hostile: str) -> None:
    for html in (markdown_html(hostile), safe_html(hostile), safe_html(f"<table><tr><td>{hostile}")):
        seen = Seen()
        seen.feed(html)
        assert seen.tags <= {"p", "a", "img", "table", "tbody", "tr", "td", "pre", "code"}
        assert {name for name, _ in seen.attributes} <= {"href", "src", "title"}
        assert not any((value or "").startswith("javascript:") for name, value in seen.attributes if name == "href")


class Seen(HTMLParser):
    """Tags and attributes as a browser reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs


def test_markdown_that_takes_long_to_convert_stays_as_it_is() -> None:
    from stepscope.webapp.tensorboard.html import markdown_html

    assert markdown_html("[" * 50_000) == "[" * 50_000
    assert markdown_html("<a " * 5_000) == ""  # one tag that never ends
    assert "1. 1. " in markdown_html("1. " * 6_000)
    assert markdown_html("*word* " * 10_000).startswith("*word* ")
    assert markdown_html("*word*") == "<p><em>word</em></p>"


@pytest.mark.parametrize(
    "text",
    [
        "one line (of 2), 50 %",
        'A line\nand more\n\nNext: "it\'s" = 1/2 + 3',
        "é 字",
        "a\n---",
        "a  \nb",
        "a\n\n\nb",
        "1. a",
    ],
)
def test_plain_sentences_become_what_the_converter_makes_of_them(text: str) -> None:
    from markdown import Markdown

    converter = Markdown(extensions=["markdown.extensions.tables", "markdown.extensions.fenced_code"])
    assert markdown_html(text) == safe_html(converter.convert(text))


def test_numbers_that_are_none_warn_nobody(tmp_path: Path) -> None:
    """Infinite counts, edges further apart than the largest number, counts of a curve that are NaN."""
    huge = 1.7e308
    tables = {
        "counts": np.array([[0, 1, np.inf], [1, 2, -np.inf]]),
        "apart": np.array([[-huge, huge, 3.0], [huge, huge, 0.0]]),
    }
    curve = np.full((6, 3), np.nan, np.float32)
    values = [
        *(Summary.Value(tag=tag, tensor=tensor_proto(table), metadata=metadata(HISTOGRAMS))
          for tag, table in tables.items()),
        Summary.Value(tag="pr", tensor=tensor_proto(curve), metadata=metadata(PR_CURVES)),
        Summary.Value(tag="cube", tensor=string_tensor([], (0, 2, 3)), metadata=metadata(TEXT)),
    ]  # fmt: skip
    write_events(tmp_path, Event(step=1, wall_time=1.7e9, summary=Summary(value=values)))
    with open_logdir(tmp_path, index_dir=False) as log, warnings.catch_warnings():
        warnings.simplefilter("error")
        client = create_app(log).test_client()
        for tag in tables:
            assert client.get(f"/data/plugin/histograms/histograms?run=.&tag={tag}").status_code == 200
            assert client.get(f"/data/plugin/distributions/distributions?run=.&tag={tag}").status_code == 200
            body = {"tag": tag, "runs": ["."], "parts": ["buckets", "percentiles"]}
            assert client.post("/api/histograms", json=body).status_code == 200
        assert client.get("/data/plugin/pr_curves/pr_curves?run=.&tag=pr").status_code == 200
        assert client.get("/data/plugin/text/text?run=.&tag=cube").json[0]["text"].endswith("</table>")
