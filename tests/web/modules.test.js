import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../webapp/static/", import.meta.url));
const IMPORT = /^(?:import|export)\b[^;]*?from "(\.{1,2}\/[^"]+)"/gm;
const page = readFileSync(join(ROOT, "index.html"), "utf8");
const sources = readdirSync(ROOT, { recursive: true }).map(String).filter((name) => name.endsWith(".js"));

/** Every module that is loaded with `name`, itself included. */
function reachable(name, found = new Set()) {
  const path = relative(ROOT, name).replaceAll("\\", "/");
  if (found.has(path)) return found;
  found.add(path);
  for (const [, target] of readFileSync(name, "utf8").matchAll(IMPORT)) reachable(join(dirname(name), target), found);
  return found;
}

test("the page preloads each module it needs at once, and no other", () => {
  const preloaded = [...page.matchAll(/rel="modulepreload" href="static\/dev\/([^"]+)"/g)].map(([, name]) => name);
  const needed = [...reachable(join(ROOT, "main.js"))].filter((name) => name !== "main.js");
  assert.deepEqual(preloaded.sort(), needed.sort());
});

test("the page holds no script or style of its own, and names nothing outside", () => {
  assert.doesNotMatch(page, /<style|style=|<script>|onload=|https?:/);
});

test("no module writes markup", () => {
  for (const name of sources) {
    assert.doesNotMatch(readFileSync(join(ROOT, name), "utf8"), /innerHTML|outerHTML|insertAdjacentHTML|document\.write/, name);
  }
});

test("every address is relative", () => {
  for (const name of sources) assert.doesNotMatch(readFileSync(join(ROOT, name), "utf8"), /["'`]\/(api|static)\//, name);
});
