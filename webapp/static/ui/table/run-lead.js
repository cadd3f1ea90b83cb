/** The leading cell of the run table: tick, name and signs of a run, or the head of a group. */

import { plural } from "../../lib/format.js";
import { STATE_SIGNS } from "../../lib/run-state.js";
import { h, icon, iconButton } from "../dom.js";
import { runName } from "../run-name.js";

/**
 * @typedef {object} RunFace what the leading cell of a run says
 * @property {string} run
 * @property {string} name as people see it
 * @property {string} title
 * @property {string} color "#rrggbb"
 * @property {boolean} on drawn
 * @property {string} state "running", "crashed" …; "" where it is said elsewhere
 * @property {string} reason why it is in that state
 * @property {string} alert what the alerts say; "" for none
 * @property {boolean} damaged
 * @property {boolean} noted has a note
 * @property {boolean} baseline
 *
 * @typedef {{name: string, count: number, on: boolean | null, folded: boolean}} GroupFace `on` null: some of them
 *
 * @typedef {object} RunLeadEvents
 * @property {(item: number) => RunFace} faceOf
 * @property {(item: number) => GroupFace} groupOf
 * @property {(item: number, on: boolean) => void} onChoose
 * @property {(item: number) => void} onOnly
 * @property {(item: number) => void} onHide
 * @property {(item: number, color: string) => void} onColor
 * @property {(item: number) => void} onFiles
 * @property {(item: number) => void} onOpen
 * @property {(item: number) => void} onFold
 */

/** @param {RunLeadEvents} events @returns {import("./grid.js").Lead} */
export function runLead(events) {
  const slot = { item: 0 };
  const run = runPart(events, slot);
  const group = groupPart(events, slot);
  return {
    element: h("div", { className: "run-lead" }, run.element, group.element),
    fill(item) {
      slot.item = item;
      run.element.hidden = item < 0;
      group.element.hidden = item >= 0;
      if (item < 0) group.show(events.groupOf(item));
      else run.show(events.faceOf(item));
    },
  };
}

/** @param {RunLeadEvents} events @param {{item: number}} slot */
function runPart(events, slot) {
  const check = h("input", {
    type: "checkbox", className: "run-check", tabIndex: -1,
    onclick: (/** @type {MouseEvent} */ event) => (event.altKey ? events.onOnly(slot.item) : events.onChoose(slot.item, check.checked)),
  });
  const name = runName();
  const label = h("span", { className: "run-label" }, name.element);
  const signs = h("span", { className: "run-signs" });
  const warn = iconButton("warn", "Damaged files", () => events.onFiles(slot.item), { className: "icon-button run-warn", tabIndex: -1 });
  const color = h("input", { type: "color", className: "run-color", title: "Colour", "aria-label": "Colour", tabIndex: -1, onchange: () => events.onColor(slot.item, color.value) });
  const button = (/** @type {"close" | "more"} */ drawing, /** @type {string} */ label, /** @type {(item: number) => void} */ action) =>
    iconButton(drawing, label, () => action(slot.item), { tabIndex: -1 });
  const actions = h("span", { className: "run-actions" }, color,
    h("button", { type: "button", className: "link run-only", tabIndex: -1, title: "Show only this run (double click)", onclick: () => events.onOnly(slot.item) }, "only"),
    button("close", "Hide this run", events.onHide), button("more", "Name, tags, note, all values (Enter)", events.onOpen));
  const element = h("div", {
    className: "run-part",
    ondblclick: (/** @type {MouseEvent} */ event) => {
      // Two taps in a row are often meant for two rows.
      if (pointer === "mouse" && !actions.contains(/** @type {Node} */ (event.target))) events.onOnly(slot.item);
    },
    onpointerdown: (/** @type {PointerEvent} */ event) => (pointer = event.pointerType),
  }, check, label, signs, warn, actions);
  let shown = "";
  let pointer = "";
  return {
    element,
    /** @param {RunFace} face */
    show(face) {
      check.checked = face.on;
      const key = JSON.stringify(face);
      if (key === shown) return;
      shown = key;
      element.style.setProperty("--run", face.color);
      element.classList.toggle("off", !face.on);
      check.setAttribute("aria-label", face.run);
      name.show(face.name);
      label.title = face.title;
      signs.replaceChildren(...signsOf(face));
      warn.hidden = !face.damaged;
      if (color.value !== face.color) color.value = face.color;
    },
  };
}

/** @param {RunFace} face */
function signsOf({ state, reason, alert, noted, baseline }) {
  const sign = (/** @type {string} */ kind, /** @type {string} */ text, /** @type {string} */ title) =>
    h("span", { className: `run-sign ${kind}`, role: "img", title, "aria-label": title }, text);
  const parts = [];
  if (baseline) parts.push(sign("baseline", "base", "The baseline: others are compared with it"));
  if (noted) parts.push(sign("noted", "✎", "Has a note"));
  if (alert) parts.push(sign("alert", "!", alert));
  if (state && state !== "finished") parts.push(sign(state, STATE_SIGNS[state] ?? "·", reason));
  return parts;
}

/** @param {RunLeadEvents} events @param {{item: number}} slot */
function groupPart(events, slot) {
  const check = h("input", { type: "checkbox", tabIndex: -1, onclick: () => events.onChoose(slot.item, check.checked) });
  const title = h("bdi", {});
  const count = h("span", { className: "quiet" });
  const fold = h("button", { type: "button", className: "run-fold", tabIndex: -1, onclick: () => events.onFold(slot.item) }, icon("fold"), title, count);
  return {
    element: h("div", { className: "run-group" }, fold, check),
    /** @param {GroupFace} face */
    show(face) {
      title.textContent = face.name;
      count.textContent = `· ${plural(face.count, "run")}`;
      check.checked = face.on === true;
      check.indeterminate = face.on === null;
      check.setAttribute("aria-label", `All runs of ${face.name}`);
      fold.setAttribute("aria-expanded", String(!face.folded));
    },
  };
}
