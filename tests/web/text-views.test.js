import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeTextViews, encodeTextViews } from "../../webapp/static/state/text-views.js";

const usual = { mode: "text", against: "previous", step: 0, run: "", beside: false };

test("how cards show texts comes back from a link", () => {
  const views = new Map([
    ["text:a;b:c", { ...usual, mode: "raw" }],
    ["text:previous", { ...usual, mode: "diff" }],
    ["text:step", { ...usual, mode: "diff", against: "step", step: 400, beside: true }],
    ["text:run", { ...usual, mode: "diff", against: "run", run: "sweep/lr=0.1, <b>" }],
  ]);
  assert.deepEqual(decodeTextViews(encodeTextViews(views)), views);
});

test("a card as usual is not in the link, and what is no view is shown as a difference", () => {
  assert.equal(encodeTextViews(new Map([["text:a", usual]])), "");
  assert.deepEqual(decodeTextViews("text%3Aa:what,else,x"), new Map([["text:a", { ...usual, mode: "diff" }]]));
});
