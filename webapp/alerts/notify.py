"""Telling somebody else about an alert: a command, a web hook. Both only where the command line asks for them.

They run on a thread of their own behind a bounded queue, so that neither can hold up the server.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import os
import queue
import re
import shlex
import shutil
import subprocess
import threading
import urllib.parse
from collections.abc import Callable, Collection
from functools import partial
from typing import Any

__all__ = ["BadTarget", "Notifier", "check_command", "check_webhook"]

_logger = logging.getLogger(__name__)

_WAITING = 1_000  # alerts that may wait to be told
_COMMAND_SECONDS = 60.0
_PAUSES = (1.0, 5.0, 20.0)  # seconds between the attempts of a web hook
_LONGEST_VARIABLE = 10_000  # characters; systems limit the environment, and stdin has everything
_MISREAD = re.compile(r"[\s\\\x00-\x20\x7f]")


class BadTarget(ValueError):
    """A command or an address that cannot be used; the text says why."""


def check_command(text: str) -> tuple[str, ...]:
    """The words of a command; no shell reads them. Raises BadTarget."""
    try:
        words = tuple(shlex.split(text))
    except ValueError as error:
        raise BadTarget(f"--alert_command: {text!r} cannot be split into words ({error})") from None
    if not words:
        raise BadTarget("--alert_command: expected a program, got nothing")
    if shutil.which(words[0]) is None:
        raise BadTarget(f"--alert_command: there is no program {words[0]!r}, or it may not be run")
    return words


def check_webhook(url: str, hosts: Collection[str]) -> str:
    """The address, if it is http(s) to this machine or to one of `hosts`. Raises BadTarget."""
    try:
        parts = urllib.parse.urlsplit(url)
        host = (parts.hostname or "").lower()
        port = parts.port
    except ValueError as error:
        raise BadTarget(f"--alert_webhook: {url!r} is no address ({error})") from None
    if parts.scheme not in ("http", "https") or not host or port == 0:
        raise BadTarget(f"--alert_webhook: expected http://… or https://…, got {url!r}")
    if "@" in parts.netloc or _MISREAD.search(url):  # two readers of such an address may see two hosts
        raise BadTarget("--alert_webhook: an address may hold no user name, backslash, space or control character")
    if not _is_loopback(host) and host not in {name.lower() for name in hosts}:
        raise BadTarget(f"--alert_webhook: {host} is not this machine; allow it with --alert_host {host}")
    return url


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _harmless(text: str) -> str:
    """As an environment takes it, on every system."""
    return text[:_LONGEST_VARIABLE].replace("\0", "�").encode("utf-8", "replace").decode()


class Notifier:
    """Hands alerts to a command and a web hook, one after the other."""

    def __init__(self, command: tuple[str, ...] = (), webhook: str = "") -> None:
        self._problems: dict[str, str] = {}  # of what → what went wrong last
        self._command, self._webhook = command, webhook
        self._queue: queue.Queue[dict[str, Any]] = queue.Queue(_WAITING)
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()

    @property
    def problem(self) -> str:
        """What went wrong last with either, for the page; "" when all is well."""
        return "; ".join(self._problems.copy().values())

    @property
    def tells(self) -> list[str]:
        """Who is told, for people; an address may hold a secret, so only its host is named."""
        told = [f"the command {os.path.basename(self._command[0])}"] if self._command else []
        host = urllib.parse.urlsplit(self._webhook).hostname
        return [*told, f"the web hook at {host}"] if self._webhook else told

    def tell(self, alert: dict[str, Any]) -> None:
        """Returns at once."""
        if not self._command and not self._webhook:
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="tell-alerts", daemon=True)
            self._thread.start()
        try:
            self._queue.put_nowait(alert)
        except queue.Full:
            self._fail("the queue", f"more than {_WAITING} alerts wait to be told; the newest are only on the page")

    def close(self) -> None:
        """Give up what waits."""
        self._closing.set()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                alert = self._queue.get(timeout=0.5)
            except queue.Empty:
                self._problems.pop("the queue", None)
                continue
            data = json.dumps(alert).encode()
            if self._command:
                self._attempt("the command", partial(self._run_command, data, alert))
            if self._webhook:
                self._attempt("the web hook", partial(self._post, data), _PAUSES)

    def _attempt(self, what: str, action: Callable[[], None], pauses: tuple[float, ...] = ()) -> None:
        for pause in (*pauses, None):
            try:
                action()
                self._problems.pop(what, None)
                return
            except Exception as error:  # whatever it is, the next alert must be told
                if pause is None:
                    self._fail(what, str(error))
                elif self._closing.wait(pause):
                    return

    def _fail(self, what: str, sentence: str) -> None:
        self._problems[what] = sentence
        _logger.warning("%s", sentence)

    def _run_command(self, data: bytes, alert: dict[str, Any]) -> None:
        told = {f"STEPSCOPE_ALERT_{name.upper()}": "" if value is None else str(value) for name, value in alert.items()}
        told = {name: _harmless(value) for name, value in told.items()}
        name = self._command[0]
        try:
            done = subprocess.run(
                self._command, input=data, env={**os.environ, **told}, timeout=_COMMAND_SECONDS, check=False,
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise RuntimeError(f"the alert command {name} was ended after {_COMMAND_SECONDS:g} s") from None
        except OSError as error:
            raise RuntimeError(f"the alert command {name} cannot be run: {error.strerror or error}") from None
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip()[-300:]
            reason = f": {said}" if said else ""
            raise RuntimeError(f"the alert command {name} ended with code {done.returncode}{reason}")

    def _post(self, data: bytes) -> None:
        from .webhook import post  # HTTP and TLS are loaded by those who use them

        post(self._webhook, data)
