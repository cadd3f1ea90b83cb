"""Bounded memory: things are made once, and the oldest go."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from stepscope.webapp.kept import Kept


def test_the_oldest_go_when_all_weigh_too_much():
    kept: Kept[str] = Kept(10, len)
    for text in ("aaaa", "bbbb", "cccc"):
        kept.get(text[0], lambda text=text: text)
    assert kept.find("a") is None
    assert (kept.find("b"), kept.find("c"), kept.weight) == ("bbbb", "cccc", 8)


def test_what_was_asked_for_last_stays():
    kept: Kept[str] = Kept(10, len)
    for key in ("a", "b", "a", "c"):
        kept.get(key, lambda key=key: key * 4)
    assert kept.values() == ["aaaa", "cccc"]


def test_one_that_weighs_more_than_all_may_is_kept_until_the_next():
    kept: Kept[str] = Kept(3, len)
    kept.get("long", lambda: "longer")
    assert kept.find("long") == "longer"
    kept.put("b", "b")
    assert kept.values() == ["b"]


def test_many_who_ask_at_once_wait_for_one():
    kept: Kept[object] = Kept(10, lambda thing: 1)
    begun, go, made = threading.Event(), threading.Event(), []

    def make() -> object:
        begun.set()
        assert go.wait(10)
        made.append(object())
        return made[-1]

    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(kept.get, "key", make) for _ in range(4)]
        assert begun.wait(10)
        go.set()
        found = {id(job.result(10)) for job in jobs}
    assert (len(found), len(made)) == (1, 1)


def test_a_failure_is_told_and_not_kept():
    kept: Kept[str] = Kept(10, len)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: str(1 / 0))
    assert kept.get("a", lambda: "made") == "made"
