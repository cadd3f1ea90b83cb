"""Jobs: shared by who asks for the same, steered, kept on disk, their processes ended when nobody wants them."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_processes import is_there, wait_until

from stepscope.projector.jobs import lanes
from stepscope.projector.jobs.job import Job, Task
from stepscope.projector.jobs.manager import Jobs, News, NoJob


def task(key: str, work: str = "count", **fields: Any) -> Task:
    return Task(f"toy_work:{work}", key * 8, {"total": 3, **fields})


LONG = {"total": 10**9}


def wait_for(jobs: Jobs, job: Job, condition: Callable[[News], bool], asker: str = "") -> News:
    end, number = time.monotonic() + 20, 0
    while True:
        news = jobs.news(job.id, number, 1.0, asker)
        if condition(news):
            return news
        number = news.number
        assert time.monotonic() < end, f"still {news.state} with {news.facts}"


def finish(jobs: Jobs, job: Job) -> News:
    return wait_for(jobs, job, lambda news: news.state in ("done", "stopped", "failed"))


def begin(jobs: Jobs, job: Job, asker: str = "") -> int:
    """Wait for its first frame; the process it runs in."""
    return int(wait_for(jobs, job, lambda news: "pid" in news.facts, asker).facts["pid"])


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    made = Jobs(tmp_path / "kept", places={"layouts": 2})
    yield made
    made.close()


def test_a_job_that_was_changed_is_found_by_what_it_is_now(jobs: Jobs) -> None:
    slow = {**LONG, "content": "words", "parameters": {"step": 1}}
    job = jobs.start(task("a", **slow))
    begin(jobs, job)
    jobs.change(job.id, {"step": 2})
    changed = task("b", **{**slow, "parameters": {"step": 2}})
    assert jobs.same(changed) is job, "a page that was loaded anew asks for what it shows"
    assert jobs.same(task("a", **slow)) is None, "it is no longer what it began as"
    assert jobs.same(task("b", **{**slow, "content": "other", "parameters": {"step": 2}})) is None
    assert jobs.start(changed) is not job, "whoever runs it gets all of it with these parameters"


def test_a_job_tells_frames_and_ends(jobs: Jobs) -> None:
    job = jobs.start(task("a"))
    done = finish(jobs, job)
    assert (done.state, done.facts["done"], done.facts["total"]) == ("done", 3, 3)
    assert jobs.newest(job.id).arrays["coordinates"].tolist() == [[3, 3], [3, 3]]
    assert jobs.news(job.id, done.number).delivery is None  # nothing newer
    assert jobs.news(job.id, 0).delivery is not None


def test_two_users_who_ask_for_the_same_share_a_job(jobs: Jobs) -> None:
    one = jobs.start(task("a", **LONG), asker="one")
    other = jobs.start(task("a", **LONG), asker="other")
    assert one is other
    pid = begin(jobs, one, "one")
    jobs.discard(one.id, "one")
    assert jobs.find(one.id).state == "running" and is_there(pid)
    jobs.discard(one.id, "other")
    assert not is_there(pid)


def test_a_result_is_found_again_by_another_process(jobs: Jobs, tmp_path: Path) -> None:
    job = jobs.start(task("a"))
    finish(jobs, job)
    wait_until(lambda: jobs.find(job.id).box.folder.parent.name == "results")
    later = Jobs(tmp_path / "kept")
    try:
        assert later.same(task("b")) is None
        found = later.start(task("a"))
        assert found.state == "done" and found.future is None
        assert later.newest(found.id).arrays["coordinates"][0, 0] == 3
        assert later.start(task("a"), restart=True).id != found.id
    finally:
        later.close()


def test_a_result_that_is_cut_off_is_made_again(jobs: Jobs, tmp_path: Path) -> None:
    finish(jobs, jobs.start(task("a")))
    newest = tmp_path / "kept" / "results" / ("a" * 8) / "newest.npz"
    wait_until(newest.exists)
    newest.write_bytes(b"")
    later = Jobs(tmp_path / "kept")
    try:
        again = later.start(task("a"))
        assert finish(later, again).state == "done"
        wait_until(lambda: later.find(again.id).box.folder == newest.parent)
        assert later.newest(again.id).arrays["coordinates"][0, 0] == 3
    finally:
        later.close()


def test_no_more_results_are_kept_than_fit(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path, kept=1)
    try:
        jobs.start(task("a")), jobs.start(task("b"))
        wait_until(lambda: all(job.is_over for job, _ in jobs.listed()))
        wait_until(lambda: len([*(tmp_path / "results").iterdir()]) == 1)
    finally:
        jobs.close()
    assert [*(tmp_path / "running").iterdir()] == []


def test_a_bounded_number_runs_and_the_others_wait_in_order(jobs: Jobs) -> None:
    first, second, third, fourth = (jobs.start(task(key, **LONG)) for key in "abcd")
    begin(jobs, first), begin(jobs, second)
    assert [job.state for job in (third, fourth)] == ["waiting", "waiting"]
    jobs.discard(second.id)
    begin(jobs, third)
    assert fourth.state == "waiting"


def test_what_takes_seconds_does_not_wait_for_what_takes_minutes(jobs: Jobs) -> None:
    for key in "ab":
        begin(jobs, jobs.start(task(key, **LONG)))
    quick = Task("toy_work:count", "c" * 8, {"total": 3}, lane="quick")
    assert finish(jobs, jobs.start(quick)).state == "done"


def test_what_pauses_leaves_its_place_to_others_and_goes_on_later(jobs: Jobs) -> None:
    first, second = (jobs.start(task(key, **LONG)) for key in "ab")
    begin(jobs, first), begin(jobs, second)
    jobs.pause(first.id)
    wait_until(lambda: jobs.newest(first.id).facts["state"] == "paused")
    third = jobs.start(task("c", **LONG))
    begin(jobs, third)
    before = jobs.newest(first.id).facts["done"]
    jobs.resume(first.id)
    assert first.state == "waiting"
    jobs.discard(second.id)
    wait_for(jobs, first, lambda news: news.facts["done"] > before)


def test_a_change_reaches_the_worker_and_the_result_is_not_that_of_the_key(jobs: Jobs) -> None:
    job = jobs.start(task("a", **LONG))
    begin(jobs, job)
    jobs.change(job.id, {"speed": 1})
    wait_for(jobs, job, lambda news: news.message == "only step can change, got speed")
    jobs.change(job.id, {"step": 10**9})
    assert finish(jobs, job).state == "done"
    assert jobs.start(task("a", **LONG)).id != job.id


def test_a_stopped_job_keeps_its_last_frame(jobs: Jobs) -> None:
    job = jobs.start(task("a", **LONG))
    pid = begin(jobs, job)
    jobs.stop(job.id)
    assert finish(jobs, job).state == "stopped"
    assert jobs.newest(job.id).arrays["coordinates"][0, 0] > 0
    with pytest.raises(ValueError, match="the job is stopped; start it again"):
        jobs.pause(job.id)
    assert is_there(pid)  # it ended its task by itself, and waits for another


def test_a_worker_that_does_not_listen_is_ended_when_it_is_stopped(jobs: Jobs) -> None:
    job = jobs.start(task("a", "burn"))
    pid = begin(jobs, job)
    jobs.stop(job.id)
    assert finish(jobs, job).state == "stopped"
    assert not is_there(pid)


def test_cancelling_frees_the_processor_at_once(jobs: Jobs) -> None:
    job = jobs.start(task("a", "burn"))
    pid = begin(jobs, job)
    began = time.monotonic()
    jobs.discard(job.id)
    assert not is_there(pid)
    assert time.monotonic() - began < 1
    with pytest.raises(NoJob):
        jobs.news(job.id)


def test_a_killed_worker_is_a_failed_job_with_a_sentence(jobs: Jobs) -> None:
    job = jobs.start(task("a", **LONG))
    os.kill(begin(jobs, job), signal.SIGKILL)
    failed = finish(jobs, job)
    assert failed.state == "failed"
    assert "was killed: by somebody, or by the system because memory ran out" in failed.message
    assert finish(jobs, jobs.start(task("b"))).state == "done"  # others go on
    assert jobs.start(task("a")).id != job.id  # and the same may be tried again


def test_a_job_whose_folder_is_gone_fails_alone(jobs: Jobs) -> None:
    running = jobs.start(task("a", **LONG))
    begin(jobs, running)
    jobs.pause(running.id)
    shutil.rmtree(running.box.folder)
    jobs.resume(running.id)
    failed = finish(jobs, running)
    assert failed.state == "failed" and "start it again" in failed.message
    assert finish(jobs, jobs.start(task("b"))).state == "done"


@pytest.mark.parametrize(
    ("work", "sentence"),
    [("refuse", "perplexity is 30, which 5 points do not allow; take at most 1"), ("die", "ended with exit code 3")],
)
def test_what_cannot_be_done_says_why(jobs: Jobs, work: str, sentence: str) -> None:
    failed = finish(jobs, jobs.start(task("a", work)))
    assert failed.state == "failed" and sentence in failed.message


def test_the_parts_of_a_job_stay_beside_its_newest_frame(jobs: Jobs) -> None:
    job = jobs.start(task("a", "keep_parts"))
    finish(jobs, job)
    assert jobs.part(job.id, 10).arrays["coordinates"][0, 0] == 10
    with pytest.raises(NoJob):
        jobs.part(job.id, 5)


def test_any_executor_will_do(tmp_path: Path) -> None:
    """One that ends nothing: workers look at their orders between two frames."""
    with ThreadPoolExecutor(2) as executor:
        jobs = Jobs(tmp_path, executor)
        assert finish(jobs, jobs.start(task("a"))).state == "done"
        long = jobs.start(task("b", **LONG))
        begin(jobs, long)
        jobs.discard(long.id)
        jobs.close()


def test_what_a_task_prepares_is_there_for_the_worker_and_gone_afterwards(jobs: Jobs) -> None:
    def prepare(folder: Path, may_map: bool) -> dict[str, Any]:
        np.save(folder / "input-points.npy", np.zeros(3))
        return {"total": 2, "may_map": may_map}

    job = jobs.start(Task("toy_work:count", "a" * 8, {"total": 10**9}, prepare=prepare))
    assert finish(jobs, job).facts["total"] == 2
    assert jobs.find(job.id).box.task["may_map"] is True
    assert not [*jobs.find(job.id).box.folder.glob("input-*")]


def test_paused_jobs_that_nobody_looks_at_are_stopped_and_running_ones_make_room() -> None:
    now = time.monotonic()
    paused, running, waiting = (Job(key, task(key), box=None) for key in "abc")  # type: ignore[arg-type]
    paused.state, running.state = "paused", "running"
    for job in (paused, running):
        job.askers[""] = now - lanes.UNWATCHED - 1
    assert lanes.to_make_room([paused, running]) == [paused]
    waiting.seen_by("")
    assert lanes.to_make_room([paused, running, waiting]) == [paused, running]
