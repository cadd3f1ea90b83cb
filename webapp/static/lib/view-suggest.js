/** A first view, so that nobody starts from an empty page: what is pinned, else the pairs that training scripts log. */

import { newView } from "./view-file.js";

/** @typedef {import("./view-file.js").Chart} Chart */

const MOST_CHARTS = 6;
const SPLIT = /(^|[/_.-])(train(?:ing)?|val(?:idation)?|valid|test|eval)(?=$|[/_.-])/i;
const NOISE = /(^|[/_.-])(epoch|step|time|lr|learning_rate)(?=$|[/_.-])/i;

/**
 * @param {string[]} tags in natural order
 * @param {readonly string[]} pins
 * @param {(tag: string) => number} countOf runs that have the tag
 * @returns {import("./view-file.js").View}
 */
export function suggestView(tags, pins, countOf) {
  const pinned = pins.filter((tag) => tags.includes(tag));
  const charts = pinned.length ? pinned.map(chartOf) : commonCharts(tags, countOf);
  return newView("Overview", charts.slice(0, MOST_CHARTS));
}

/** @param {string} tag @returns {Chart} */
export function chartOf(tag) {
  return { type: "line", series: [{ tag, axis: "left" }] };
}

/** Pairs first (train/loss with val/loss), then what most runs have. @param {string[]} tags @param {(tag: string) => number} countOf @returns {Chart[]} */
function commonCharts(tags, countOf) {
  /** @type {Map<string, string[]>} */
  const families = new Map();
  for (const tag of tags) {
    const name = SPLIT.test(tag) ? tag.replace(SPLIT, "$1*").toLowerCase() : tag;
    families.set(name, [...(families.get(name) ?? []), tag]);
  }
  const rank = (/** @type {string[]} */ members) => (members.length > 1 ? 1e6 : 0) - (NOISE.test(members[0]) ? 1e5 : 0) + Math.max(...members.map(countOf));
  const best = [...families.values()].map((members) => members.slice(0, 4)).sort((a, b) => rank(b) - rank(a));
  return best.map((members) => ({ ...(members.length > 1 ? { title: titleOf(members[0]) } : {}), type: "line", series: members.map((tag) => ({ tag, axis: "left" })) }));
}

/** "train/loss" → "loss". @param {string} tag */
function titleOf(tag) {
  return tag.replace(SPLIT, "$1").replace(/[/_.-]{2,}/g, "/").replace(/^[/_.-]+|[/_.-]+$/g, "") || tag;
}
