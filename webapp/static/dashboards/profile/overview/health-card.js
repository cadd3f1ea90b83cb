/** How far the trace can be trusted. */

import { formatCount } from "../../../lib/format.js";
import { formatUnit } from "../../../lib/profile-units.js";
import { h } from "../../../ui/dom.js";
import { card } from "./card.js";

/** @typedef {import("./answer.js").Overview} Overview */

const STATES = { good: ["✓", "Good"], note: ["i", "Note"], bad: ["!", "Bad"] };

/** [key of counts, title] */
const COUNTS = /** @type {const} */ ([
  ["slices", "slices"], ["operators", "operators"], ["kernels", "kernels"], ["memcpy", "copies"], ["memset", "fills"], ["calls", "CUDA calls"], ["python", "Python frames"],
]);

/** @param {Overview} overview */
export function healthCard({ findings, attributed_share, counts }) {
  const items = findings.map(({ state, text, hint }) => {
    const [sign, word] = STATES[state];
    return h("li", { className: `prof-finding ${state}` }, h("span", { className: "prof-sign", role: "img", "aria-label": word, title: word }, sign), h("div", {}, text, hint && h("small", {}, hint)));
  });
  const held = COUNTS.filter(([key]) => counts[key] > 0).map(([key, title]) => `${formatCount(counts[key])} ${title}`).join(" · ");
  return card("health", "The trace", attributed_share === null ? "" : h("span", { title: "Of the GPU's time, what operators of this trace launched" }, `${formatUnit(attributed_share, "share")} attributed`),
    h("ul", { className: "prof-findings" }, ...items), h("p", { className: "quiet prof-also" }, held));
}
