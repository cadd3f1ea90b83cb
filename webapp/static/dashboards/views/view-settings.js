/** What holds for every chart of a view, unless a chart says otherwise: x axis, smoothing, groups, runs, description. */

import { groupingTitle, grouping } from "../../state/grouping.js";
import * as store from "../../state/store.js";
import { edit, openView } from "../../state/views.js";
import { dropDown } from "../../ui/controls.js";
import { h } from "../../ui/dom.js";
import { removeWhenClosed } from "../../ui/menu.js";
import { comboBox, field, smoothingField } from "./builder-parts.js";

/** @typedef {import("../../lib/view-file.js").ViewSettings} ViewSettings */

/** @param {HTMLElement} button it is shown below */
export function showSettings(button) {
  const { view } = openView.get();
  if (!view) return;
  const change = (/** @type {Partial<ViewSettings>} */ part) => {
    const now = openView.get().view;
    if (!now) return;
    const settings = Object.fromEntries(Object.entries({ ...now.settings, ...part }).filter(([, value]) => value !== undefined && value !== ""));
    edit({ ...now, settings: Object.keys(settings).length ? settings : undefined });
  };
  const settings = view.settings ?? {};
  const panel = h("div", { className: "popover view-settings", popover: "auto" },
    axisField(settings, change), smoothingField(/** @type {any} */ (settings), (part) => change({ smoothing: part.smoothing })),
    groupField(settings, change), runsField(settings, change), descriptionField(view.description ?? ""));
  document.body.append(panel);
  removeWhenClosed(panel);
  panel.showPopover();
  const { right, bottom } = button.getBoundingClientRect();
  panel.style.top = `${bottom + 6}px`;
  panel.style.left = `${Math.max(8, Math.min(right - panel.offsetWidth, innerWidth - panel.offsetWidth - 8))}px`;
}

/** @param {ViewSettings} settings @param {(part: Partial<ViewSettings>) => void} change */
function axisField({ x }, change) {
  const kind = dropDown("", [["", "as the scalars page"], ["step", "step"], ["relative", "relative time"], ["wall", "wall time"], ["tag", "a scalar"]]);
  kind.value = x === undefined ? "" : typeof x === "object" ? "tag" : x;
  const tag = comboBox("Scalar along x", typeof x === "object" ? x.tag : "", store.catalog.get().tags, (name) => name && change({ x: { tag: name } }), "epoch");
  tag.hidden = kind.value !== "tag";
  kind.addEventListener("input", () => {
    tag.hidden = kind.value !== "tag";
    if (kind.value !== "tag") change({ x: kind.value === "" ? undefined : kind.value });
  });
  return field("Horizontal", kind, tag);
}

/** The grouping of the scalars page is followed, left out, or kept in the view. @param {ViewSettings} settings @param {(part: Partial<ViewSettings>) => void} change */
function groupField(settings, change) {
  const now = grouping.get();
  const kept = settings.grouping ? /** @type {[string, string]} */ (["kept", `kept: ${groupingTitle(settings.grouping)}`]) : null;
  const current = now ? /** @type {[string, string]} */ (["current", `keep the page's: ${groupingTitle(now)}`]) : null;
  /** @type {[string, string][]} */
  const choices = [["page", "as the scalars page"], ["none", "each run for itself"], ...(kept ? [kept] : []), ...(current ? [current] : [])];
  const choice = dropDown("", choices);
  choice.value = settings.grouping === undefined ? "page" : settings.grouping === null ? "none" : "kept";
  choice.addEventListener("input", () => {
    const values = /** @type {Record<string, any>} */ ({ page: undefined, none: null, kept: settings.grouping, current: grouping.get() });
    change({ grouping: values[choice.value] });
  });
  return field("Groups", choice);
}

/** @param {ViewSettings} settings @param {(part: Partial<ViewSettings>) => void} change */
function runsField({ runs = "" }, change) {
  const box = h("input", { type: "text", value: runs, "aria-label": "Run filter of the view", placeholder: "as the run list", className: "wide-box", spellcheck: false });
  box.addEventListener("change", () => {
    change({ runs: box.value.trim() });
    store.runFilter.set(box.value.trim());
  });
  return field("Runs", box);
}

/** @param {string} text */
function descriptionField(text) {
  const box = h("textarea", { rows: 3, "aria-label": "Description", placeholder: "What this view is for" });
  box.value = text;
  box.addEventListener("change", () => {
    const { view } = openView.get();
    if (view) edit({ ...view, description: box.value.trim() || undefined });
  });
  return field("Description", box);
}
