"""Texts over HTTP: Markdown that can do nothing, tables of tensors, search."""

from __future__ import annotations

import base64
import io
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image

from stepscope.logger import SummaryWriter, open_logdir, plugins
from stepscope.logger.proto.event_pb2 import Summary
from stepscope.logger.tensors import tensor_proto
from stepscope.webapp import Settings, create_app
from stepscope.webapp.media.markdown import _ACTS, LONGEST, markdown_html
from stepscope.webapp.media.text_search import Finder, excerpt
from stepscope.webapp.queries import Refused

DOT = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs="


def write_tensors(folder: Path, values: dict[str, Any]) -> None:
    """Texts as tensors of any shape, a tag each, as TensorFlow's summaries may have them."""
    with SummaryWriter(str(folder)) as writer:
        for tag, value in values.items():
            stored = Summary.Value(tag=tag, metadata=plugins.metadata(plugins.TEXT), tensor=tensor_proto(value))
            writer._get_file_writer().add_summary(Summary(value=[stored]), 0)


@pytest.fixture
def serve(tmp_path: Path) -> Callable[[], FlaskClient]:
    """A client of the web app over what a test has written to tmp_path."""

    def start() -> FlaskClient:
        log = open_logdir(tmp_path, index_dir=False)
        return create_app(log, Settings(logdirs={"": str(tmp_path)}, logdir_text=".", index_dir="")).test_client()

    return start


def ask(client: FlaskClient, form: str, tag: str, run: str = ".", **more: str) -> Any:
    """One value in a form, the first of its tag."""
    series = client.application.extensions["stepscope"].source.get().text(run, tag)
    identity = f"{series.step[0]}-{series.crc[0]:08x}"
    query = {"run": run, "kind": "text", "tag": tag, "id": identity, **more}
    return client.get(f"/api/blob/{form}", query_string=query)


def test_markdown_of_all_kinds():
    made = markdown_html(
        "# T\n\n- [x] done\n- [ ] open\n\n|a|b|\n|:-|-:|\n|1|~~2~~|\n\n```py\nx < 1\n```\nhttps://a.example/x"
    )
    for part in ("<h1>T</h1>", "☑ done", "☐ open", '<td align="right"><s>2</s>', "<code>x &lt; 1\n</code>"):
        assert part in made
    assert '<a href="https://a.example/x" target="_blank" rel="noopener noreferrer nofollow">' in made


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[a](javascript:alert(1))",
        '<a href=" jAvascript:alert(1)">a</a>',
        '<a href="data:text/html,<script>alert(1)</script>">a</a>',
        "[a](/api/state) <a href='//evil.example'>b</a>",
        "<img src=x onerror=alert(1)>",
        "![a](data:image/svg+xml;base64,PHN2Zy8+)",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "<style>body{display:none}</style><p style='position:fixed' class='card' id='app'>",
        '<meta http-equiv="refresh" content="0;url=//evil.example"><base href="//evil.example">',
        "<form action='//evil.example'><input name=a><button>b</button></form>",
        "<iframe src='//evil.example' srcdoc='<script>alert(1)</script>'></iframe><object data=x></object>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<template><img src=x onerror=alert(1)></template><link rel=stylesheet href=//evil.example>",
    ],
)
def test_markup_that_would_do_something_is_gone(text: str):
    made = markdown_html(text)
    allowed = re.compile(r' (?:href="(?:https?:|mailto:)[^"]*"|rel="[^"]*"|target="_blank"|(?:alt|title)="[^"]*")')
    for tag in re.findall(r"<[^>]*>", made):
        assert re.fullmatch(r"</?(?:a|p|img|table|tbody|tr|td)\s*/?>", allowed.sub("", tag)), made
    assert "evil.example" not in "".join(re.findall(r"<[^>]*>", made))


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("<s> The <unk> sat </s><pad>", "<p>&lt;s&gt; The &lt;unk&gt; sat &lt;/s&gt;&lt;pad&gt;</p>\n"),
        (
            "<think>\n2 **+** 2\n</think>",
            "<p>&lt;think&gt;<br>\n2 <strong>+</strong> 2<br>\n&lt;/think&gt;</p>\n",
        ),
        ("Map<Key, List<Item>>", "<p>Map&lt;Key, List&lt;Item&gt;&gt;</p>\n"),
        ("<div>\n<IMAGE/> <b>x</b>\n</div>", "\n&lt;IMAGE/&gt; <b>x</b>\n"),
        (
            "<search>q</search> <input>3</input>",
            "<p>&lt;search&gt;q&lt;/search&gt; &lt;input&gt;3&lt;/input&gt;</p>\n",
        ),
        ("~~x~~ <kbd>k</kbd> `<unk>`", "<p><s>x</s> <kbd>k</kbd> <code>&lt;unk&gt;</code></p>\n"),
    ],
)
def test_words_of_language_models_that_look_like_tags_stay(text: str, made: str):
    assert markdown_html(text) == made


@pytest.mark.parametrize(
    ("text", "made"),
    [
        (
            f'<picture>\n<source media="(x)" srcset="https://a.example/d">\n<img alt="p" src="{DOT}">\n</picture>',
            f'\n\n<img alt="p" src="{DOT}">\n',
        ),
        (
            '<fieldset>\n<label>rate <input value="3"></label> <time datetime="2026">now</time>\n</fieldset>',
            "\nrate  now\n",
        ),
        ("<ruby>漢<rt>kan</rt></ruby> <video controls src=x></video>end", "<p>漢kan end</p>\n"),
    ],
)
def test_elements_that_are_not_kept_leave_their_text(text: str, made: str):
    assert markdown_html(text) == made


def test_lines_keep_how_far_they_are_indented():
    assert markdown_html("model:\n  layers: 2\n\tlr: 1").split("<br>\n") == [
        "<p>model:",
        "&nbsp;&nbsp;layers: 2",
        "&nbsp;&nbsp;&nbsp;&nbsp;lr: 1</p>\n",
    ]
    assert markdown_html("1. one\n   two") == "<ol>\n<li>one<br>\ntwo</li>\n</ol>\n"  # the item's own


@pytest.mark.parametrize(
    ("text", "html", "noted"),
    [
        (
            '{\n  "a_b": "<b>*x*</b>"\n}\n',
            "<pre><code>{\n  &quot;a_b&quot;: &quot;&lt;b&gt;*x*&lt;/b&gt;&quot;\n}\n</code></pre>",
            [],
        ),
        ("[a]\n[b]", "<p>[a]<br>\n[b]</p>\n", []),
        ("a <script>b</script>", "<p>a </p>\n", ["left out"]),
        ("<b onclick = 'c()'>d</b>", "<p><b>d</b></p>\n", ["left out"]),
        (
            "<a href='javascript:e()'>f</a>",
            '<p><a target="_blank" rel="noopener noreferrer nofollow">f</a></p>\n',
            ["left out"],
        ),
        (
            "[h](https://i.j/?k=javascript:k)",
            '<p><a href="https://i.j/?k=javascript:k" target="_blank" rel="noopener noreferrer nofollow">h</a></p>\n',
            [],
        ),
        ("`<script>` <kbd>g</kbd> 1 <on = 2", "<p><code>&lt;script&gt;</code> <kbd>g</kbd> 1 &lt;on = 2</p>\n", []),
    ],
    ids=["settings", "lists", "script", "click", "link", "address", "code"],
)
def test_settings_stay_as_they_are_and_what_is_held_back_is_told(
    tmp_path: Path, serve: Callable[[], FlaskClient], text: str, html: str, noted: list[str]
):
    write_tensors(tmp_path, {"text": np.array([text])})
    told = ask(serve(), "html", "text").json
    assert told["html"] == html
    assert [word for word in ("left out", "nothing") if any(word in note for note in told["notes"])] == noted


def test_what_is_held_back_is_looked_for_in_linear_time():
    for hostile in ("<" * LONGEST, "<a " + "= " * (LONGEST // 2), "<a =" + " " * LONGEST, "<a on" + "n" * LONGEST):
        began = time.process_time()
        assert _ACTS.search(hostile) is None
        assert time.process_time() - began < 1


def picture(width: int, height: int) -> str:
    file = io.BytesIO()
    Image.new("1", (width, height)).save(file, "PNG")
    return f"![p](data:image/png;base64,{base64.b64encode(file.getvalue()).decode()})"


def test_pictures_come_from_the_text_itself_and_are_no_bombs():
    assert markdown_html(picture(4, 4)).startswith('<p><img src="data:image/png;base64,')
    assert "src" not in markdown_html(picture(8_000, 8_000))
    assert 'href="https://a.example/i.png"' in markdown_html("![far](https://a.example/i.png)")
    assert "<img" not in markdown_html("![far](https://a.example/i.png)")


def test_a_text_of_ten_megabytes(tmp_path: Path, serve: Callable[[], FlaskClient]):
    text = "line with **words**\n" * 500_000
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_text("long", text, 0)
    client = serve()
    told = ask(client, "html", "long/text_summary").json
    assert len(told["html"]) < 2 * LONGEST
    assert told["notes"] == ["The first 100,000 characters are shown; the download has all."]
    assert ask(client, "raw", "long/text_summary").data == text.encode()
    source = ask(client, "source", "long/text_summary").json
    assert (source["characters"], len(source["text"])) == (len(text), 1_000_000)


def test_tensors_of_texts_are_tables(tmp_path: Path, serve: Callable[[], FlaskClient]):
    write_tensors(
        tmp_path,
        {
            "one": np.array(["a *b*"]),
            "row": np.array(["x", "<script>y</script>"]),
            "grid": np.array([["a", "b"], ["c", "d"]]),
            "cube": np.array([[[f"{i}{j}{k}" for k in range(2)] for j in range(3)] for i in range(20)]),
            "none": np.zeros((0, 3), "U1"),
            "empty": np.array([""]),
            "blank": np.array([" \n"]),
            "unseen": np.array(["<!-- nothing -->"]),
            "bytes": np.array([b"a\xffb"], object),
            "long": np.array([f"{i}" for i in range(3_000)]),
        },
    )
    client = serve()
    told = {
        tag: ask(client, "html", tag).json
        for tag in ("one", "row", "grid", "cube", "none", "empty", "blank", "unseen", "bytes", "long")
    }
    assert told["one"] == {"html": "<p>a <em>b</em></p>\n", "shape": [], "notes": []}
    assert told["row"]["html"].count("<tr>") == 2
    assert "script" not in told["row"]["html"]
    assert told["grid"]["shape"] == [2, 2]
    assert re.findall(r"<td><p>(.)</p>", told["grid"]["html"]) == ["a", "b", "c", "d"]
    assert told["cube"]["notes"] == [
        "A tensor of shape 20 × 3 × 2, as the first 8 of 20 tables of its last two dimensions."
    ]
    assert told["none"]["notes"] == ["An empty tensor of shape 0 × 3: there are no texts in it."]
    assert told["empty"]["notes"] == ["The text is empty."]
    assert told["blank"]["notes"] == ["The text is only blank space."]
    assert told["unseen"] == {
        "html": "",
        "shape": [],
        "notes": ["As Markdown nothing of this text is to be seen; Raw shows it as it was logged."],
    }
    assert "a\ufffdb" in told["bytes"]["html"]
    assert "no valid UTF-8" in told["bytes"]["notes"][0]
    assert told["long"]["notes"] == ["The first 2,000 of 3,000 rows and 1 of 1 columns; the download has all."]
    assert ask(client, "raw", "row", element="1").data == b"<script>y</script>"
    assert ask(client, "raw", "bytes").data == b"a\xffb"
    assert ask(client, "raw", "none").data == b"[]"
    assert ask(client, "raw", "none", element="0").status_code == 404
    assert ask(client, "raw", "row").content_type == "text/plain; charset=utf-8"


@pytest.fixture
def texts(tmp_path: Path, serve: Callable[[], FlaskClient]) -> FlaskClient:
    """Runs "a" and "b" with 3,000 texts each under "t", and a few under "other"."""
    for run in ("a", "b"):
        with SummaryWriter(str(tmp_path / run)) as writer:
            for step in range(3_000):
                writer.add_text("t", f"step {step} of Straße {run}", step)
            writer.add_text("other", "a\n😀 needle\tNeedle", 7)
    return serve()


def find_all(client: FlaskClient, **query: Any) -> tuple[list[dict[str, Any]], int]:
    """All hits of a search, and how many values were searched."""
    hits, searched, begin = [], 0, None
    while True:
        answer = client.post("/api/text/search", json={"runs": ["a", "b"], "tags": None, **query, "from": begin})
        assert answer.status_code == 200, answer.json
        hits += answer.json["hits"]
        searched += answer.json["searched"]
        begin = answer.json["next"]
        if begin is None:
            return hits, searched


def test_search_goes_through_all_steps_runs_and_tags(texts: FlaskClient):
    hits, searched = find_all(texts, query="needle")
    assert searched == 6_002
    assert [(hit["run"], hit["tag"], hit["step"], hit["count"]) for hit in hits] == [
        ("a", "other/text_summary", 7, 2), ("b", "other/text_summary", 7, 2),
    ]  # fmt: skip
    assert hits[0]["excerpt"] == "a 😀 needle Needle"
    assert hits[0]["spans"] == [[5, 11], [12, 18]]  # as JavaScript counts: 😀 is two


@pytest.mark.parametrize(
    ("query", "mode", "steps"),
    [
        ("STRASSE B", "literal", 3_000),
        ("strasse", "case", 0),
        ("step 299", "literal", 11),
        (r"step (\d)\1\1\b", "regex", 9),
        (r"STEP 17 ", "regex", 1),
        (".", "literal", 0),
    ],
)
def test_words_cases_and_patterns(texts: FlaskClient, query: str, mode: str, steps: int):
    hits, _ = find_all(texts, query=query, mode=mode, tags=["t/text_summary"], runs=["b"])
    assert len(hits) == steps
    assert [hit["step"] for hit in hits] == sorted(hit["step"] for hit in hits)


def test_what_cannot_be_searched_for(texts: FlaskClient, tmp_path: Path):
    wrong = texts.post("/api/text/search", json={"query": "a(", "mode": "regex", "runs": ["a"]})
    assert (wrong.status_code, wrong.json["start"]) == (400, 2)
    assert "is no regular expression" in wrong.json["error"]
    assert texts.post("/api/text/search", json={"query": "", "runs": []}).status_code == 400
    slow = texts.post("/api/markdown", json={"text": "*" * 50_000})
    assert slow.status_code == 200


def test_a_pattern_that_takes_for_ever_is_refused(tmp_path: Path, serve: Callable[[], FlaskClient]):
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_text("t", "a" * 5_000 + "!", 0)
    answer = serve().post("/api/text/search", json={"query": r"^(a|a?)+$", "mode": "regex", "runs": ["."]})
    assert answer.status_code in (200, 422)


def test_the_beginnings_of_texts(texts: FlaskClient):
    series = texts.application.extensions["stepscope"].source.get().text("a", "t/text_summary")
    ids = [f"{series.step[i]}-{series.crc[i]:08x}" for i in (2_999, 0)]
    answer = texts.post("/api/text/beginnings", json={"run": "a", "tag": "t/text_summary", "ids": ids})
    assert answer.json["texts"] == ["step 2999 of Straße a", "step 0 of Straße a"]


def test_an_excerpt_is_cut_around_the_first_find():
    text = "x" * 500 + "find" + "y" * 500
    part, marks = excerpt(text, [(500, 504)])
    assert part == "…" + "x" * 30 + "find" + "y" * 206 + "…"
    assert marks == [(31, 35)]


def test_half_a_pair_of_utf16_is_a_question_mark() -> None:
    assert markdown_html("a \ud800 b") == "<p>a ? b</p>\n"


@pytest.mark.parametrize("pattern", ["a{99999999}", "(?:(?:a{100}){100}){100}", "(a{2,99999}){3,}"])
def test_patterns_that_are_written_out_in_memory_are_refused(pattern: str) -> None:
    with pytest.raises(Refused, match="repeats its parts too often"):
        Finder(pattern, "regex")
    assert Finder("a{2,3}b{,40}", "regex").spans("aab") == [(0, 3)]
