/** The list of runs: as many as there are, as few elements as are in sight. */

import { formatCount, formatStep, formatTime, plural } from "../lib/format.js";
import { oncePerFrame } from "../lib/atom.js";
import { h, icon, iconButton } from "./dom.js";

/** @typedef {import("../lib/types.js").RunInfo} RunInfo */

/**
 * @typedef {object} RunListData
 * @property {RunInfo[]} runs those that match the filter and are not hidden
 * @property {number} total
 * @property {number} hidden
 * @property {(name: string) => boolean} isChosen
 * @property {(name: string) => string} colorOf "#rrggbb"
 *
 * @typedef {object} RunListEvents
 * @property {(names: string[], on: boolean) => void} onChoose
 * @property {(names: string[]) => void} onOnly
 * @property {(name: string) => void} onHide
 * @property {() => void} onShowHidden
 * @property {(name: string, color: string) => void} onColor
 * @property {(name: string | null) => void} onPoint the pointer is over a run, or left
 * @property {(name: string) => void} onFiles
 *
 * @typedef {{element: HTMLElement, slot: {run: RunInfo | null}, check: HTMLInputElement, name: HTMLElement, step: HTMLElement, warn: HTMLElement, color: HTMLInputElement}} Row
 */

const ROW = 28; // pixels; the same in runs.css

/**
 * @param {RunListEvents} events
 * @returns {{element: HTMLElement, update: (data: RunListData) => void}}
 */
export function runList(events) {
  /** @type {RunListData} */
  let data = { runs: [], total: 0, hidden: 0, isChosen: () => true, colorOf: () => "#888888" };
  /** @type {Row[]} */
  const rows = [];
  const names = () => data.runs.map((run) => run.name);
  const all = h("input", { type: "checkbox", "aria-label": "All runs in the list", onchange: () => events.onChoose(names(), all.checked) });
  const count = h("span", { className: "run-count", role: "status" });
  const back = h("button", { type: "button", className: "link", onclick: () => events.onShowHidden() });
  const spacer = h("div", { className: "run-spacer", role: "list", "aria-label": "Runs" });
  // Asking the element for these would lay the page out at each call.
  let scrolled = 0;
  let height = innerHeight;
  const onscroll = () => {
    scrolled = viewport.scrollTop;
    draw();
  };
  const viewport = h("div", { className: "run-rows", tabIndex: -1, onscroll, onpointerleave: () => events.onPoint(null) }, spacer);
  const element = h("div", { className: "run-list" },
    h("div", { className: "run-head" }, h("label", {}, all, count), back, h("span", { className: "quiet" }, "last step")), viewport);

  const render = () => {
    spacer.style.height = `${data.runs.length * ROW}px`;
    const first = Math.max(0, Math.floor(scrolled / ROW) - 4);
    const end = Math.min(data.runs.length, first + Math.ceil(height / ROW) + 8);
    while (rows.length < end - first) rows.push(makeRow(events, spacer));
    rows.forEach((row, index) => fillRow(row, data, first + index < end ? first + index : -1));
  };
  const draw = oncePerFrame(render);
  new ResizeObserver(([entry]) => {
    if (entry.contentRect.height > height) draw();
    height = entry.contentRect.height || height;
  }).observe(viewport);
  return {
    element,
    update(next) {
      data = next;
      const chosen = data.runs.reduce((sum, run) => sum + (data.isChosen(run.name) ? 1 : 0), 0);
      all.checked = chosen === data.runs.length && chosen > 0;
      all.indeterminate = chosen > 0 && chosen < data.runs.length;
      count.textContent = countText(chosen, data);
      back.textContent = data.hidden ? `${formatCount(data.hidden)} hidden` : "";
      back.title = "Show the hidden runs again";
      render();
    },
  };
}

/** @param {number} chosen @param {RunListData} data */
function countText(chosen, { runs, total }) {
  if (runs.length < total) return `${formatCount(chosen)} of ${formatCount(runs.length)} · ${formatCount(total)} in all`;
  return chosen === total ? plural(total, "run") : `${formatCount(chosen)} of ${plural(total, "run")}`;
}

/** @param {RunListEvents} events @param {HTMLElement} parent @returns {Row} */
function makeRow(events, parent) {
  const slot = { run: /** @type {RunInfo | null} */ (null) };
  const withRun = (/** @type {(name: string) => void} */ action) => () => slot.run && action(slot.run.name);
  const only = withRun((name) => events.onOnly([name]));
  const check = h("input", {
    type: "checkbox",
    className: "run-check",
    onclick: (/** @type {MouseEvent} */ event) => {
      if (event.altKey) only();
      else if (slot.run) events.onChoose([slot.run.name], check.checked);
    },
  });
  const color = h("input", { type: "color", className: "run-color", title: "Colour", oninput: withRun((run) => events.onColor(run, color.value)) });
  const name = h("bdi", { className: "run-name" });
  const step = h("span", { className: "run-step" });
  const warn = iconButton("warn", "Damaged files", withRun((run) => events.onFiles(run)), { className: "icon-button run-warn" });
  const actions = h("span", { className: "run-actions" }, color,
    h("button", { type: "button", className: "link", title: "Show only this run (double click)", onclick: only }, "only"),
    h("button", { type: "button", className: "icon-button", title: "Hide this run", "aria-label": "Hide this run", onclick: withRun((run) => events.onHide(run)) }, icon("close")));
  const element = h("div", {
    className: "run-row", role: "listitem", onpointerenter: withRun((run) => events.onPoint(run)),
    ondblclick: (/** @type {MouseEvent} */ event) => {
      if (!actions.contains(/** @type {Node} */ (event.target))) only();
    },
  }, h("label", {}, check, name), warn, step, actions);
  parent.append(element);
  return { element, slot, check, name, step, warn, color };
}

/** @param {Row} row @param {RunListData} data @param {number} index −1: not needed */
function fillRow(row, data, index) {
  const run = data.runs[index] ?? null;
  row.slot.run = run;
  row.element.hidden = run === null;
  if (!run) return;
  const color = data.colorOf(run.name);
  row.element.style.transform = `translateY(${index * ROW}px)`;
  row.element.style.setProperty("--run", color);
  row.check.checked = data.isChosen(run.name);
  row.element.classList.toggle("off", !row.check.checked);
  setText(row.name, run.name === "." ? ". (top folder)" : run.name);
  row.check.setAttribute("aria-label", run.name);
  setText(row.step, run.last_step === null ? "" : formatStep(run.last_step));
  row.name.title = `${run.name}\n${plural(run.points, "point")}${run.start === null ? "" : ` since ${formatTime(run.start)}`}`;
  row.warn.hidden = !run.damaged;
  if (row.color.value !== color) row.color.value = color;
}

/** @param {HTMLElement} element @param {string} text */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
