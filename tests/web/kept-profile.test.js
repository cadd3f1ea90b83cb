import assert from "node:assert/strict";
import { test } from "node:test";

import { packArrays, parseArrays } from "../../webapp/static/lib/arrays-frame.js";
import { addressOf, KeptProfile } from "../../webapp/static/state/kept-profile.js";

const path = packArrays({ remarks: ["inferred"] }, { begin: Float64Array.of(1, 2), lane: Int32Array.of(7, -1), flag: Uint8Array.of(1) });
const refused = new TextEncoder().encode("!{\"error\": \"too large\"}");
const kept = new KeptProfile(["timeline/path?p=a&rank=0", "timeline/path?p=b&rank=0", "table?name=kernels&p=a"], {
  0: path, 1: refused, 2: new TextEncoder().encode("{}"),
});

test("a question has one address, in whatever order it is asked", async () => {
  assert.equal(addressOf("api/profile/table?p=a&name=kernels"), "table?name=kernels&p=a");
  assert.equal((await kept.answer("api/profile/table?p=a&name=kernels")).status, 200);
  assert.equal((await kept.answer("api/profile/table?p=a&name=operators")).status, 404);
});

test("of a part of a trace the critical path of all of it is given, and it says so", async () => {
  const answer = await kept.answer("api/profile/timeline/path?p=a&rank=0&from=10&to=20");
  const { header, arrays } = parseArrays(await answer.arrayBuffer());
  assert.deepEqual([...arrays.begin], [1, 2]);
  assert.deepEqual([...arrays.lane], [7, -1]);
  assert.ok(arrays.flag instanceof Uint8Array);
  assert.match(header.remarks[0], /of the whole trace/);
  assert.equal(header.remarks[1], "inferred");
});

test("an answer that is not there says why", async () => {
  const answer = await kept.answer("api/profile/timeline/path?p=b&rank=0&from=10&to=20");
  assert.equal(answer.status, 422);
  assert.deepEqual(await answer.json(), { error: "too large" });
});
