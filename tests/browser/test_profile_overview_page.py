"""The overview of a profile as a person sees it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from browser_helpers import Dashboard, nameless
from playwright.sync_api import Page, expect
from trace_files import events_of_steps, write_trace

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def dashboard(start: Callable[..., Dashboard], tmp_path_factory: pytest.TempPathFactory) -> Dashboard:
    """Five steps on a GPU in "run", two ranks in "ranks", steps without a GPU in "host", cut off in "cut"."""
    folder = tmp_path_factory.mktemp("traces")
    write_trace(folder / "run" / "rank0.pt.trace.json", events_of_steps(steps=5))
    for rank in range(2):
        events = events_of_steps(kernel_us=30 + 10 * rank)
        write_trace(folder / "ranks" / f"rank{rank}.pt.trace.json", events, distributedInfo={"rank": rank})
    host = [event for event in events_of_steps() if event["cat"] in ("user_annotation", "cpu_op")]
    write_trace(folder / "host" / "rank0.pt.trace.json", host, deviceProperties=[])
    write_trace(folder / "cut" / "rank0.pt.trace.json", host)
    whole = (folder / "cut" / "rank0.pt.trace.json").read_text()
    (folder / "cut" / "rank0.pt.trace.json").write_text(whole[: whole.rindex("{")])
    return start(folder)


def address(dashboard: Dashboard, run: str = "run") -> str:
    return f"{dashboard.url}#profile?trace={run}/rank0.pt.trace.json&tview=overview"


def test_the_split_the_gpu_and_the_health_of_the_trace_stand_first(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard))
    split = page.get_by_role("region", name="The GPU's time")
    expect(split.get_by_role("img", name=re.compile("^The GPU's time: Computation .* Idle"))).to_be_visible()
    expect(split.get_by_role("img", name=re.compile("^Idle time by reason: host"))).to_be_visible()
    expect(split).to_contain_text("50.0 % of it behind computation")
    expect(page.get_by_role("region", name="GPU 0")).to_contain_text("Made GPU")
    expect(page.get_by_role("region", name="GPU 0")).to_contain_text("Utilization")
    expect(page.get_by_role("region", name="The trace")).to_contain_text("100.0 % attributed")
    assert nameless(page) == []


def test_advice_leads_to_its_place(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard))
    advice = page.get_by_role("region", name="What to do").get_by_role("listitem")
    late = advice.filter(has_text="The host launches work too late")
    expect(late).to_contain_text("a step")
    late.get_by_role("button", name="Show in the timeline").click()
    expect(page.get_by_role("tab", name="Timeline")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("region", name="Joined to")).to_contain_text("aten::mm")


def test_steps_go_by_keys_and_lead_to_the_timeline(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard))
    steps = page.get_by_role("region", name="Steps")
    expect(steps.get_by_role("status")).to_contain_text("Mean of 5 complete steps: 100 µs.")
    steps.get_by_role("group", name=re.compile("^Chart of 5 steps")).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(steps.get_by_role("status")).to_contain_text("ProfilerStep#4: 100 µs · Kernel 40.0 µs (40.0 %)")
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Timeline")).to_have_attribute("aria-selected", "true")


def test_a_click_on_a_column_opens_the_step(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard))
    chart = page.get_by_role("group", name=re.compile("^Chart of 5 steps"))
    box = chart.bounding_box()
    assert box
    chart.click(position={"x": 90, "y": box["height"] - 40})
    expect(page.get_by_role("tab", name="Timeline")).to_have_attribute("aria-selected", "true")


def test_names_are_texts_and_lead_to_their_rows(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard))
    page.get_by_role("region", name="Longest kernels").get_by_role("button", name=re.compile("^<img src=x")).click()
    expect(page.get_by_role("searchbox", name="Filter Kernels")).to_have_value(re.compile("<img src=x"))
    expect(page.get_by_role("grid", name="Kernels").get_by_role("row")).to_have_count(1)
    expect(page.locator(".prof-view img")).to_have_count(0)


def test_figures_are_tables_one_at_a_time(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard))
    rows = page.get_by_role("grid", name="Figures").get_by_role("row")
    expect(rows).to_have_count(5)
    page.get_by_role("button", name="Queues").click()
    expect(rows.first).to_contain_text("GPU 0 stream 7")
    page.get_by_role("button", name="Idle gaps").click()
    expect(rows.first).to_contain_text("host")
    expect(rows.first).to_contain_text("aten::mm")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Filter Figures")).to_be_focused()


def test_ranks_stand_below_each_other_and_one_can_be_chosen(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard, "ranks"))
    ranks = page.get_by_role("region", name="Ranks")
    expect(ranks.get_by_role("img", name=re.compile("^Rank 1: Computation"))).to_be_visible()
    ranks.get_by_role("button", name="Rank 1").click()
    expect(page).to_have_url(re.compile("trank=1"))


def test_without_a_gpu_the_mean_step_is_split_on_a_narrow_dark_page(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard, "host"), width=400, height=800, theme="dark")
    step = page.get_by_role("region", name="The mean step")
    expect(step.get_by_role("img", name=re.compile("^The mean step: CPU 14.0 %, Other 86.0 %"))).to_be_visible()
    expect(page.get_by_role("region", name="Longest operators")).to_contain_text("aten::mm")
    expect(page.get_by_role("button", name="Queues")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    assert nameless(page) == []


def test_a_file_without_a_whole_step_says_so_instead_of_figures(open_page: Open, dashboard: Dashboard) -> None:
    page = open_page(address(dashboard, "cut"))
    expect(page.get_by_role("region", name="Time", exact=True)).to_contain_text("there is no mean step")
    expect(page.get_by_role("region", name="What to do")).to_contain_text("No step is there whole, so nothing is")
    expect(page.get_by_role("region", name="GPUs")).to_contain_text("the file is cut off and holds no kernel of it")
    expect(page.get_by_role("region", name="Steps", exact=True)).to_contain_text("No step is there whole.")
