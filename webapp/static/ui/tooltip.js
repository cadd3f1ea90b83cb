/** The one tooltip of the page: what every run says at the cursor. */

import { formatCount, formatDuration, formatTime, formatValue } from "../lib/format.js";
import { h } from "./dom.js";

/** @typedef {import("../lib/types.js").PointRow} PointRow */

const MOST_ROWS = 10;
const GAP = 14; // pixels between pointer and tooltip

/**
 * @typedef {{rows: PointRow[], nearest: PointRow | null, clientX: number, clientY: number}} Hover
 * @returns {{element: HTMLElement, show: (hover: Hover, sort: string) => void, hide: () => void}}
 */
export function tooltip() {
  const head = h("thead");
  const body = h("tbody");
  const more = h("div", { className: "tip-more" });
  const element = h("div", { className: "tip", role: "tooltip", hidden: true }, h("table", {}, head, body), more);
  return {
    element,
    show(hover, sort) {
      if (hover.rows.length === 0) return void (element.hidden = true);
      const rows = sorted(hover.rows, sort);
      const shown = rows.slice(0, MOST_ROWS);
      if (hover.nearest && !shown.includes(hover.nearest)) shown[shown.length - 1] = hover.nearest;
      const smoothed = rows.some((row) => row.smooth !== null);
      head.replaceChildren(headRow(smoothed));
      body.replaceChildren(...shown.map((row) => bodyRow(row, smoothed, row === hover.nearest)));
      more.textContent = rows.length > shown.length ? `${rows.length - shown.length} more` : "";
      element.hidden = false;
      place(element, hover);
    },
    hide: () => void (element.hidden = true),
  };
}

/** @param {PointRow[]} rows @param {string} sort */
function sorted(rows, sort) {
  const height = (/** @type {PointRow} */ row) => row.smooth ?? row.value;
  const odd = (/** @type {PointRow} */ row) => (Number.isNaN(height(row)) ? 1 : 0);
  /** @type {Record<string, (a: PointRow, b: PointRow) => number>} */
  const orders = {
    nearest: (a, b) => (a.distance === b.distance ? 0 : a.distance - b.distance),
    ascending: (a, b) => odd(a) - odd(b) || height(a) - height(b),
    descending: (a, b) => odd(a) - odd(b) || height(b) - height(a),
  };
  return orders[sort] ? [...rows].sort(orders[sort]) : rows; // lines come in the order of the run list: by name
}

/** @param {boolean} smoothed */
function headRow(smoothed) {
  const names = ["Run", ...(smoothed ? ["Smoothed"] : []), "Value", "Step", "Time", "Relative"];
  return h("tr", {}, ...names.map((name) => h("th", {}, name)));
}

/** @param {PointRow} row @param {boolean} smoothed @param {boolean} nearest */
function bodyRow(row, smoothed, nearest) {
  const swatch = h("span", { className: "swatch" });
  swatch.style.background = row.color;
  return h("tr", { className: nearest ? "nearest" : "" },
    h("td", {}, h("span", { className: "tip-run" }, swatch, h("bdi", {}, row.label))),
    smoothed && h("td", { className: "strong" }, row.smooth === null ? "" : formatValue(row.smooth)),
    h("td", { className: smoothed ? "quiet" : "strong" }, formatValue(row.value)),
    h("td", {}, formatCount(row.step)),
    h("td", { className: "quiet" }, formatTime(row.wall).slice(5)),
    h("td", { className: "quiet" }, formatDuration(row.relative)));
}

/** Beside the pointer, on the side with room; never under it. @param {HTMLElement} element @param {Hover} hover */
function place(element, { clientX, clientY }) {
  const { offsetWidth: width, offsetHeight: height } = element;
  const right = clientX + GAP;
  const left = right + width > innerWidth - 8 ? clientX - GAP - width : right;
  const top = Math.max(8, Math.min(clientY + GAP, innerHeight - height - 8));
  const under = left < 8;
  element.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  element.style.top = `${under ? Math.max(8, clientY - height - GAP * 2) : top}px`;
}
