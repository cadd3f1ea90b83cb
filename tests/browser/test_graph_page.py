"""The page "Graph": which graph, its tree of modules, what is searched, traced and coloured in it, and what it says."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from browser_helpers import Dashboard, forgive, nameless
from playwright.sync_api import Locator, Page, Route, expect

from stepscope.logger import FileWriter, SummaryWriter
from stepscope.logger.proto.event_pb2 import Event

torch = pytest.importorskip("torch")

EVIL = "<img src=x onerror=alert(1)>"
OpenPage = Callable[..., Page]


def block(width: int) -> torch.nn.Module:
    """A norm and a small MLP with a name that is markup in it."""
    mlp = torch.nn.Sequential(torch.nn.Linear(width, 2 * width), torch.nn.ReLU(), torch.nn.Linear(2 * width, width))
    made = torch.nn.Sequential(torch.nn.LayerNorm(width), mlp)
    made.add_module(EVIL.replace(".", ""), torch.nn.Identity())
    return made


def model(width: int) -> torch.nn.Module:
    """Two blocks between an embedding and a head."""
    named = {"embed": torch.nn.Embedding(10, width), "one": block(width), "two": block(width)}
    made = torch.nn.Sequential()
    for name, module in named.items():
        made.add_module(name, module)
    made.add_module("head", torch.nn.Linear(width, 3))
    return made


def log_model(folder: Path, width: int, steps: tuple[int, ...] = (0,)) -> None:
    with SummaryWriter(str(folder)) as writer:
        for step in steps:
            made = model(width)
            writer.add_graph(made, torch.zeros(2, 5, dtype=torch.long), step=step, export=False)
            for name, values in made.named_parameters():
                writer.add_histogram(name, values, step)
        writer.add_scalar("loss", 1.0, 0)


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("graphs")
    log_model(folder / "narrow", 8)
    log_model(folder / "wide", 16, (0, 7))
    with SummaryWriter(str(folder / "plain")) as writer:
        writer.add_scalar("loss", 1.0, 0)
    return folder


@pytest.fixture(scope="module")
def graphs(logs: Path, start: Callable[..., Dashboard]) -> Dashboard:
    return start(logs)


@pytest.fixture
def page(open_page: OpenPage, graphs: Dashboard) -> Page:
    """The graph of the run "narrow", as nobody has touched it."""
    return open_page(f"{graphs.url}#graph?graph=narrow:graph", width=1600)


def row(page: Page, name: str) -> Locator:
    """A row of the tree."""
    return page.get_by_role("treeitem").filter(has=page.locator("bdi", has_text=re.compile(f"^{re.escape(name)}$")))


def details(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Details")


def fact(page: Page, name: str) -> Locator:
    """What the details say of a thing."""
    return details(page).locator("dt", has_text=re.compile(f"^{name}$")).locator("+ dd")


def chooser(page: Page, name: str) -> Locator:
    return page.get_by_role("combobox", name=name, exact=True)


def choices(page: Page, name: str) -> list[str]:
    return chooser(page, name).locator("option").all_inner_texts()


def boxes_drawn(page: Page) -> Locator:
    """How many boxes are drawn, in words."""
    return page.locator(".graph-foot").get_by_text("boxes drawn")


def test_the_tree_sums_what_the_modules_hold(page: Page) -> None:
    parameters = sum(one.numel() for one in model(8).parameters())
    expect(row(page, "Sequential").locator(".tree-parameters")).to_have_text(str(parameters))
    expect(row(page, "embed").locator(".tree-parameters")).to_have_text("80")
    expect(row(page, "head").locator(".tree-flops")).to_have_text(str(2 * 10 * 8 * 3))
    expect(row(page, "embed").locator(".tree-memory")).to_have_text("320 B")
    expect(row(page, "head").locator(".tree-output")).to_have_text("2×5×3")


def test_the_tree_is_walked_with_keys_and_leads_to_the_picture(page: Page) -> None:
    tree = page.get_by_role("tree", name="Modules")
    row(page, "one").click()
    expect(fact(page, "Parameters")).to_have_text(str(sum(one.numel() for one in block(8).parameters())))
    tree.focus()
    tree.press("ArrowRight")
    expect(row(page, "one")).to_have_attribute("aria-expanded", "true")
    expect(row(page, "0")).to_be_visible()
    tree.press("ArrowRight")
    tree.press("Enter")
    crumbs = page.get_by_role("navigation", name="Place in the model")
    expect(crumbs.locator("[aria-current]")).to_have_text("0")
    expect(page).to_have_url(re.compile("gbox=one/0/|gbox=one/one.0/"))
    crumbs.get_by_role("button", name="one", exact=True).click()
    expect(fact(page, "Module")).to_have_text("one")


@pytest.mark.parametrize("key", ["ArrowRight", "ArrowDown"])
def test_who_walks_on_before_the_rows_are_there_keeps_the_place(page: Page, key: str) -> None:
    waiting: list[Route] = []
    page.route("**/api/graph/tree?*", lambda route: waiting.append(route))
    row(page, "one").click()
    tree = page.get_by_role("tree", name="Modules")
    tree.focus()
    tree.press("ArrowRight")
    expect(tree.get_by_text("…", exact=True)).to_be_visible()
    tree.press(key)
    for route in waiting:
        route.continue_()
    expect(row(page, "0")).to_be_visible()
    expect(tree.get_by_role("treeitem", selected=True)).to_contain_text("one")


def test_a_search_opens_what_its_hit_lies_in(page: Page, open_page: OpenPage) -> None:
    page.keyboard.press("c")
    expect(boxes_drawn(page)).to_have_text("6 boxes drawn")
    page.keyboard.press("/")
    box = page.get_by_label("Search the graph")
    expect(box).to_be_focused()
    box.fill("relu$")
    expect(page.locator(".graph-found")).to_contain_text("0 hits")
    page.get_by_role("button", name="Regular expression").click()
    hits = page.get_by_role("listbox", name="Found").get_by_role("option")
    expect(hits).to_have_count(4)  # two modules, two operations
    hits.filter(has_text="one/").first.click()
    expect(fact(page, "Operation")).to_have_text("relu")
    expect(page).to_have_url(re.compile("gopen=one/"))
    box.fill("relu(")
    expect(page.locator(".graph-found").get_by_role("alert")).to_contain_text("no regular expression")
    forgive(open_page, "400")


def test_everything_before_a_box_is_marked_and_a_path_is_listed(page: Page) -> None:
    row(page, "two").click()
    details(page).get_by_role("button", name="Upstream").click()
    said = details(page).locator(".trace-said")
    expect(said).to_contain_text("operations before two")
    page.keyboard.press("Escape")
    expect(said).to_have_count(0)
    page.keyboard.press("d")
    expect(said).to_contain_text("behind two")
    details(page).get_by_role("button", name="Path from here").click()
    expect(said).to_have_count(0)
    row(page, "head").click()
    expect(said).to_contain_text("two → head")
    steps = details(page).locator(".trace-steps button")
    expect(steps.last).to_have_text("head/linear")
    steps.last.click()
    expect(fact(page, "Operation")).to_have_text("linear")
    expect(said).to_contain_text("two → head")  # its steps do not begin another one
    row(page, "embed").click()
    details(page).get_by_role("button", name="Path to here").click()
    expect(said).to_contain_text("embed → two")


def test_details_lead_along_the_tensors(page: Page) -> None:
    row(page, "head").click()
    inputs = details(page).get_by_role("region", name="Inputs")
    expect(inputs).to_contain_text("float32 2×5×8")
    inputs.get_by_role("button").first.click()
    outputs = details(page).get_by_role("region", name="Outputs")
    outputs.get_by_role("button", name=re.compile("head")).first.click()
    expect(details(page).get_by_role("region", name="Parameters")).to_contain_text("weight")
    expect(fact(page, "Operation")).to_have_text("linear")
    details(page).get_by_role("button", name="Close details").click()
    expect(details(page)).to_be_hidden()


def test_colours_mean_what_the_legend_says(page: Page) -> None:
    legend = page.get_by_role("group", name="Colours")
    expect(legend.get_by_role("button", name="LayerNorm")).to_be_visible()
    entry = legend.get_by_role("button", name="Linear")
    entry.click()
    expect(entry).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Colour by").select_option("parameters")
    expect(legend.locator(".legend-bar")).to_be_visible()
    expect(page).to_have_url(re.compile("gcolor=parameters"))


def test_runs_tags_and_steps_are_chosen(page: Page) -> None:
    assert choices(page, "Run") == ["narrow", "wide"]
    chooser(page, "Run").select_option(label="wide")
    expect(row(page, "embed").locator(".tree-parameters")).to_have_text("160")
    assert choices(page, "Step") == ["step 0", "step 7"]
    chooser(page, "Step").select_option(label="step 0")
    expect(page).to_have_url(re.compile("graph=wide:graph:0-"))
    chooser(page, "Graph").select_option("graph/aten")
    expect(page.locator(".graph-foot")).to_contain_text("ATen")


def test_a_run_that_is_not_ticked_is_not_offered(page: Page) -> None:
    expect(row(page, "embed").locator(".tree-parameters")).to_have_text("80")
    page.get_by_role("complementary", name="Runs").get_by_role("checkbox", name="narrow").click()
    expect(row(page, "embed").locator(".tree-parameters")).to_have_text("160")
    assert choices(page, "Run") == ["wide"]
    page.get_by_role("complementary", name="Runs").get_by_role("checkbox", name="wide").click()
    expect(page.get_by_role("heading", name="No run that is shown has a graph")).to_be_visible()
    page.get_by_role("button", name="Show all runs").click()
    expect(row(page, "embed")).to_be_visible()


def test_a_link_shows_what_was_seen(page: Page) -> None:
    row(page, "two").click()
    page.keyboard.press("c")
    page.get_by_label("Colour by").select_option("op")
    expect(page).to_have_url(re.compile("gopen=-.*gbox=two/.*gcolor=op"))
    page.reload()
    expect(boxes_drawn(page)).to_have_text("6 boxes drawn")
    expect(fact(page, "Module")).to_have_text("two")
    expect(page.get_by_label("Colour by")).to_have_value("op")


def test_a_link_to_a_box_opens_what_it_lies_in(open_page: OpenPage, graphs: Dashboard) -> None:
    page = open_page(f"{graphs.url}#graph?graph=narrow:graph&gopen=-&gbox=two/1/0/", width=1600)
    expect(fact(page, "Module")).to_have_text("two.1.0")
    expect(page).to_have_url(re.compile("gopen=two/.*gbox=two/1/0/"))


def test_names_are_text(page: Page) -> None:
    row(page, "one").locator(".tree-twist").click()
    expect(row(page, EVIL)).to_be_visible()
    page.keyboard.press("/")
    page.get_by_label("Search the graph").fill("onerror")
    expect(page.get_by_role("listbox", name="Found").get_by_role("option").first).to_contain_text(EVIL)
    assert page.locator("img").count() == 0


def test_the_graph_of_a_new_run_appears(
    open_page: OpenPage, start_here: Callable[..., Dashboard], logs: Path, tmp_path: Path
) -> None:
    with SummaryWriter(str(tmp_path / "first")) as writer:
        writer.add_scalar("loss", 1.0, 0)
    page = open_page(f"{start_here(tmp_path).url}#graph")
    expect(page.locator(".start code", has_text="writer.add_graph(model, inputs)")).to_be_visible()
    shutil.copytree(logs / "narrow", tmp_path / "second")
    expect(row(page, "embed")).to_be_visible()
    shutil.copytree(logs / "wide", tmp_path / "third")
    expect(chooser(page, "Run").locator("option")).to_have_count(2)
    expect(row(page, "embed").locator(".tree-parameters")).to_have_text("80")


def test_a_graph_that_cannot_be_read_says_so(
    open_page: OpenPage, start_here: Callable[..., Dashboard], logs: Path, tmp_path: Path
) -> None:
    shutil.copytree(logs / "narrow", tmp_path / "good")
    writer = FileWriter(str(tmp_path / "odd"))
    writer.add_event(Event(graph_def=b"\xff no graph"))
    writer.close()
    dashboard = start_here(tmp_path)
    page = open_page(f"{dashboard.url}#graph?graph=odd:__run_graph__")
    expect(page.locator(".graph-problem").get_by_role("alert")).to_contain_text("The graph is damaged")
    chooser(page, "Run").select_option(label="good")
    expect(row(page, "embed")).to_be_visible()
    expect(page.locator(".graph-problem")).to_be_hidden()
    page = open_page(f"{dashboard.url}#graph?graph=good:graph:0-00000000")
    expect(page.locator(".graph-problem").get_by_role("alert")).to_contain_text("no value '0-00000000'")
    expect(page.get_by_role("button", name="Retry")).to_be_visible()
    forgive(open_page, "404")


def test_two_graphs_are_compared(page: Page) -> None:
    page.get_by_role("button", name="Compare", exact=True).click()
    bar = page.get_by_role("toolbar", name="Comparison")
    expect(bar.get_by_label("Run of B")).to_have_value("rwide")
    expect(bar.get_by_role("status")).to_contain_text("changed")
    expect(page.get_by_label("Colour by")).to_have_value("status")
    bar.get_by_role("button", name="List").click()
    line = (
        page.get_by_role("list", name="Differences")
        .get_by_role("listitem")
        .filter(has=page.get_by_text("embed", exact=True))
    )
    expect(line).to_contain_text("parameters: 80 → 160")
    line.get_by_role("button").click()
    expect(details(page).get_by_role("region", name="Difference")).to_contain_text("80 → 160")
    bar.get_by_label("Run of B").select_option(label="narrow")
    expect(bar.get_by_role("status")).to_contain_text("No difference")
    bar.get_by_role("button", name="End the comparison").click()
    expect(chooser(page, "Run")).to_have_value("rnarrow")


def test_files_are_opened_by_hand(page: Page, open_page: OpenPage) -> None:
    chosen = page.get_by_label("Graph file")
    text = 'node { name: "x" op: "Placeholder" } node { name: "net/relu" op: "Relu" input: "x" input: "gone" }'
    chosen.set_input_files({"name": "small.pbtxt", "mimeType": "text/plain", "buffer": text.encode()})
    expect(row(page, "net")).to_be_visible()
    assert chooser(page, "Run").evaluate("list => list.selectedOptions[0].textContent") == "small.pbtxt"
    page.get_by_role("button", name=re.compile("^1 note$")).click()
    notes = page.get_by_role("list", name="Notes of the graph")
    expect(notes).to_contain_text("gone")
    expect(notes).to_be_in_viewport(ratio=1)
    chosen.set_input_files({"name": "bad.onnx", "mimeType": "", "buffer": b"///"})
    expect(page.get_by_role("status").filter(has_text="no GraphDef")).to_be_visible()
    forgive(open_page, "422")


def test_graphs_logged_at_one_step_are_told_apart(
    tmp_path: Path, start_here: Callable[..., Dashboard], open_page: OpenPage
) -> None:
    log_model(tmp_path / "run", 8, (3, 3))
    page = open_page(f"{start_here(tmp_path).url}#graph")
    assert chooser(page, "Step").locator("option").all_text_contents() == ["step 3 (1 of 2)", "step 3 (2 of 2)"]
    expect(chooser(page, "Step").locator("option:checked")).to_have_text("step 3 (2 of 2)")


def test_tables_and_histograms_are_laid_over(page: Page) -> None:
    table = b"module,seconds\none,0.5\ntwo.1,2\nnowhere,1\n"
    page.get_by_label("Graph file").set_input_files({"name": "times.csv", "mimeType": "text/csv", "buffer": table})
    told = page.get_by_role("status").filter(has_text="times.csv: 2 of 3 paths are in this graph")
    expect(told).to_be_visible()
    expect(page.get_by_label("Colour by").locator("option", has_text="times")).to_be_attached()
    expect(page.get_by_role("group", name="Colours").locator(".legend-scale")).to_have_text("0.52")
    page.get_by_label("Colour by").select_option(label="parameters · norm")
    expect(page.get_by_role("group", name="Colours").locator(".legend-scale")).to_be_visible()


def test_a_table_in_json_and_a_graph_that_was_exported_as_json_are_opened_without_a_complaint(page: Page) -> None:
    chosen = page.get_by_label("Graph file")
    chosen.set_input_files({"name": "cost.json", "mimeType": "", "buffer": b'{"one": 1.5, "two.1": 4}'})
    expect(page.get_by_label("Colour by").locator("option", has_text="cost")).to_be_attached()
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Graph as JSON", exact=True).click()
    content = Path(saved.value.path()).read_bytes()
    chosen.set_input_files({"name": "again.json", "mimeType": "", "buffer": content})
    expect(page.get_by_role("status").filter(has_text="Opening")).to_have_count(0)
    expect(chooser(page, "Run")).not_to_have_value("rnarrow")
    expect(row(page, "two")).to_be_visible()


def test_pictures_are_saved(page: Page, tmp_path: Path) -> None:
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Picture as SVG").click()
    assert saved.value.suggested_filename == "narrow Sequential.svg"
    saved.value.save_as(tmp_path / "graph.svg")
    drawn = (tmp_path / "graph.svg").read_text("utf-8")
    assert ">embed<" in drawn and ">LayerNorm<" in drawn  # a box, and what its colour means


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_fits_a_phone(open_page: OpenPage, graphs: Dashboard, theme: str) -> None:
    page = open_page(f"{graphs.url}#graph?graph=narrow:graph", width=400, height=800, theme=theme)
    expect(page.get_by_role("tree")).to_be_hidden()
    page.get_by_role("button", name="Tree of modules").click()
    row(page, "head").click()
    expect(page.get_by_role("tree")).to_be_hidden()
    expect(fact(page, "Type")).to_have_text("Linear")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_everything_on_the_page_has_a_name(page: Page) -> None:
    row(page, "head").click()
    expect(details(page)).to_be_visible()
    assert nameless(page) == []


def test_a_log_without_scalars_points_to_its_graph(
    open_page: OpenPage, start_here: Callable[..., Dashboard], tmp_path: Path
) -> None:
    with SummaryWriter(str(tmp_path / "only a graph")) as writer:
        writer.add_graph(torch.nn.Linear(2, 2), torch.zeros(1, 2), export=False)
    page = open_page(start_here(tmp_path).url, width=1280)
    page.get_by_role("link", name="Model graphs").click()
    expect(page.get_by_role("tree", name="Modules")).to_be_visible()
