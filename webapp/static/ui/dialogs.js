/** Dialogs that are loaded when somebody asks for them. */

import { plural } from "../lib/format.js";
import { h } from "./dom.js";
import { showDialog } from "./dialog.js";

const MOUSE = [
  ["drag", "zoom into a box; a flat or narrow one zooms one axis"],
  ["Shift + drag", "pan"],
  ["Alt + drag", "statistics of a part of x"],
  ["click", "pin what is said there, to read, copy or note it; on a group's line, show its members"],
  ["Ctrl or Alt + wheel", "zoom around the pointer"],
  ["double click", "show everything again"],
  ["double click a run", "only this run; Alt + click on its tick does the same"],
];
const TABLE = [
  ["↑ ↓ ← →", "move through the run table; Ctrl + Home and End to its ends"],
  ["Space", "draw the run or not; on a column's title its menu"],
  ["Enter", "name, tags, note and all values of the run; on a title sort, with Shift by one more column"],
  ["s, Shift + ↑ ↓", "select runs to compare, tag or hide"],
  ["Alt + ← →", "move the column; with Shift make it narrower or wider"],
  ["click on a title", "sort; Shift + click by one more column; drag to move, drag its edge to resize"],
];

/** @param {string[][]} keys of the page, and of every page: [key, what it does] */
export function showHelp(keys) {
  const table = (/** @type {string[][]} */ rows) =>
    h("table", { className: "keys" }, ...rows.map(([key, text]) => h("tr", {}, h("th", {}, h("kbd", {}, key)), h("td", {}, text))));
  return showDialog("Keys and mouse", table(keys), h("h3", {}, "On a chart and in the run list"), table(MOUSE), h("h3", {}, "In the run table"), table(TABLE));
}

/**
 * @typedef {{tag: string, runs: string[], addressOf: (run: string, format: "csv" | "json") => string,
 *   domain: {x: [number, number], y: [number, number]}, zoomed: {x: boolean, y: boolean},
 *   onRange: (view: import("../lib/types.js").View) => void}} CardDialog
 * @param {CardDialog} card
 */
export function showCardDialog(card) {
  const dialog = showDialog(card.tag, ...rangeForm(card, () => dialog.close()), ...downloads(card));
  return dialog;
}

/** @param {CardDialog} card @param {() => void} done */
function rangeForm({ domain, zoomed, onRange }, done) {
  const box = (/** @type {"x" | "y"} */ axis, /** @type {0 | 1} */ end) => h("input", {
    type: "text", inputMode: "decimal", className: "number long", "aria-label": `${axis} ${end ? "to" : "from"}`,
    value: zoomed[axis] ? String(Number(domain[axis][end].toPrecision(9))) : "", placeholder: String(Number(domain[axis][end].toPrecision(5))),
  });
  const boxes = { x: [box("x", 0), box("x", 1)], y: [box("y", 0), box("y", 1)] };
  const read = (/** @type {"x" | "y"} */ axis) => {
    if (boxes[axis].every(({ value }) => value.trim() === "")) return null;
    const [lo, hi] = boxes[axis].map(({ value }, end) => (value.trim() === "" ? domain[axis][end] : Number(value.replace(",", "."))));
    return lo < hi ? /** @type {[number, number]} */ ([lo, hi]) : null;
  };
  const row = (/** @type {"x" | "y"} */ axis) => h("p", {}, h("span", { className: "axis-name" }, axis), boxes[axis][0], " to ", boxes[axis][1]);
  const form = h("form", {
    className: "range-form",
    onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      onRange({ x: read("x"), y: read("y") });
      done();
    },
  }, row("x"), row("y"), h("button", { type: "submit" }, "Show this range"));
  return [h("h3", {}, "Range"), form];
}

/** @param {CardDialog} card */
function downloads({ runs, addressOf }) {
  const link = (/** @type {string} */ run, /** @type {"csv" | "json"} */ format) =>
    h("a", { href: addressOf(run, format), download: "" }, format.toUpperCase());
  const rows = runs.slice(0, 1000).map((run) => h("li", {}, h("bdi", {}, run), h("span", {}, link(run, "csv"), " ", link(run, "json"))));
  const all = (/** @type {"csv" | "json"} */ format) => h("button", {
    type: "button",
    onclick: async () => {
      for (const run of runs) {
        link(run, format).click();
        await new Promise((done) => setTimeout(done, 150)); // browsers drop downloads that start at once
      }
    },
  }, `All as ${format.toUpperCase()}`);
  return [
    h("h3", {}, "Download every point"),
    runs.length > 1 && h("p", { className: "row" }, all("csv"), all("json"), h("span", { className: "quiet" }, `${plural(runs.length, "file")}, one a run`)),
    h("ul", { className: "downloads" }, ...rows),
  ];
}
