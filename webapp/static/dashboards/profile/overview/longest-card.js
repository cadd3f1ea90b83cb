/** The kernels (or operators) that most time went to. */

import { formatCount } from "../../../lib/format.js";
import { formatNanoseconds, formatUnit } from "../../../lib/profile-units.js";
import { tableRows } from "../../../lib/table-rows.js";
import { withoutPlaces } from "../../../lib/timeline-names.js";
import { h } from "../../../ui/dom.js";
import { noStepIsWhole } from "./answer.js";
import { card } from "./card.js";

/** @typedef {import("./answer.js").Overview} Overview */
/** @typedef {import("./answer.js").Place} Place */

/** @param {Overview} overview @param {(place: Place) => void} goTo */
export function longestCard(overview, goTo) {
  const { longest, gpu } = overview;
  const view = gpu ? "kernels" : "operators";
  const items = tableRows(longest).map(({ name, calls, time, share }) => {
    const row = h("li", {},
      h("button", { type: "button", className: "link", title: name, onclick: () => goTo({ view, window: null, row: -1, find: name }) }, h("bdi", {}, withoutPlaces(name))),
      h("span", { className: "quiet" }, `${formatCount(calls)}×`), h("span", {}, formatNanoseconds(time)), h("b", {}, formatUnit(share, "share")));
    row.style.setProperty("--share", String(share));
    return row;
  });
  return card("longest", longest.title, "", items.length ? h("ol", { className: "prof-longest" }, ...items) : h("p", { className: "quiet" }, noStepIsWhole(overview) ? "No step is there whole: the tables tell of all that is there." : "None ran."));
}
