/** The groups below the toolbar: their colours, how many runs they have, and their members at a click. */

import { oncePerFrame } from "../lib/atom.js";
import { bandTitle } from "../lib/band-title.js";
import { formatCount } from "../lib/format.js";
import { groupColors, grouped, grouping, openGroups } from "../state/grouping.js";
import * as store from "../state/store.js";
import { displayName } from "../state/user-state.js";
import { h } from "../ui/dom.js";
import { isDark } from "../ui/ink.js";

const MOST = 24; // chips; the others are in the charts

/** @param {string} name */
export function toggleMembers(name) {
  openGroups.set(store.toggled(openGroups.get(), name));
}

export function groupLegend() {
  const element = h("div", { className: "group-legend", role: "list", "aria-label": "Groups", hidden: true });
  const update = () => {
    const now = grouped.get();
    const how = grouping.get();
    element.hidden = !now || !how;
    if (!now || !how) return element.replaceChildren();
    const colorOf = groupColors(isDark() ? "dark" : "light");
    const chips = now.groups.slice(0, MOST).map((group) => chip(group, colorOf(group.name)));
    const more = now.groups.length - chips.length;
    element.replaceChildren(h("span", { className: "quiet" }, bandTitle(how)), ...chips, ...(more > 0 ? [h("span", { className: "quiet" }, `${formatCount(more)} more`)] : []));
  };
  const soon = oncePerFrame(update);
  for (const atom of [grouped, grouping, openGroups]) atom.subscribe(soon);
  update();
  return { element, refresh: soon };
}

/** @param {import("../state/grouping.js").Group} group @param {string} color */
function chip({ name, runs }, color) {
  const open = openGroups.get().has(name);
  const swatch = h("span", { className: "swatch" });
  swatch.style.background = color;
  const title = `${runs.slice(0, 20).map(displayName).join("\n")}${runs.length > 20 ? `\n… ${formatCount(runs.length - 20)} more` : ""}`;
  return h("span", { role: "listitem" }, h("button", {
    type: "button", className: "chip", "aria-pressed": String(open), title: `${open ? "Hide" : "Show"} the members:\n${title}`,
    onclick: () => toggleMembers(name),
    onpointerenter: () => store.highlighted.set(name),
    onpointerleave: () => store.highlighted.set(null),
  }, swatch, h("bdi", {}, name), h("small", {}, formatCount(runs.length))));
}
