/** What a card offers: its figures, its range, picture and points, and settings of its own. One menu for all cards. */

import { DASHES } from "../charts/line-layers.js";
import { axisTitle } from "../lib/axis.js";
import { formatCount } from "../lib/format.js";
import { amountFor, override, overrides, settingsOf } from "../state/chart-settings.js";
import { grouping } from "../state/grouping.js";
import * as store from "../state/store.js";
import { addTagToView } from "../state/views.js";
import { toggle } from "../ui/controls.js";
import { h } from "../ui/dom.js";
import { readInk } from "../ui/ink.js";
import { menuItem, openPopup } from "../ui/menu.js";
import { smoothingControl } from "../ui/smoothing-control.js";
import { axisChoice } from "./axis-picker.js";
import { toggleStatistics } from "./card-statistics.js";
import { FORMATS, savePoints } from "./shown-points.js";
import { stepOfCursor, writeNote } from "./note-dialog.js";

/** @typedef {import("./scalar-card.js").ScalarCard} ScalarCard */
/** @typedef {import("../state/chart-settings.js").ChartSettings} ChartSettings */

/** @param {ScalarCard} card @param {HTMLElement} button @param {{onMore: () => void}} events */
export function openCardMenu(card, button, { onMore }) {
  const menu = h("div", { className: "popover card-menu" });
  menu.append(...actionsOf(card, onMore, () => menu.hidePopover()).filter((entry) => entry !== false), ...settingsForm(card.tag));
  openPopup(button, menu);
}

/** @param {ScalarCard} card @param {() => void} onMore @param {() => void} close */
function actionsOf(card, onMore, close) {
  const item = (/** @type {string} */ label, /** @type {() => void} */ act) => menuItem({ label, act }, close);
  const { tag } = card;
  const step = stepOfCursor();
  return [
    item(store.statistics.get().has(tag) ? "Hide statistics" : "Statistics of a range (s)", () => toggleStatistics(tag)),
    item("Range and download … (d)", onMore),
    item("Save picture …", () => savePicture(card)),
    item("Add to a view", () => addTagToView(tag)),
    step !== null && item(`Note at step ${formatCount(step)} … (n)`, () => writeNote(step)),
    ...downloadRow(card),
  ];
}

/** The points of this chart as a table: of its runs, over the part it shows. @param {ScalarCard} card */
function downloadRow({ tag }) {
  const message = h("p", { className: "bad", role: "alert", hidden: true });
  const save = async (/** @type {typeof FORMATS[number][0]} */ format) => {
    try {
      await savePoints([tag], format, store.views.get().get(tag)?.x ?? null);
      message.hidden = true;
    } catch (problem) {
      message.hidden = false;
      message.textContent = /** @type {Error} */ (problem).message;
    }
  };
  const buttons = FORMATS.map(([format, label]) => h("button", { type: "button", className: "link", "aria-label": `Download what is shown as ${label}`, onclick: () => save(format) }, label));
  return [h("div", { className: "menu-item menu-row" }, h("span", { title: "The points of these runs over the part of x that the chart shows" }, "Save what is shown"), ...buttons), message];
}

/** @param {ScalarCard} card */
async function savePicture(card) {
  const chart = card.chart();
  if (!chart) return;
  const { savePicture: save } = await import("./picture-dialog.js");
  const legend = card.lines().filter(({ faint }) => !faint).map(({ label, color, series, dash = 0 }) => ({ label, color, dash: DASHES[(series.segment + dash) % DASHES.length] }));
  save({ ...chart.picture(), title: card.tag, legend, axes: { x: axisTitle(settingsOf(card.tag).axis), y: "", right: "" }, ink: readInk(), name: card.tag });
}

/** What this chart does in its own way. @param {string} tag */
function settingsForm(tag) {
  const now = settingsOf(tag);
  const axis = axisChoice((chosen) => set({ axis: chosen }));
  axis.show(now.axis);
  const smoothing = smoothingControl({
    onKind: (kind) => {
      const { kind: before, amount } = settingsOf(tag);
      set({ kind, amount: amountFor(before, amount, kind) });
    },
    onAmount: (amount) => set({ amount }),
  });
  smoothing.show(now.kind, now.amount);
  const own = h("button", { type: "button", className: "link" }, "as the page");
  const flags = FLAGS.filter(([key]) => key !== "grouped" || grouping.get()).map(([key, text, hint]) => flagOf(key, text, hint));
  /** @param {Partial<ChartSettings>} change */
  const set = (change) => {
    override(tag, change);
    const { kind, amount } = settingsOf(tag);
    smoothing.show(kind, amount);
    own.hidden = !overrides.get().has(tag);
  };
  /** @param {keyof ChartSettings} key @param {string} text @param {string} hint */
  function flagOf(key, text, hint) {
    const button = toggle(text, hint);
    button.value = settingsOf(tag)[key];
    button.addEventListener("input", () => set({ [key]: button.value }));
    return { key, button };
  }
  own.addEventListener("click", () => {
    override(tag, null);
    const settings = settingsOf(tag);
    axis.show(settings.axis);
    for (const { key, button } of flags) button.value = settings[key];
    set({});
  });
  own.hidden = !overrides.get().has(tag);
  return [
    h("div", { className: "menu-head" }, h("span", {}, "This chart only"), own), axis.element, smoothing.element,
    h("div", { className: "menu-flags" }, ...flags.map(({ button }) => button)),
  ];
}

/** @type {[keyof ChartSettings, string, string][]} */
const FLAGS = [
  ["logY", "log y", "Logarithmic y axis"],
  ["logX", "log x", "Logarithmic horizontal axis"],
  ["derivative", "slope", "Change per unit of the axis instead of the value"],
  ["robust", "clip outliers", "Leave a few far-off values out of the y range"],
  ["grouped", "groups", "A line for each group of runs"],
];
