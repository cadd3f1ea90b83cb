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

/** A server that names jobs by their perplexity, in which nothing comes to an end; what was asked of it. @param {import("node:test").TestContext} context */
function endlessServer(context) {
  const asked = /** @type {string[]} */ ([]);
  context.mock.method(globalThis, "fetch", async (/** @type {string} */ path, /** @type {RequestInit} */ init) => {
    const body = init.body ? JSON.parse(String(init.body)) : {};
    asked.push(path.includes("/frame") ? "follow" : `${body.action ?? "start"} ${path.split("/")[3] ?? body.perplexity}`);
    if (!path.includes("/frame")) return Response.json({ job: String(body.perplexity), state: "running" });
    return new Promise((_, refuse) => init.signal?.addEventListener("abort", refuse));
  });
  return asked;
}

test("a run with other settings gives up the one before, and a view that is closed the last one", async (context) => {
  const asked = endlessServer(context);
  const run = new ViewRun();
  for (const perplexity of [5, 30, 30]) await run.start({ perplexity });
  run.end();
  assert.deepEqual(asked.filter((one) => one !== "follow"), ["start 5", "start 30", "discard 5", "start 30", "discard 30"]);
  assert.equal(run.state.get().phase, "idle");
});

test("a run that is started while the page goes out of sight is followed when it comes back", async (context) => {
  const asked = endlessServer(context);
  const run = new ViewRun();
  const started = run.start({ perplexity: 5 });
  run.wake(false);
  await started;
  assert.deepEqual([run.state.get().job, asked], ["5", ["start 5"]]);
  run.wake(true);
  assert.deepEqual(asked, ["start 5", "follow"]);
});
