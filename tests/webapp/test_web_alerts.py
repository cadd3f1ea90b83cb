"""Alerts: what the detectors find, against numpy; healthy curves; the list over HTTP; commands and web hooks."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from web_helpers import event_bytes, get_json, running, wait_for, write_run

from stepscope.logger import SummaryWriter, open_logdir
from stepscope.logger.compare.comparison import compare
from stepscope.logger.reader import LogDir
from stepscope.webapp.alerts.detectors import Detector, Divergence, NotFinite, Plateau, Threshold, Turn, z_scores
from stepscope.webapp.alerts.monitor import AlertMonitor
from stepscope.webapp.alerts.notify import BadTarget, Notifier, check_command, check_webhook
from stepscope.webapp.alerts.rules import parse_rules
from stepscope.webapp.alerts.run_watch import Alert
from stepscope.webapp.log_source import LogSource

SWEEP = Path(__file__).parents[1] / "data" / "tensorflow" / "sweep"
SAMPLES = Path(__file__).parents[2] / "sample_runs" / "logs"


def places(turns: list[Turn]) -> list[tuple[int, bool]]:
    """(place, whether an alert begins) of each turn."""
    return [(turn.at, turn.message is not None) for turn in turns]


# --- detectors --------------------------------------------------------------------------------------------------------


def test_nan_fires_once_and_is_over_after_ten_finite_points() -> None:
    values = np.array([1, np.nan, 1, np.nan, *[1.0] * 12, -np.inf])
    turns = NotFinite().feed(values)
    assert places(turns) == [(1, True), (13, False), (16, True)]
    assert [turn.message for turn in turns] == ["the value is NaN", None, "the value is minus infinite"]


def test_a_threshold_needs_its_points_in_a_row() -> None:
    values = np.array([11.0, 11, 1, 11, 11, 11, 11, 1, np.nan, 1])
    assert places(Threshold("above", 10, 3).feed(values)) == [(5, True), (9, False)]
    assert places(Threshold("below", 10, 1).feed(values)) == [(2, True), (3, False), (7, True), (8, False), (9, True)]


def test_a_plateau_ends_with_an_improvement() -> None:
    values = np.r_[np.linspace(10, 1, 50), np.full(100, 1.0), 0.5]
    assert places(Plateau("smaller", 0.01, 30).feed(values)) == [(79, True), (150, False)]
    assert places(Plateau("larger", 0.01, 30).feed(-values)) == [(79, True), (150, False)]
    assert Plateau("smaller", 0.01, 30).feed(np.linspace(10, 1, 500)) == []


def test_scores_are_those_of_numpy() -> None:
    known = np.random.default_rng(1).normal(3, 1, 400)
    window, points = 50, 4
    scores, means, spreads = z_scores(known, window, points)
    for i, end in enumerate(range(window + points - 1, 400)):
        before = known[end - points + 1 - window : end - points + 1]
        least = known[end - points + 1 : end + 1].min()
        expected = (least - before.mean()) / before.std(ddof=1)
        np.testing.assert_allclose([scores[i], means[i], spreads[i]], [expected, before.mean(), before.std(ddof=1)])


def test_divergence_fires_where_the_last_points_all_lie_far_above() -> None:
    random = np.random.default_rng(2)
    values = np.r_[1 + 0.1 * random.standard_normal(300), np.full(20, 9.0), 1 + 0.1 * random.standard_normal(100)]
    values[150] = 50.0  # one spike is no divergence
    assert places(Divergence(6, 50, 5).feed(values)) == [(304, True), (324, False)]


@pytest.mark.parametrize(
    "make",
    [NotFinite, lambda: Threshold("above", 0.5, 3), lambda: Plateau("smaller", 0.01, 40), lambda: Divergence(3, 20, 2)],
)
def test_points_in_many_pieces_give_the_same_alerts(make: Callable[[], Detector]) -> None:
    random = np.random.default_rng(3)
    values = random.standard_normal(2000) + np.repeat(random.integers(0, 2, 40) * 8.0, 50)
    values[random.integers(0, 2000, 60)] = np.nan
    whole = make().feed(values)
    in_pieces, detector, at = [], make(), 0
    while at < len(values):
        size = int(random.integers(0, 9))
        in_pieces += [Turn(at + turn.at, turn.message) for turn in detector.feed(values[at : at + size])]
        at += size
    assert in_pieces == whole
    assert len(whole) > 3


@pytest.mark.parametrize("seed", range(40))
def test_healthy_curves_raise_nothing(seed: int) -> None:
    """Falling losses with noise of thin and heavy tails, with steps of the learning rate and with warm restarts."""
    random = np.random.default_rng(seed)
    falling = 2 * np.exp(-np.linspace(0, 4, 3000)) + 0.1
    heavy = falling * (1 + 0.2 * np.abs(random.standard_t(3, 3000)))
    steps = falling * np.repeat([1, 0.5, 0.25], 1000) * (1 + 0.1 * random.standard_normal(3000))
    few = np.exp(-np.linspace(0, 2, 30)) * (1 + 0.05 * random.standard_normal(30))
    for curve in (heavy, steps, few):
        assert Divergence(6, 50, 5).feed(curve) == []


# --- the monitor ------------------------------------------------------------------------------------------------------


class Told(Notifier):
    """A notifier that only remembers."""

    def __init__(self) -> None:
        super().__init__()
        self.alerts: list[dict[str, Any]] = []

    def tell(self, alert: dict[str, Any]) -> None:
        self.alerts.append(alert)


def monitor_of(log: LogDir, rules: list[dict[str, Any]] | None = None) -> tuple[AlertMonitor, Told]:
    told = Told()
    return AlertMonitor(LogSource.of(log), lambda: rules, told), told


def grow(path: Path, *points: tuple[int, float], tag: str = "loss") -> None:
    with path.open("ab") as file:
        file.write(b"".join(event_bytes(step, time.time(), tag, value) for step, value in points))


@pytest.fixture
def going_on(tmp_path: Path) -> Path:
    """The file of a run that has just logged."""
    return write_run(tmp_path / "run", {"loss": [(step, 1.0) for step in range(100)]}, time.time() - 60)


@pytest.fixture
def live(going_on: Path) -> Iterator[LogDir]:
    with open_logdir(going_on.parents[1], index_dir=False) as log:
        yield log


def summary(monitor: AlertMonitor) -> list[tuple[str, str | None, int, bool]]:
    return [(alert.kind, alert.tag, alert.step, alert.active) for alert in monitor.list.alerts]


def test_what_was_there_before_is_shown_but_not_told(tmp_path: Path) -> None:
    write_run(tmp_path / "old", {"loss": [(0, 1.0), (1, float("nan"))]})
    with open_logdir(tmp_path, index_dir=False) as log:
        monitor, told = monitor_of(log)
        monitor.look()
        assert summary(monitor) == [("nan", "loss", 1, False)]  # years ago: not going on
        assert told.alerts == []


def test_new_points_raise_an_alert_once(live: LogDir, going_on: Path) -> None:
    monitor, told = monitor_of(live)
    monitor.look()
    version = monitor.list.version
    grow(going_on, (100, float("nan")), (101, float("nan")))
    live.refresh()
    monitor.look()
    monitor.look()
    assert summary(monitor) == [("nan", "loss", 100, True)]
    assert [(alert["run"], alert["step"], alert["message"]) for alert in told.alerts] == [
        ("run", 100, "the value is NaN")
    ]
    assert monitor.list.version == version + 1
    grow(going_on, *((step, 1.0) for step in range(102, 112)))
    live.refresh()
    monitor.look()
    assert summary(monitor) == [("nan", "loss", 100, False)]
    assert len(told.alerts) == 1


def test_a_stall_is_over_with_the_next_step(live: LogDir, going_on: Path) -> None:
    monitor, told = monitor_of(live, [{"kind": "stall", "options": {"times": 2, "seconds": 60}}])
    monitor.look()
    grow(going_on, (100, 1.0))
    live.refresh()
    monitor.look()
    assert summary(monitor) == []
    monitor._heard["run"] -= 100.0  # time goes by
    monitor.look()
    monitor.look()
    assert summary(monitor) == [("stall", None, 100, True)]
    assert told.alerts[0]["message"].endswith("usually one every 0.5 s")
    grow(going_on, (101, 1.0))
    live.refresh()
    monitor.look()
    assert summary(monitor) == [("stall", None, 100, False)]
    assert len(told.alerts) == 1


def test_other_rules_look_at_everything_anew_and_tell_nobody(live: LogDir) -> None:
    rules: list[dict[str, Any]] = []
    told = Told()
    monitor = AlertMonitor(LogSource.of(live), lambda: list(rules), told)
    monitor.look()
    rules.append({"id": "t", "kind": "threshold", "tags": "^loss$", "options": {"limit": 0.5}})
    monitor.look()
    assert summary(monitor) == [("threshold", "loss", 0, True)]
    rules[0] = {**rules[0], "enabled": False}
    monitor.look()
    assert summary(monitor) == []
    assert told.alerts == []


def test_a_run_that_is_gone_takes_its_alerts_along(live: LogDir, going_on: Path) -> None:
    grow(going_on, (100, float("inf")))
    live.refresh()
    monitor, _ = monitor_of(live)
    monitor.look()
    assert len(monitor.list.alerts) == 1
    going_on.unlink()
    live.refresh()
    monitor.look()
    assert summary(monitor) == []


def test_the_sample_runs_raise_only_what_is_wrong_with_them() -> None:
    with open_logdir(SAMPLES, index_dir=False) as log:
        monitor, _ = monitor_of(log)
        monitor.look()
    assert {(alert.run, alert.kind) for alert in monitor.list.alerts} == {("troubles/nan-and-infinity", "nan")}


def test_rules_that_mean_nothing_are_told_and_the_others_work() -> None:
    rules, problems = parse_rules(
        [{"kind": "nan"}, {"kind": "nan", "tags": "("}, {"kind": "x"}, {"kind": "stall", "options": {"times": 0}}]
    )
    assert [rule.kind for rule in rules] == ["nan"]
    assert [problem.split(":")[0] for problem in problems] == [f"the rule 'rule-{number}'" for number in (2, 3, 4)]
    assert "no regular expression" in problems[0]


def test_no_rules_are_no_rules_and_nothing_said_means_the_default_ones() -> None:
    assert [rule.kind for rule in parse_rules(None)[0]] == ["nan", "divergence", "stall"]
    assert parse_rules({}) == parse_rules([]) == ([], [])


def test_a_rule_is_about_the_runs_its_filter_finds(tmp_path: Path) -> None:
    for name, hidden in (("resnet/a", 64), ("resnet/b", 128), ("vit/a", 64)):
        with SummaryWriter(tmp_path / name) as writer:
            writer.add_scalar("loss", float("nan"), 0)
            writer.add_hparams({"hidden": hidden}, {})
    people: dict[str, Any] = {}

    def found(runs: str) -> list[str]:
        monitor = AlertMonitor(LogSource.of(log), lambda: {"r": {"kind": "nan", "runs": runs}}, Told(), lambda: people)
        monitor.look()
        assert not monitor.list.problems
        return sorted(alert.run for alert in monitor.list.alerts)

    with open_logdir(tmp_path, index_dir=False) as log:
        assert found("") == ["resnet/a", "resnet/b", "vit/a"]
        assert found('hidden == 64 and name ~ "^resnet"') == ["resnet/a"]
        assert found("vit") == ["vit/a"]
        assert found("nobody") == []
        people["vit/a"] = {"tags": ["watch"]}
        assert found('tags ~ "watch"') == ["vit/a"]
        monitor = AlertMonitor(LogSource.of(log), lambda: {"r": {"kind": "nan", "runs": "lr < 1"}}, Told())
        monitor.look()
        assert "unknown name `lr`" in monitor.list.problems[0]


def test_a_run_that_comes_under_a_filter_is_looked_at(live: LogDir, going_on: Path) -> None:
    grow(going_on, (100, float("nan")))
    live.refresh()
    people: dict[str, Any] = {}
    rules = {"r": {"kind": "nan", "runs": 'name ~ "watched"'}}
    monitor = AlertMonitor(LogSource.of(live), lambda: rules, Told(), lambda: people)
    monitor.look()
    assert summary(monitor) == []
    people["run"] = {"name": "watched"}
    monitor.look()
    assert summary(monitor) == [("nan", "loss", 100, True)]


def test_a_part_of_a_session_that_ended_does_not_stall() -> None:
    """TensorFlow's `hparams.api` writes the end into the session's run, not into `validation` below it."""
    with open_logdir(SWEEP, index_dir=False) as log:
        monitor, _ = monitor_of(log, [{"kind": "stall", "options": {"times": 2, "seconds": 1}}])
        snapshot = compare(log)
        row = snapshot.joins.parent["a/validation"]
        assert monitor._has_ended("a/validation") == bool(snapshot.activity(row).ended)


# --- over HTTP --------------------------------------------------------------------------------------------------------


def test_a_running_dashboard_keeps_the_list(tmp_path: Path) -> None:
    write_run(tmp_path / "logs" / "a", {"loss": [(0, float("nan"))]})
    with running("--logdir", str(tmp_path / "logs"), "--port", "0", "--index_dir", str(tmp_path / "i")) as (url, _):
        answer = wait_for(lambda: (found := get_json(f"{url}api/alerts"))["alerts"] and found)
    assert answer["alerts"][0] == {
        "run": "a", "tag": "loss", "rule": "nan", "kind": "nan", "step": 0, "wall_time": 1.7e9,
        "message": "the value is NaN", "active": False,
    }  # fmt: skip
    assert [rule["kind"] for rule in answer["rules"]] == ["nan", "divergence", "stall"]
    assert {kind["name"] for kind in answer["kinds"]} == {"nan", "divergence", "plateau", "stall", "threshold"}


def test_a_rule_that_means_nothing_is_not_saved(client: Any) -> None:
    change = {"path": ["alerts"], "value": [{"kind": "threshold", "tags": "["}]}
    answer = client.post("/api/state", json={"changes": [change]})
    assert answer.status_code == 400
    assert "no regular expression" in answer.json["error"]


# --- command and web hook ---------------------------------------------------------------------------------------------

ALERT = {"run": "a; rm -rf $HOME", "tag": None, "kind": "nan", "step": 3, "message": "the value is NaN"}


def test_a_command_gets_the_alert_without_a_shell(tmp_path: Path) -> None:
    out = tmp_path / "told"
    script = (
        "import os, sys; open(sys.argv[1], 'w').write(os.environ['STEPSCOPE_ALERT_RUN'] + '\\n' + sys.stdin.read())"
    )
    notifier = Notifier(check_command(f'{sys.executable} -c "{script}" {out}'))
    notifier.tell(ALERT)
    run, body = wait_for(lambda: out.exists() and out.read_text()).split("\n")
    assert (run, json.loads(body)) == (ALERT["run"], ALERT)
    notifier.close()


def test_no_name_keeps_a_command_from_being_told(tmp_path: Path) -> None:
    """Names that no environment takes: half a surrogate, a null, more than a system allows."""
    out = tmp_path / "told"
    script = "import os, sys; open(sys.argv[1], 'a').write(str(len(os.environ['STEPSCOPE_ALERT_RUN'])) + ' ')"
    notifier = Notifier((sys.executable, "-c", script, str(out)))
    for name in ("\ud800", "a\0b", "x" * 300_000, "$(touch /tmp/never)"):
        notifier.tell({**ALERT, "run": name})
    assert wait_for(lambda: out.exists() and (text := out.read_text()).count(" ") == 4 and text) == "1 3 10000 19 "
    assert notifier.problem == ""
    notifier.close()


def test_a_command_that_fails_is_told_to_the_page() -> None:
    notifier = Notifier((sys.executable, "-c", "import sys; sys.exit('no way')"))
    notifier.tell(ALERT)
    assert wait_for(lambda: notifier.problem).endswith("ended with code 1: no way")
    notifier.close()


def test_a_command_that_is_no_program_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadTarget, match="--alert_command: there is no program"):
        check_command(f"{tmp_path / 'missing.sh'} --now")


class Hook(BaseHTTPRequestHandler):
    """Refuses the first request, redirects where asked, takes the others."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append(json.loads(body))  # type: ignore[attr-defined]
        if self.path == "/away":
            self.send_response(307)
            self.send_header("Location", "/taken")
        else:
            self.send_response(500 if len(self.server.bodies) == 1 else 204)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing on stderr."""


@pytest.fixture
def hook() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Hook)
    server.bodies = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_web_hook_is_tried_again(hook: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stepscope.webapp.alerts.notify._PAUSES", (0.01,))
    notifier = Notifier((), check_webhook(f"http://localhost:{hook.server_port}/taken", ()))
    notifier.tell(ALERT)
    wait_for(lambda: len(hook.bodies) == 2)  # type: ignore[attr-defined]
    assert hook.bodies == [ALERT, ALERT]  # type: ignore[attr-defined]
    assert notifier.problem == ""
    notifier.close()


def test_a_web_hook_that_works_does_not_hide_a_command_that_fails(hook: HTTPServer) -> None:
    hook.bodies.append({})  # type: ignore[attr-defined]  # the first request is refused
    url = check_webhook(f"http://localhost:{hook.server_port}/taken", ())
    notifier = Notifier((sys.executable, "-c", "import sys; sys.exit('no way')"), url)
    notifier.tell(ALERT)
    notifier.tell(ALERT)
    wait_for(lambda: len(hook.bodies) == 3)  # type: ignore[attr-defined]
    assert notifier.problem.endswith("ended with code 1: no way")
    notifier.close()


def test_a_web_hook_follows_no_redirect(hook: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stepscope.webapp.alerts.notify._PAUSES", ())
    notifier = Notifier((), f"http://127.0.0.1:{hook.server_port}/away")
    notifier.tell(ALERT)
    assert wait_for(lambda: notifier.problem) == "the web hook at 127.0.0.1 answered 307"
    assert len(hook.bodies) == 1  # type: ignore[attr-defined]
    notifier.close()


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:99/x", "https://localhost/", "http://[::1]:8/", "https://hooks.example/x"]
)
def test_addresses_that_are_allowed(url: str) -> None:
    assert check_webhook(url, ["Hooks.example"]) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://localhost/",
        "http://127.0.0.1.evil.com/",
        "http://localhost@evil.com/",
        "x",
        "http://[/",
        "http://0.0.0.0/",
        "http://[::]/",
        "http://[::ffff:8.8.8.8]/",
        "http://127.1/",  # may be read as another name
        "http://2130706433/",
        "http://0x7f.1/",
        "http://localhost./",
        "http://localhost%2eevil.com/",
        "http://user@localhost/",
        "http://evil.com\\@localhost/",
        "http://evil.com#@localhost/",
        "http://local\nhost/",
        "http://localhost:80@evil.com/",
        "http://hooks.example.evil.com/",
        "http://evil.com/?http://hooks.example/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest",
        "file://localhost/etc/passwd",
        "gopher://127.0.0.1/",
    ],
)
def test_addresses_that_are_not(url: str) -> None:
    with pytest.raises(BadTarget, match="--alert_webhook"):
        check_webhook(url, ["hooks.example"])


def test_alerts_are_known_by_run_tag_rule_and_step() -> None:
    alert = Alert("a", "loss", "nan", "nan", 3, 1.0, "text")
    assert alert.key == ("a", "loss", "nan", 3)
