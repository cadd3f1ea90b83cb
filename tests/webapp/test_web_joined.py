"""The page's modules joined into one: what runs is their text, each in a scope of its own."""

from __future__ import annotations

import json
import posixpath
import re
import subprocess
from pathlib import Path

import pytest

from stepscope.webapp.app import STATIC_FOLDER
from stepscope.webapp.assets import Assets
from stepscope.webapp.chunks import join_in_chunks
from stepscope.webapp.joined import CannotJoin, join

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
LONG = "// " + "long " * 1000 + "\n"
PAGES = {
    "main.js": 'import { count } from "./state/count.js";\ncount();\n'
    '/** @typedef {import("./types.js").Unread} Unread */\n'
    "const show = async (page) => console.log(await (await page).show());\n"
    'void show(import("./pages/one.js")).then(() => show(import("./pages/two.js")))\n'
    '  .then(() => show(import("./pages/three.js")));\n',
    "state/count.js": COUNTER,
    "lib/own.js": 'export const own = "own";\n',
    "lib/both.js": COUNTER,
    "lib/wide.js": COUNTER + LONG,
    "lib/late.js": COUNTER + LONG,
    "lib/of_late.js": 'import { count } from "./late.js";\nexport const twice = () => 2 * count();\n',
    "lib/views.js": COUNTER,
    "pages/one.js": 'import { count } from "../state/count.js";\nimport { own } from "../lib/own.js";\n'
    'import { count as other } from "../lib/both.js";\nimport { count as wide } from "../lib/wide.js";\n\n'
    'const views = async () => (await import("./views/a.js")).view() + (await (await import("./views/b.js")).view());\n'
    "export const show = async () => `one ${own} ${count()} ${other()} ${wide()} ${await views()}`;\n",
    "pages/two.js": 'import { count } from "../state/count.js";\n'
    'import { count as other } from "../lib/both.js";\nimport { count as wide } from "../lib/wide.js";\n'
    'import { count as late } from "../lib/late.js";\nimport { twice } from "../lib/of_late.js";\n\n'
    "export const show = () => `two ${count()} ${other()} ${wide()} ${late()} ${twice()}`;\n",
    "pages/three.js": 'import { count as other } from "../lib/both.js";\n'
    'import { count as late } from "../lib/late.js";\nimport { twice } from "../lib/of_late.js";\n\n'
    "export const show = () => `three ${other()} ${late()} ${twice()}`;\n",
    "pages/views/a.js": 'import { count } from "../../lib/views.js";\n\nexport const view = () => `a${count()}`;\n',
    "pages/views/b.js": 'import { count } from "../../lib/views.js";\n\n'
    'export const view = async () => `b${count()}${(await import("./a.js")).view()}`;\n',
}


def test_what_is_imported_on_demand_is_a_chunk_and_every_module_is_in_one_file(tmp_path: Path) -> None:
    files = join_in_chunks("main.js", PAGES.__getitem__, "page.js", "first.js", "shared.js")
    home = {name: [file for file, text in files.items() if f"// --- {name}\n" in text] for name in PAGES}
    assert home == {
        "main.js": ["page.js"],
        "state/count.js": ["page.js"],
        "lib/own.js": ["pages/one.js"],
        "lib/both.js": ["page.js"],  # of several pages, and short
        "lib/wide.js": ["first.js"],  # of two pages, the first among them
        "lib/late.js": ["shared.js"],  # of two others
        "lib/of_late.js": ["shared.js"],  # short, but of no use without it
        "lib/views.js": ["pages/one.js"],  # of two views behind one page
        **{name: [name] for name in PAGES if name.startswith("pages/")},
    }
    for name, text in files.items():
        file = tmp_path / "built" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    (tmp_path / "built" / "package.json").write_text('{"type": "module"}')
    done = subprocess.run(["node", tmp_path / "built" / "page.js"], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("one own 2 1 1 a1b2a3\ntwo 3 2 2 1 4\nthree 3 3 8\n", "")


def test_the_page_itself_joins() -> None:
    page = Assets(STATIC_FOLDER).get("page.js")
    assert page is not None
    assert b"// --- main.js" in page.body
    assert b"\nimport " not in page.body


def test_the_style_sheets_are_sent_as_one() -> None:
    assets = Assets(STATIC_FOLDER)
    page, one = assets.get("page.css"), assets.get("css/distributions.css")
    assert page is not None and one is not None
    assert b"@import" not in page.body
    rule = one.body.decode().rpartition("\n\n")[2]
    assert rule.strip() in page.body.decode()


STARTED = """
import { readFileSync } from "node:fs";
const added = [];
globalThis.location = { hash: "#%s?graph=other" };
globalThis.document = {
  baseURI: "http://host/", currentScript: { dataset: { files: "static/dev/" } }, documentElement: { dataset: {} },
  createElement: () => ({ setAttribute() {} }), head: { append: (element) => added.push(element) },
};
new Function(readFileSync("%s", "utf-8"))();
const files = added.filter(({ rel }) => rel === "modulepreload").map(({ href }) => href);
console.log(JSON.stringify(files.map((href) => href.split("/dev/")[1])));
"""
ON_ITS_OWN = re.compile(r'id: "(\w+)", title: "\w+", load: .*import\("\./([^"]+)"\)')


def test_what_a_page_imports_is_asked_for_beside_the_page_and_nothing_else(tmp_path: Path) -> None:
    assets = Assets(STATIC_FOLDER)
    pages = ON_ITS_OWN.findall(assets.text("main.js"))
    assert len(pages) == 9
    for page, chunk in [*pages, ("", "dashboards/scalars.js"), ("unknown", "dashboards/scalars.js")]:
        asked = json.loads(run_in_node(STARTED % (page, STATIC_FOLDER / "theme.js"), tmp_path))
        assert asked[-1] == chunk
        assert sorted(asked) == sorted(all_imports(assets, chunk) - {"page.js"})


def all_imports(assets: Assets, name: str) -> set[str]:
    """The file and those it imports, by name, and theirs."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        if (file := waiting.pop()) not in found:
            found.add(file)
            asset = assets.get(file)
            assert asset is not None
            others = re.findall(r'^import \{.*\} from "(.*)";$', asset.body.decode(), re.M)
            waiting += [posixpath.normpath(posixpath.join(posixpath.dirname(file), other)) for other in others]
    return found


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
