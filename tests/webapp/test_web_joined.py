"""The page's modules joined into one: what runs is their text, each in a scope of its own."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from stepscope.webapp.app import STATIC_FOLDER
from stepscope.webapp.assets import Assets
from stepscope.webapp.chunks import join_in_chunks
from stepscope.webapp.joined import CannotJoin, join, parsed_modules

MODULES = {
    "main.js": 'import { twice as double } from "./lib/math.js";\nimport * as names from "./lib/names.js";\n'
    'const hidden = 1;\nconsole.log(double(21), names.greet("x"), hidden);\n'
    'console.log((await import("./lib/math.js")).twice(2));\n',
    "lib/math.js": "const hidden = 2;\n\nexport function twice(x) {\n  return x * hidden;\n}\n",
    "lib/names.js": 'import { twice } from "./math.js";\n\n'
    "export const greet = (name) => `export ${name}${twice(1)}`;\n",
}


def run_in_node(script: str, tmp_path: Path) -> str:
    file = tmp_path / "page.mjs"
    file.write_text(script, "utf-8")
    return subprocess.run(["node", file], capture_output=True, text=True, check=True).stdout


def test_names_stay_in_their_modules_and_each_runs_once(tmp_path: Path) -> None:
    entry = MODULES["main.js"].replace("console.log((await", "export const later = async () => console.log((await")
    script = join("main.js", {**MODULES, "main.js": entry}.__getitem__) + "await $main.later();\n"
    assert script.count("function twice") == 1
    assert run_in_node(script, tmp_path) == "42 export x2 1\n4\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('import { greet } from "../main.js";\n', "modules import each other: main.js → lib/math.js → main.js"),
        ("export default 3;\n", "lib/math.js: neither a named export"),
        ('import x from "https://elsewhere/x.js";\n', "lib/math.js: neither a named export nor an import by relative"),
    ],
)
def test_what_cannot_be_joined_is_said(text: str, problem: str) -> None:
    with pytest.raises(CannotJoin, match=problem):
        join("main.js", {**MODULES, "lib/math.js": text}.__getitem__)


COUNTER = "let n = 0;\n\nexport const count = () => (n += 1);\n"
PAGES = {
    "main.js": 'import { count } from "./state/count.js";\ncount();\n'
    '/** @typedef {import("./types.js").Unread} Unread */\n'
    "const show = async (page) => console.log(await (await page).show());\n"
    'void show(import("./pages/opened.js")).then(() => show(import("./pages/one.js")))\n'
    '  .then(() => show(import("./pages/two.js")));\n',
    "pages/opened.js": 'import { count } from "../lib/first.js";\n\nexport const show = () => `opened ${count()}`;\n',
    "lib/first.js": COUNTER,
    "state/count.js": COUNTER,
    "lib/own.js": 'export const own = "own";\n',
    "lib/both.js": COUNTER,
    "lib/views.js": COUNTER,
    "pages/one.js": 'import { count } from "../state/count.js";\nimport { own } from "../lib/own.js";\n'
    'import { count as other } from "../lib/both.js";\n\n'
    'const views = async () => (await import("./views/a.js")).view() + (await (await import("./views/b.js")).view());\n'
    "export const show = async () => `one ${own} ${count()} ${other()} ${await views()}`;\n",
    "pages/two.js": 'import { count } from "../state/count.js";\nimport { count as first } from "../lib/first.js";\n'
    'import { count as other } from "../lib/both.js";\n\n'
    "export const show = () => `two ${count()} ${other()} ${first()}`;\n",
    "pages/views/a.js": 'import { count } from "../../lib/views.js";\n\nexport const view = () => `a${count()}`;\n',
    "pages/views/b.js": 'import { count } from "../../lib/views.js";\n\n'
    'export const view = async () => `b${count()}${(await import("./a.js")).view()}`;\n',
}


def test_what_is_imported_on_demand_is_a_chunk_and_every_module_is_in_one_file(tmp_path: Path) -> None:
    files = join_in_chunks("main.js", "pages/opened.js", parsed_modules(PAGES.__getitem__), "page.js", "shared.js")
    home = {name: [file for file, text in files.items() if f"// --- {name}\n" in text] for name in PAGES}
    assert home == {
        "main.js": ["page.js"],
        "state/count.js": ["page.js"],
        "pages/opened.js": ["page.js"],
        "lib/first.js": ["page.js"],
        "lib/own.js": ["pages/one.js"],
        "lib/both.js": ["shared.js"],  # of two pages
        "lib/views.js": ["pages/one.js"],  # of two views behind one page
        **{name: [name] for name in PAGES if name.startswith("pages/") and name != "pages/opened.js"},
    }
    for name, text in files.items():
        file = tmp_path / "built" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    (tmp_path / "built" / "package.json").write_text('{"type": "module"}')
    done = subprocess.run(["node", tmp_path / "built" / "page.js"], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("opened 1\none own 2 1 a1b2a3\ntwo 3 2 2\n", "")


OPENS = """
import { readFileSync } from "node:fs";
const added = [];
globalThis.location = { hash: "#%s?graph=other" };
globalThis.document = {
  baseURI: "http://host/", currentScript: { dataset: { files: "static/dev/" } }, documentElement: { dataset: {} },
  createElement: () => ({ setAttribute() {} }), head: { append: (element) => added.push(element) },
};
new Function(readFileSync("%s", "utf-8"))();
console.log(added.find(({ type }) => type === "module").src);
"""
PAGE = re.compile(r'id: "(\w+)", title: "\w+", load: .*import\("\./([^"]+)"\)')


def test_each_page_starts_with_one_file_that_holds_it(tmp_path: Path) -> None:
    assets = Assets(STATIC_FOLDER)
    pages = PAGE.findall(assets.text("main.js"))
    assert len(pages) == 9
    for page, module in [*pages, ("", "dashboards/scalars.js"), ("unknown", "dashboards/scalars.js")]:
        address = run_in_node(OPENS % (page, STATIC_FOLDER / "theme.js"), tmp_path).strip()
        file = assets.get(address.removeprefix("http://host/static/dev/"))
        assert file is not None
        for name in ("main.js", module):
            assert f"// --- {name}\n".encode() in file.body
        assert not re.search(rb"^import ", file.body, re.M)
        others = [other for _, other in pages if other != module]
        assert not any(f"// --- {other}\n".encode() in file.body for other in others)


def test_only_pages_have_files_of_their_own() -> None:
    assets = Assets(STATIC_FOLDER)
    assert assets.get("graph/shared.js") is not None
    for name in (
        "page.js",
        "run-panel/page.js",
        "ui/page.js",
        "dashboards/page.js",
        "graph/main.js",
        "graph/../page.js",
    ):
        assert assets.get(name) is None, name


def test_the_style_sheets_are_sent_as_one() -> None:
    assets = Assets(STATIC_FOLDER)
    page, one = assets.get("page.css"), assets.get("css/distributions.css")
    assert page is not None and one is not None
    assert b"@import" not in page.body
    rule = one.body.decode().rpartition("\n\n")[2]
    assert rule.strip() in page.body.decode()


def test_one_file_may_hold_what_is_imported_on_demand() -> None:
    files = {
        "main.js": 'import { a } from "./lib/a.js";\nexport const load = () => [a, import("./lib/late.js")];\n',
        "lib/a.js": "export const a = 1;\n",
        "lib/late.js": 'import { a } from "./a.js";\nexport const b = a + 1;\n',
    }
    assert 'import("./lib/late.js")' in join("main.js", files.__getitem__)
    whole = join("main.js", files.__getitem__, with_on_demand=True)
    assert "Promise.resolve($lib_late)" in whole and "import(" not in whole
    assert whole.index("const $lib_late") < whole.index("const $main")
