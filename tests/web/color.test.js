import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { assignSlots, mix, SLOT_COUNT, slotColor, textOn } from "../../webapp/static/lib/color.js";

const runs = (count) => Array.from({ length: count }, (_, i) => ({ name: `run-${i}`, start: i }));

test("as many runs as there are colours get one each", () => {
  assert.equal(new Set(assignSlots(runs(SLOT_COUNT)).values()).size, SLOT_COUNT);
  assert.equal(new Set(Array.from({ length: SLOT_COUNT }, (_, slot) => slotColor(slot, "dark"))).size, SLOT_COUNT);
});

test("more runs share the colours evenly", () => {
  const used = new Array(SLOT_COUNT).fill(0);
  for (const slot of assignSlots(runs(SLOT_COUNT * 4)).values()) used[slot] += 1;
  assert.deepEqual(used, new Array(SLOT_COUNT).fill(4));
});

test("a new run never recolours an older one, wherever it stands in the list", () => {
  const before = assignSlots(runs(30));
  const after = assignSlots([{ name: "a newcomer", start: 99 }, ...runs(30)]);
  for (const [name, slot] of before) assert.equal(after.get(name), slot);
});

test("a lone run has the colour of its name", () => {
  const alone = assignSlots([{ name: "baseline", start: 5 }]).get("baseline");
  assert.equal(assignSlots([{ name: "baseline", start: 900 }]).get("baseline"), alone);
});

test("lines stand out from the page in both themes", () => {
  for (const [theme, page] of [["light", "#ffffff"], ["dark", "#151a21"]]) {
    for (let slot = 0; slot < SLOT_COUNT; slot += 1) {
      assert.ok(contrast(slotColor(slot, theme), page) >= 2, `${theme} ${slot} ${slotColor(slot, theme)}`);
    }
  }
});

test("the eight hues keep apart without red-green vision", () => {
  for (const theme of ["light", "dark"]) {
    const seen = Array.from({ length: 8 }, (_, slot) => deuteranope(slotColor(slot, theme)));
    for (let a = 0; a < 8; a += 1) for (let b = 0; b < a; b += 1) assert.ok(distance(seen[a], seen[b]) > 22, `${theme}: ${a} and ${b}`);
  }
});

test("all colours can be told apart, by most eyes and without red-green vision", () => {
  for (const theme of ["light", "dark"]) {
    const colors = Array.from({ length: SLOT_COUNT }, (_, slot) => slotColor(slot, theme));
    for (const [seen, least] of [[colors.map(channels), 20], [colors.map(deuteranope), 14]]) {
      for (let a = 0; a < SLOT_COUNT; a += 1) for (let b = 0; b < a; b += 1) assert.ok(distance(seen[a], seen[b]) > least, `${theme}: ${a} and ${b}, ${distance(seen[a], seen[b])}`);
    }
  }
});

test("mixing goes from one colour to the other", () => {
  assert.equal(mix("#000000", "#ffffff", 0), "#000000");
  assert.equal(mix("#000000", "#ffffff", 1), "#ffffff");
});

const channels = (color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);

/** WCAG 2 contrast. */
function contrast(a, b) {
  const light = [a, b].map((color) => channels(color).map(linear)).map(([r, g, blue]) => 0.2126 * r + 0.7152 * g + 0.0722 * blue);
  return (Math.max(...light) + 0.05) / (Math.min(...light) + 0.05);
}

/** Viénot, Brettel & Mollon 1999, in linear RGB; back to 0 … 255. */
function deuteranope(color) {
  const [r, g, b] = channels(color).map(linear);
  const seen = [0.29275 * r + 0.70725 * g, 0.29275 * r + 0.70725 * g, -0.02234 * r + 0.02234 * g + b];
  return seen.map((value) => 255 * Math.max(0, value) ** (1 / 2.2));
}

function distance(a, b) {
  return Math.hypot(...a.map((value, i) => value - b[i]));
}

test("text stands out on any colour", () => {
  assert.deepEqual(["#071f42", "#e1ecf7", "#f4f2a0", "#4389c9", "#000000"].map(textOn), ["#ffffff", "#000000", "#000000", "#000000", "#ffffff"]);
});

test("words can be read on every ground, in both themes", () => {
  const sheet = readFileSync(new URL("../../webapp/static/css/tokens.css", import.meta.url), "utf8");
  const tokens = Object.fromEntries([...sheet.matchAll(/--([\w-]+): light-dark\((#\w+), (#\w+)\)/g)].map(([, name, ...pair]) => [name, pair.map((color) => color.replace(/^#(.)(.)(.)$/, "#$1$1$2$2$3$3"))]));
  for (const theme of [0, 1]) {
    for (const ink of ["text", "muted", "faint", "accent", "ok", "warn", "bad"]) {
      for (const ground of ["bg", "surface", "raised", "hover"]) {
        const found = contrast(tokens[ink][theme], tokens[ground][theme]);
        assert.ok(found >= 4.5, `${ink} on ${ground}, ${["light", "dark"][theme]}: ${found.toFixed(2)}`); // WCAG 2.2, 1.4.3
      }
    }
  }
});
