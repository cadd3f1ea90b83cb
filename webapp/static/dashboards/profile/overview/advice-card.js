/** What to do next: the figures behind it, what can be won, and a way to where it shows. */

import { formatNanoseconds, formatUnit } from "../../../lib/profile-units.js";
import { h } from "../../../ui/dom.js";
import { noStepIsWhole } from "./answer.js";
import { card } from "./card.js";

/** @typedef {import("./answer.js").Overview} Overview */
/** @typedef {import("./answer.js").Advice} Advice */
/** @typedef {import("./answer.js").Place} Place */

/** Names of views, for buttons. @type {Record<string, string>} */
const VIEWS = { timeline: "Show in the timeline", distributed: "Show the ranks", kernels: "Show the kernels", operators: "Show the operators", memory: "Show the memory", flame: "Show the flame graph" };

/** @param {Overview} overview @param {(place: Place) => void} goTo */
export function adviceCard(overview, goTo) {
  const { recommendations, marked } = overview;
  const list = recommendations.map((each) => item(each, marked, goTo));
  const none = list.length === 0 && h("p", { className: "quiet" }, noStepIsWhole(overview) ? "No step is there whole, so nothing is recommended." : "Nothing stands out: no rule found time worth a word.");
  return card("advice", "What to do", list.length ? String(list.length) : "", none, list.length > 0 && h("ol", { className: "prof-advice" }, ...list));
}

/** @param {Advice} advice @param {boolean} marked @param {(place: Place) => void} goTo */
function item({ title, text, evidence, gain, share, place }, marked, goTo) {
  const won = gain !== null && h("span", { className: "prof-gain", title: "At the most: gains of several recommendations may be the same time" },
    h("b", {}, formatUnit(share, "share")), ` ${formatNanoseconds(gain)}${marked ? " a step" : ""}`);
  return h("li", {},
    h("div", { className: "prof-advice-head" }, h("h3", {}, title), won),
    h("p", {}, text),
    h("ul", { className: "quiet" }, ...evidence.map((sentence) => h("li", {}, sentence))),
    VIEWS[place.view] && h("button", { type: "button", className: "link", onclick: () => goTo(place) }, VIEWS[place.view]));
}
