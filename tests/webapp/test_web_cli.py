"""The `dashboard` command: options, addresses, inspect, the life of the process."""

from __future__ import annotations

import argparse
import json
import ntpath
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from random import Random
from urllib.request import Request, urlopen

import pytest
from web_helpers import get_json, running, wait_for, write_run

from stepscope.logger import SummaryWriter
from stepscope.webapp import cli
from stepscope.webapp.cli import main
from stepscope.webapp.export_flags import export_parser
from stepscope.webapp.flags import TENSORBOARD_FLAGS, parse_serve, serve_parser
from stepscope.webapp.logdirs import UnknownPlaces, expand
from stepscope.webapp.query_flags import query_parser
from stepscope.webapp.sockets import CannotListen, listen


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """(exit code, stdout, stderr) of `dashboard` with these words."""
    try:
        code = main(words)
    except SystemExit as end:
        code = int(end.code or 0)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_version(capsys: pytest.CaptureFixture[str]):
    code, out, _ = said(capsys, "--version")
    assert code == 0
    assert out.startswith("stepscope ")


@pytest.mark.parametrize("parser", [serve_parser(), export_parser(), query_parser()], ids=["serve", "export", "query"])
def test_every_option_may_be_written_with_dashes(parser: argparse.ArgumentParser):
    for action in parser._actions:
        assert {flag[2:].replace("_", "-") for flag in action.option_strings if flag.startswith("--")} <= {
            flag[2:] for flag in action.option_strings
        }


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]):
    code, text, _ = said(capsys, "--help")
    assert code == 0
    assert [name for name in cli._COMMANDS if name != "serve" and f"\n  dashboard {name} " not in text] == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "no log directory: say dashboard --logdir DIR"),
        (["--logdri", "x"], "did you mean --logdir?"),
        (["--logdir", "x", "--reload_intervall=3"], "did you mean --reload_interval?"),
        (["--logdir", "x", "--frobnicate"], "unknown option --frobnicate"),
        (["insepct", "x"], "did you mean `dashboard inspect`?"),
        (["runz"], "neither a command nor a directory"),
        (["--logdir", "x", "--port", "http"], "expected a number from 0 to 65535"),
        (["--logdir", "x", "--port", "70000"], "expected a number from 0 to 65535"),
        (["--logdir", "x", "--reload_interval", "-1"], "seconds of at least 0"),
        (["--logdir", "x", "--path_prefix", "boards"], "begins with a slash"),
        (["--logdir", "x", "--host", "h", "--bind_all"], "exclude each other"),
        (["--logdir", ""], "the path is empty"),
        (["inspect"], "say dashboard inspect DIR"),
    ],
)
def test_mistakes_are_answered_with_a_sentence(capsys: pytest.CaptureFixture[str], words: list[str], says: str):
    code, _, err = said(capsys, *words)
    assert code == 2
    assert says in err


def test_our_options():
    chosen = parse_serve(
        ["--logdir", "a,b", "--port", "7001", "--path_prefix", "/x/", "--reload_interval", "0", "--window_title", "T",
         "--index-dir", "i", "--bind-all"]
    )  # fmt: skip
    assert chosen.logdirs == {"": "a,b"}  # a comma is part of the path
    assert (chosen.port, chosen.path_prefix, chosen.reload_interval) == (7001, "/x", 0.0)
    assert (chosen.window_title, chosen.index_dir, chosen.bind_all) == ("T", "i", True)


@pytest.mark.parametrize("flag", TENSORBOARD_FLAGS)
def test_tensorboards_options_say_what_became_of_them(capsys: pytest.CaptureFixture[str], flag: str):
    takes_value, fate = TENSORBOARD_FLAGS[flag]
    parse_serve(["--logdir", "x", *([f"{flag}=auto"] if takes_value and flag.startswith("--") else [flag])])
    assert capsys.readouterr().err.splitlines() == [f"{flag}: {fate}"]


def test_every_option_of_tensorboard_is_taken():
    core_plugin = pytest.importorskip("tensorboard.plugins.core.core_plugin")
    import argparse

    parser = argparse.ArgumentParser()
    core_plugin.CorePluginLoader().define_flags(parser)
    theirs = {option for action in parser._actions for option in action.option_strings if option.startswith("--")}
    ours = {"--logdir", "--logdir_spec", "--host", "--bind_all", "--port", "--path_prefix", "--window_title",
            "--reload_interval", "--help"}  # fmt: skip
    elsewhere = {"--inspect", "--version_tb", "--tag", "--event_file"}  # `dashboard inspect`, `dashboard --version`
    assert theirs - ours - elsewhere <= TENSORBOARD_FLAGS.keys()


def test_several_directories_have_names(tmp_path: Path):
    assert expand(["x/one", "two:y/one", "z/one"]) == {"one": "x/one", "two": "y/one", "one_2": "z/one"}


@pytest.mark.parametrize("path", [r"C:\logs", "C:/logs", "s3://bucket/logs", "/a/b:c"])
def test_paths_with_colons_that_are_no_names(path: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("os.path.splitdrive", ntpath.splitdrive)
    assert expand([path]) == {"": path}


def test_a_name_may_be_one_letter():
    if os.name == "nt":
        pytest.skip("one letter is a drive on Windows")
    assert expand(["a:x", "b:/y"]) == {"a": "x", "b": "/y"}


def test_an_existing_path_with_a_colon_is_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    if os.name == "nt":
        pytest.skip("Windows has no colons in names")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run:one").mkdir()
    assert expand(["run:one"]) == {"": "run:one"}
    assert expand(["run:two"]) == {"run": "two"}


def test_one_name_for_two_places():
    with pytest.raises(UnknownPlaces, match="stands for both"):
        expand(["a1:x", "a1:y"])


def test_patterns_are_expanded(tmp_path: Path):
    for name in ("exp1/seed1", "exp2/seed1", "other"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "exp-file").touch()
    assert expand([f"{tmp_path}/exp*"]) == {"exp1": f"{tmp_path}/exp1", "exp2": f"{tmp_path}/exp2"}
    assert list(expand([f"mine:{tmp_path}/exp*/seed1"])) == ["mine/exp1/seed1", "mine/exp2/seed1"]
    assert expand([f"{tmp_path}/none*"]) == {"": f"{tmp_path}/none*"}


def test_logdir_spec():
    assert parse_serve(["--logdir_spec", "aa:x, bb:y"]).logdirs == {"aa": "x", "bb": "y"}


def test_a_taken_port_is_an_error_only_if_it_was_asked_for(monkeypatch: pytest.MonkeyPatch):
    taken = listen(None, 0)
    port = taken[0].getsockname()[1]
    try:
        with pytest.raises(CannotListen, match=f"port {port} is taken"):
            listen(None, port)
        monkeypatch.setattr("stepscope.webapp.sockets.DEFAULT_PORT", port)
        others = listen(None, None)
        assert port < others[0].getsockname()[1] <= port + 100
        for one in others:
            one.close()
    finally:
        for one in taken:
            one.close()


def test_unknown_host():
    with pytest.raises(CannotListen, match="cannot listen on"):
        listen("256.0.0.1", 0)


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6")
def test_bind_all_listens_on_both_families():
    opened = listen(None, 0, bind_all=True)
    families = {one.family for one in opened}
    ports = {one.getsockname()[1] for one in opened}
    for one in opened:
        one.close()
    assert socket.AF_INET in families
    assert len(ports) == 1


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A run with scalars, and one whose file is damaged."""
    write_run(tmp_path / "good", {"loss": [(step, 1.0) for step in range(5, 25)], "odd": [(0, float("nan"))]})
    path = write_run(tmp_path / "bad", {"loss": [(step, 1.0) for step in range(50)]})
    data = bytearray(path.read_bytes())
    data[1000] ^= 0xFF
    path.write_bytes(bytes(data))
    return tmp_path


def test_inspect_prints_runs_tags_counts_and_damage(capsys: pytest.CaptureFixture[str], mixed: Path):
    code, out, _ = said(capsys, "inspect", str(mixed), "--index-dir", "")
    assert code == 0
    assert "2 runs, 2 files" in out
    assert "loss: 20 at steps 5 to 24" in out
    assert "odd: 1 at steps 0 to 0, 1 not finite" in out
    assert "damaged: " in out
    assert "at byte " in out


def test_inspect_as_json(capsys: pytest.CaptureFixture[str], mixed: Path):
    _, out, _ = said(capsys, "inspect", "--json", "--tag", "loss", "--index-dir", "", str(mixed))
    report = json.loads(out)
    runs = {run["name"]: run for run in report["runs"]}
    assert runs["good"]["tags"] == {"scalars": [{"tag": "loss", "count": 20, "first_step": 5, "last_step": 24}]}
    assert runs["bad"]["files"][0]["state"] == "damaged"
    assert report["files"]["damaged"] == 1


def test_inspect_of_runs_without_times_is_json_all_the_same(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "events.out.tfevents.1.host").touch()
    _, out, _ = said(capsys, "inspect", "--json", "--index-dir", "", str(tmp_path))
    report = json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
    assert [(run["name"], run["first_wall_time"]) for run in report["runs"]] == [("empty", None)]


def test_inspect_prints_names_that_the_terminal_lacks(tmp_path: Path):
    write_run(tmp_path / "grün", {"loss": [(0, 1.0)]})
    words = [sys.executable, "-m", "stepscope.webapp", "inspect", "--index-dir", "", str(tmp_path)]
    ended = subprocess.run(words, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "ascii"}, check=True)
    assert b"gr\\xfcn" in ended.stdout


@pytest.mark.parametrize("words", [["--inspect", "--logdir"], ["inspect", "--logdir"], ["inspect"]])
def test_spellings_of_inspect(capsys: pytest.CaptureFixture[str], mixed: Path, words: list[str]):
    assert said(capsys, *words, str(mixed), "--index-dir", "")[0] == 0


def test_inspect_of_nothing_says_what_was_looked_at(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    code, _, err = said(capsys, "inspect", str(tmp_path / "none"), "--index-dir", "")
    assert code == 1
    assert f"no event files under {tmp_path / 'none'} (missing" in err


def test_names_cannot_command_the_terminal(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    write_run(tmp_path / "r", {"\x1b[2Jcleared": [(0, 1.0)]})
    _, out, _ = said(capsys, "inspect", str(tmp_path), "--index-dir", "")
    assert "\x1b" not in out
    assert "\\x1b[2Jcleared" in out


def test_from_start_to_end(mixed: Path):
    """Served on a free port; ends on SIGTERM with 0."""
    with running("--logdir", str(mixed), "--port", "0", "--index-dir", "", "--path_prefix", "/p") as (url, process):
        assert url.startswith("http://localhost:")
        assert url.endswith("/p/")
        assert get_json(url + "api/status")["stepscope"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


@pytest.mark.skipif(os.name == "nt", reason="a console event there")
def test_control_c(mixed: Path):
    with running("--logdir", str(mixed), "--port", "0", "--index-dir", "") as (_, process):
        process.send_signal(signal.SIGINT)
        assert process.wait(20) in (0, 130)
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()


def test_it_ends_while_a_page_waits_for_a_long_answer(tmp_path: Path):
    random = Random(0)
    for run in range(300):
        with SummaryWriter(str(tmp_path / f"run{run}")) as writer:
            writer.add_hparams({f"h{k}": random.random() for k in range(60)}, {"acc": random.random()}, run_name=".")
    with running("--logdir", str(tmp_path), "--port", "0", "--index-dir", "") as (url, process):
        wait_for(lambda: get_json(url + "api/status")["ready"])
        body = json.dumps({"metric": "acc.max", "asker": "page"}).encode()
        ranking = Request(url + "api/importance", body, {"Content-Type": "application/json"})

        def ask() -> None:
            with suppress(OSError):  # the dashboard ends before it answers
                urlopen(ranking)

        threading.Thread(target=ask, daemon=True).start()
        wait_for(lambda: get_json(url + "api/importance/progress?asker=page")["done"])
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_a_taken_port_ends_the_command(mixed: Path, capsys: pytest.CaptureFixture[str]):
    taken = listen(None, 0)
    port = taken[0].getsockname()[1]
    code, _, err = said(capsys, "--logdir", str(mixed), "--port", str(port))
    for one in taken:
        one.close()
    assert code == 1
    assert f"port {port} is taken" in err


def test_the_first_answer_waits_for_no_compiler():
    """What the first page needs imports neither the reader nor numpy, plotly or scikit-learn."""
    code = (
        "import sys, stepscope.webapp.cli, stepscope.webapp.server, stepscope.webapp.app; "
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'numpy', 'numba', 'plotly', 'sklearn', 'google'}))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
