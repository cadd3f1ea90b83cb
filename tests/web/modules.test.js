import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../webapp/static/", import.meta.url));
const page = readFileSync(join(ROOT, "index.html"), "utf8");
const sources = readdirSync(ROOT, { recursive: true }).map(String).filter((name) => name.endsWith(".js"));

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
