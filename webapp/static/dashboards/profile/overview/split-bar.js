/** A bar of parts that add up to a whole, with what each is beside it. */

import { partColor } from "../../../lib/profile-colors.js";
import { formatNanoseconds, formatUnit } from "../../../lib/profile-units.js";
import { h } from "../../../ui/dom.js";
import { isDark } from "../../../ui/ink.js";

/** @typedef {{id: string, title: string, time: number, hint?: string}} Part ns */

/** @param {readonly Part[]} parts @param {number} whole ns @param {string} label @param {boolean} [slim] */
export function splitBar(parts, whole, label, slim = false) {
  const theme = isDark() ? "dark" : "light";
  const pieces = parts.filter(({ time }) => time > 0).map(({ id, title, time }) => {
    const piece = h("span", { className: "prof-split-part", title: `${title}: ${formatNanoseconds(time)}, ${formatUnit(time / whole, "share")}` });
    piece.style.flexGrow = String(time / whole);
    piece.style.background = partColor(id, theme);
    return piece;
  });
  const told = parts.map(({ title, time }) => `${title} ${formatUnit(time / whole, "share")}`).join(", ");
  return h("div", { className: slim ? "prof-split slim" : "prof-split", role: "img", "aria-label": `${label}: ${told}` }, ...pieces);
}

/** @param {readonly Part[]} parts @param {number} whole ns; 0: only what the colours mean */
export function splitLegend(parts, whole) {
  const theme = isDark() ? "dark" : "light";
  return h("dl", { className: "prof-legend" }, ...parts.map(({ id, title, time, hint }) => {
    const swatch = h("span", { className: "swatch", "aria-hidden": "true" });
    swatch.style.background = partColor(id, theme);
    return h("div", { title: hint ?? "" }, h("dt", {}, swatch, title), whole > 0 && h("dd", {}, h("b", {}, formatUnit(time / whole, "share")), ` ${formatNanoseconds(time)}`));
  }));
}
