/** The one tooltip of the page: what every run says at the cursor. A click pins it: then it can be read, copied and used. */

import { formatCount, formatDuration, formatTime, formatValue } from "../lib/format.js";
import { h, iconButton } from "./dom.js";

/** @typedef {import("../lib/types.js").PointRow} PointRow */
/** @typedef {import("../lib/types.js").Mark} Mark */

const MOST_ROWS = 10;
const MOST_PINNED = 200;
const MOST_MARKS = 5;
const GAP = 14; // pixels between pointer and tooltip

/**
 * @typedef {{rows: PointRow[], nearest: PointRow | null, marks: Mark[], clientX: number, clientY: number}} Hover
 * @typedef {{key: string, title: string, strong?: boolean, wide?: boolean, text: (row: PointRow) => string}} Column `wide`: only where there is room
 *
 * @typedef {object} TipEvents what the pinned tooltip offers
 * @property {(name: string) => void} onGroup shows or hides the runs of a group
 * @property {(row: PointRow) => void} [onNote] writes a note at that point
 * @property {(note: import("../lib/state-changes.js").Annotation) => void} [onForget] takes a note away
 * @property {(row: PointRow) => Promise<TipLink | null>} [linkOf] where else a point leads to; null: nowhere
 *
 * @typedef {{label: string, title: string, act: (tell: (text: string) => void) => Promise<void>}} TipLink `tell`: what is going on meanwhile
 *
 * @param {TipEvents} events
 */
export function tooltip({ onGroup, onNote, onForget, linkOf }) {
  const head = h("thead");
  const body = h("tbody");
  const marks = h("ul", { className: "tip-marks" });
  const more = h("div", { className: "tip-more" });
  const copy = h("button", { type: "button", className: "link" }, "copy");
  const note = h("button", { type: "button", className: "link", title: "Write a note at this step (n)", hidden: !onNote, onclick: () => told && onNote?.(told) }, "note here");
  const link = h("button", { type: "button", className: "link", hidden: true });
  const tools = h("div", { className: "tip-tools" }, link, note, copy, iconButton("close", "Close", () => unpin()));
  const element = h("div", { className: "tip", role: "tooltip", hidden: true }, marks, h("table", {}, head, body), more, tools);
  let pinned = false;
  /** @type {PointRow[]} */
  let rows = [];
  /** @type {PointRow | null} what a note would be about */
  let told = null;
  const unpin = () => {
    pinned = false;
    element.classList.remove("pinned");
    element.hidden = true;
  };
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(asText(rows));
    copy.textContent = "copied";
    setTimeout(() => (copy.textContent = "copy"), 1500);
  });
  const fill = (/** @type {Hover} */ hover, /** @type {string} */ sort) => {
    rows = groupsFirst(sorted(hover.rows, sort));
    told = hover.nearest ?? rows[0] ?? null;
    const shown = rows.slice(0, pinned ? MOST_PINNED : MOST_ROWS);
    if (hover.nearest && !shown.includes(hover.nearest)) shown[shown.length - 1] = hover.nearest;
    const columns = columnsOf(rows);
    head.replaceChildren(h("tr", {}, h("th", {}, "Run"), ...columns.map((column) => h("th", { className: classOf(column) }, column.title))));
    body.replaceChildren(...shown.map((row) => bodyRow(row, columns, { nearest: row === hover.nearest, onGroup: pinned ? onGroup : null })));
    marks.replaceChildren(...markItems(hover.marks, (pinned && onForget) || null));
    const left = rows.length > shown.length ? `${formatCount(rows.length - shown.length)} more` : "";
    more.textContent = [left, pinned || rows.length === 0 ? "" : "click to pin"].filter(Boolean).join(" · ");
    element.hidden = rows.length === 0 && hover.marks.length === 0;
    place(element, hover);
  };
  /** Behind what is pinned: finding out where a point leads to may take a moment. @param {Hover} hover @param {boolean} [follow] goes there at once */
  const offerLink = async (hover, follow = false) => {
    link.hidden = true;
    const about = told;
    const found = (about && (await linkOf?.(about).catch(() => null))) ?? null;
    if (!found || about !== told || !pinned) return;
    Object.assign(link, { hidden: false, title: found.title, textContent: found.label, onclick: async () => {
      try {
        await found.act((text) => (link.textContent = text));
        unpin();
      } catch (problem) {
        more.textContent = /** @type {Error} */ (problem).message;
        link.textContent = found.label;
      }
    } });
    place(element, hover);
    if (follow) link.click();
  };
  const pin = (/** @type {Hover} */ hover, /** @type {string} */ sort, /** @type {boolean} */ follow) => {
    pinned = true;
    element.classList.add("pinned");
    fill(hover, sort);
    void offerLink(hover, follow);
  };
  return {
    element,
    show: (/** @type {Hover} */ hover, /** @type {string} */ sort) => pinned || fill(hover, sort),
    hide: () => void (pinned || (element.hidden = true)),
    /** Keeps what is said at a place; a second click lets go. @param {Hover} hover @param {string} sort */
    pin(hover, sort) {
      if (pinned) return unpin();
      if (hover.rows.length > 0) pin(hover, sort, false);
    },
    /** Pins what is said and goes where the point leads to, if anywhere. @param {Hover} hover @param {string} sort */
    follow: (hover, sort) => pin(hover, sort, true),
    unpin,
  };
}

/** What is told of each point: only what some of them have. @param {PointRow[]} rows @returns {Column[]} */
function columnsOf(rows) {
  const smoothed = rows.some((row) => row.smooth !== null);
  const grouped = rows.some((row) => row.count != null);
  const timed = rows.some((row) => row.count == null); // the runs of a group were there at different times
  /** @type {(Column | false)[]} */
  const columns = [
    smoothed && { key: "smooth", title: "Smoothed", strong: true, text: (row) => (row.smooth === null ? "" : formatValue(row.smooth)) },
    { key: "value", title: "Value", strong: !smoothed, wide: smoothed && grouped, text: (row) => formatValue(row.value) },
    rows.some((row) => row.low != null) && { key: "band", title: "Band", text: bandText },
    grouped && { key: "count", title: "Runs", text: (row) => (row.count == null ? "" : formatCount(row.count)) },
    { key: "step", title: "Step", wide: grouped, text: (row) => formatCount(row.step) },
    timed && { key: "time", title: "Time", wide: true, text: (row) => formatTime(row.wall).slice(5) },
    timed && { key: "relative", title: "Relative", wide: true, text: (row) => formatDuration(row.relative) },
  ];
  return columns.filter((column) => column !== false);
}

/** @param {PointRow} row */
function bandText({ low, high }) {
  return low == null || high == null || Number.isNaN(low) ? "" : `${formatValue(low, 4)} – ${formatValue(high, 4)}`;
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

/** Members of groups that are open stand behind the groups themselves. @param {PointRow[]} rows */
function groupsFirst(rows) {
  const isGroup = (/** @type {PointRow} */ row) => row.count != null;
  return rows.some(isGroup) ? [...rows.filter(isGroup), ...rows.filter((row) => !isGroup(row))] : rows;
}

const QUIET = new Set(["value", "band", "count", "time", "relative"]);

/** @param {PointRow} row @param {Column[]} columns @param {{nearest: boolean, onGroup: ((name: string) => void) | null}} how */
function bodyRow(row, columns, { nearest, onGroup }) {
  const swatch = h("span", { className: "swatch" });
  swatch.style.background = row.color;
  const name = onGroup && row.count != null
    ? h("button", { type: "button", className: "link", title: "Show or hide the runs of this group", onclick: () => onGroup(row.run) }, row.label)
    : h("bdi", {}, row.label);
  return h("tr", { className: nearest ? "nearest" : "" },
    h("td", {}, h("span", { className: "tip-run" }, swatch, name)),
    ...columns.map((column) => h("td", { className: `${column.strong ? "strong" : QUIET.has(column.key) ? "quiet" : ""} ${classOf(column)}` }, column.text(row))));
}

/** @param {Column} column */
const classOf = ({ wide }) => (wide ? "tip-wide" : "");

/** What happened here; the same event of many runs is told once. @param {Mark[]} marks @param {((note: import("../lib/state-changes.js").Annotation) => void) | null} onForget */
function markItems(marks, onForget) {
  /** @type {Map<string, Mark[]>} */
  const alike = new Map();
  for (const mark of marks) {
    const key = `${mark.kind}\n${mark.text}`;
    const list = alike.get(key);
    if (list) list.push(mark);
    else alike.set(key, [mark]);
  }
  const items = [...alike.values()].slice(0, MOST_MARKS).map(([{ kind, text, run, note }, ...others]) => h("li", {}, h("b", {}, kind), text ? ` ${text}` : "",
    h("span", { className: "quiet" }, others.length ? ` ${formatCount(others.length + 1)} times` : run ? ` ${run}` : ""),
    onForget && note && h("button", { type: "button", className: "link", onclick: () => onForget(note) }, "delete")));
  const left = alike.size - items.length;
  return left > 0 ? [...items, h("li", { className: "quiet" }, `${formatCount(left)} more kinds of events here`)] : items;
}

/** Tab-separated, every digit. @param {PointRow[]} rows */
function asText(rows) {
  const lines = rows.map((row) => [row.label, row.smooth ?? "", row.value, row.low ?? "", row.high ?? "", row.count ?? "", row.step, row.wall].join("\t"));
  return ["run\tsmoothed\tvalue\tlow\thigh\truns\tstep\twall_time", ...lines].join("\n");
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
