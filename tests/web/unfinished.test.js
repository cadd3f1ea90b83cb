import assert from "node:assert/strict";
import { test } from "node:test";
import { unfinished } from "../../webapp/static/lib/unfinished.js";

test("half of a pattern lacks what its other half brings", () => {
  for (const [pattern, why] of [
    ["needle(", "a ( is not closed"], ["(a|b", "a ( is not closed"], ["[", "a [ is not closed"], ["[]", "a [ is not closed"],
    ["[^]", "a [ is not closed"], ["[a\\]", "a [ is not closed"], ["a)", "a ) closes nothing"], ["a\\", "a \\ stands at its end"], ["(?#b", "a ( is not closed"],
  ]) assert.equal(unfinished(pattern), `'${pattern}' is no regular expression: ${why}`);
});

test("brackets that are no brackets are left alone", () => {
  for (const pattern of ["", "a", "(a)", "[(]", "[]]", "[^]]", "[]()]", "\\(", "\\\\", "[\\]]", "(?P<name>a)(?P=name)", "(?#()a", "(?#\\))", "(?x) a # (", "(?=a)", "*", "{"]) assert.equal(unfinished(pattern), "", pattern);
});
