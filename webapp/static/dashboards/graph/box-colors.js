/** What was measured or found of boxes → their colours, in the theme's palette. */

import { SLOT_COUNT, slotColor } from "../../lib/color.js";
import { colorAlong, heatStops } from "../../lib/ramp.js";

/** @typedef {import("../../state/graph-values.js").GraphValues} GraphValues */
/** @typedef {"light" | "dark"} Theme */

const WIDE = 200; // times the least: from here on colours go by the logarithm

/** Colours of a difference are words everyone knows; they are not from the palette. @type {Record<Theme, Record<string, string>>} */
const STATUS = {
  light: { added: "#0a7d4f", removed: "#c0241b", changed: "#b87000", same: "#a9b2bf" },
  dark: { added: "#3ccf91", removed: "#ff7b72", changed: "#f0b25a", same: "#5a6677" },
};

/** @param {GraphValues} values @param {string} value @param {Theme} theme @returns {string | null} null: it has no colour of its own */
export function categoryColor({ by, slots }, value, theme) {
  if (by === "status") return STATUS[theme][value] ?? null;
  const slot = slots.get(value);
  return slot === undefined ? null : slotColor(slot % SLOT_COUNT, theme);
}

/**
 * Where numbers lie along the colours. Those far apart go by their logarithm, and nothing at all is as the least there is.
 *
 * @param {readonly (number | null)[]} values
 * @returns {{ends: [least: number, greatest: number], logarithmic: boolean, share: (value: number) => number} | null} null: none is known
 */
export function heatScale(values) {
  let [least, greatest, above] = [Infinity, -Infinity, Infinity];
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    [least, greatest] = [Math.min(least, value), Math.max(greatest, value)];
    if (value > 0) above = Math.min(above, value);
  }
  if (least === Infinity) return null;
  const logarithmic = least >= 0 && greatest > WIDE * above;
  const floor = logarithmic ? above : least;
  const place = (/** @type {number} */ value) => (logarithmic ? Math.log(Math.max(value, floor)) : value);
  const span = place(greatest) - place(floor);
  return { ends: [floor, greatest], logarithmic, share: (value) => (span > 0 ? Math.min(1, Math.max(0, (place(value) - place(floor)) / span)) : 1) };
}

/** @param {number} share @param {Theme} theme */
export const heatColor = (share, theme) => colorAlong(heatStops(theme), share);

/** Id of a box → its colour; null where nothing is known of it. @param {GraphValues | null} values @param {Theme} theme @returns {Map<string, string | null>} */
export function boxColors(values, theme) {
  if (!values) return new Map();
  const { ids, answer } = values;
  if (answer.kind === "category") return new Map(ids.map((id, box) => [id, answer.values[box] ? categoryColor(values, /** @type {string} */ (answer.values[box]), theme) : null]));
  const scale = heatScale(answer.values);
  return new Map(ids.map((id, box) => {
    const value = answer.values[box];
    return [id, !scale || value === null || value === undefined ? null : heatColor(scale.share(value), theme)];
  }));
}

/** What the colours mean, for a picture that is saved. @param {GraphValues | null} values @param {Theme} theme @returns {{label: string, color: string}[]} */
export function pictureLegend(values, theme) {
  if (values?.answer.kind !== "category") return [];
  return values.answer.legend.flatMap(({ value, label }) => {
    const color = value && categoryColor(values, value, theme);
    return color ? [{ label, color }] : [];
  });
}
