import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAge, formatBytes, formatCompact, formatCount, formatDuration, formatStep, formatValue, plural } from "../../webapp/static/lib/format.js";

const table = (title, format, rows) => test(title, () => {
  for (const [input, text] of rows) assert.equal(format(input), text);
});

table("counts are grouped", formatCount, [[1360, "1,360"], [7, "7"]]);
table("large counts are shortened to three digits", formatCompact, [[9999, "9,999"], [10_200_000, "10.2 M"], [10_000_000, "10 M"], [52_000, "52 k"]]);
table("values keep five significant digits and no needless zeros", formatValue, [
  [0.123456, "0.12346"], [0.5, "0.5"], [12345.678, "12346"], [-1.5, "−1.5"], [1e-7, "1e−7"], [123456789, "1.235e+8"], [0, "0"],
]);
table("what is not a number says so", formatValue, [[NaN, "NaN"], [Infinity, "∞"], [-Infinity, "−∞"]]);
table("steps on an axis are short", formatStep, [[0, "0"], [5000, "5000"], [50_000, "50k"], [1_500_000, "1.5M"], [-20_000, "−20k"], [20e12, "20T"], [0.5, "0.5"]]);
table("durations have two parts at most", formatDuration, [[0, "0 s"], [0.25, "250 ms"], [12.34, "12.3 s"], [4512, "1 h 15 m"], [200_000, "2 d 7 h"]]);
table("ages are shorter still", formatAge, [[0.42, "0.4 s"], [42, "42 s"], [3700, "1 h"]]);
table("sizes are decimal", formatBytes, [[512, "512 B"], [53_000_000, "53 MB"], [1_500, "1.5 kB"]]);

test("one is singular", () => {
  assert.equal(plural(1, "run"), "1 run");
  assert.equal(plural(1200, "run"), "1,200 runs");
});
