/** How a page follows a layout that the server makes. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { ViewRun } from "../../webapp/static/state/projector-run.js";

test("a layout that somebody threw away is over, and nobody asks for it again", async (context) => {
  const asked = /** @type {string[]} */ ([]);
  context.mock.method(globalThis, "fetch", async (/** @type {string} */ path) => {
    asked.push(path);
    return path.includes("/frame") ? Response.json({ error: "there is no job 'a'" }, { status: 404 }) : Response.json({ job: "a", state: "running" });
  });
  const run = new ViewRun();
  const over = new Promise((resolve) => run.state.subscribe((state) => state.phase === "failed" && resolve(state.message)));
  await run.start({ method: "tsne" });
  assert.equal(await over, "there is no job 'a'");
  assert.equal(run.active, false);
  assert.deepEqual(asked.map((path) => path.split("?")[0]), ["api/projector/jobs", "api/projector/jobs/a/frame"]);
});
