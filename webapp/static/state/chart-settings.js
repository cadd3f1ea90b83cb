/** How a chart is drawn: the settings of the page, and what a person chose for this chart alone. */

import { Atom } from "../lib/atom.js";
import { escapeName } from "../lib/names.js";
import { grouping } from "./grouping.js";
import * as store from "./store.js";

/**
 * @typedef {object} ChartSettings
 * @property {import("../lib/types.js").XAxis} axis
 * @property {boolean} logX
 * @property {boolean} logY
 * @property {boolean} robust
 * @property {import("../lib/types.js").SmoothingKind} kind of smoothing
 * @property {number} amount of smoothing
 * @property {boolean} derivative
 * @property {boolean} grouped whether runs are drawn as groups, where the page has a grouping
 */

/** What differs from the page, by tag. */
export const overrides = new Atom(/** @type {ReadonlyMap<string, Partial<ChartSettings>>} */ (new Map()));

/** Every atom that changes how charts look. */
export const APPEARANCE = [store.axis, store.logX, store.logY, store.robust, store.smoothing, store.smoothingKind, store.derivative, store.segments, overrides];

/** @returns {ChartSettings} */
function pageSettings() {
  return {
    axis: store.axis.get(), logX: store.logX.get(), logY: store.logY.get(), robust: store.robust.get(),
    kind: store.smoothingKind.get(), amount: store.smoothing.get(), derivative: store.derivative.get(), grouped: grouping.get() !== null,
  };
}

/** @param {string} tag @returns {ChartSettings} */
export function settingsOf(tag) {
  return { ...pageSettings(), ...overrides.get().get(tag) };
}

/** Sets or (with undefined) unsets settings of one chart. @param {string} tag @param {Partial<ChartSettings> | null} change null: the page's settings again */
export function override(tag, change) {
  const next = new Map(overrides.get());
  const mine = Object.fromEntries(Object.entries({ ...next.get(tag), ...change }).filter(([, value]) => value !== undefined));
  const before = settingsOf(tag).axis;
  if (change && Object.keys(mine).length) next.set(tag, mine);
  else next.delete(tag);
  overrides.set(next);
  const view = store.views.get().get(tag);
  if (view && settingsOf(tag).axis !== before) store.setView(tag, { x: null, y: view.y }); // a range along one axis means nothing on another
}

/** Amounts a person left each kind of smoothing at. @type {Record<string, number>} */
const amounts = { ema: 0.6, time_ema: 0.6, mean: 11, median: 11, gaussian: 5 };

/** The amount for a kind: weights mean nothing as windows. @param {import("../lib/types.js").SmoothingKind} before @param {number} amount @param {import("../lib/types.js").SmoothingKind} kind */
export function amountFor(before, amount, kind) {
  amounts[before] = amount;
  return amounts[kind];
}

/** @param {import("../lib/types.js").SmoothingKind} kind */
export function setSmoothingKind(kind) {
  if (kind === store.smoothingKind.get()) return;
  const amount = amountFor(store.smoothingKind.get(), store.smoothing.get(), kind);
  store.smoothingKind.set(kind);
  store.smoothing.set(amount);
}

/** More or less of the smoothing there is: weights in twentieths, windows and widths by a quarter. @param {1 | -1} direction */
export function smoothBy(direction) {
  const amount = store.smoothing.get();
  const kind = store.smoothingKind.get();
  if (kind === "ema" || kind === "time_ema") return store.smoothing.set(Math.min(0.99, Math.max(0, Number((amount + 0.05 * direction).toFixed(2)))));
  const next = Math.min(1000, Math.max(kind === "gaussian" ? 0 : 1, amount * 1.25 ** direction));
  if (kind === "gaussian") return store.smoothing.set(Number(next.toPrecision(2)));
  store.smoothing.set(direction > 0 ? Math.max(amount + 2, Math.round(next) | 1) : Math.max(1, Math.min(amount - 2, Math.round(next) | 1)));
}

const FLAGS = ["logX", "logY", "robust", "derivative", "grouped"];

/** "tag:axis=wall,amount=0.9;…" @param {ReadonlyMap<string, Partial<ChartSettings>>} all */
export function encodeOverrides(all) {
  const pair = (/** @type {[string, unknown]} */ [key, value]) => `${key}=${escapeName(String(typeof value === "boolean" ? Number(value) : value))}`;
  return [...all].map(([tag, mine]) => `${escapeName(tag)}:${Object.entries(mine).map(pair).join(",")}`).join(";");
}

/** @param {string} text @returns {Map<string, Partial<ChartSettings>>} */
export function decodeOverrides(text) {
  return new Map(text.split(";").filter(Boolean).map((part) => {
    const [tag, pairs = ""] = part.split(":");
    const entries = pairs.split(",").map((pair) => pair.split(/=(.*)/s)).flatMap(([key, value]) => decoded(key, decodeURIComponent(value ?? "")));
    return [decodeURIComponent(tag), Object.fromEntries(entries)];
  }));
}

/** @param {string} key @param {string} value @returns {[string, unknown][]} none when it is no setting */
function decoded(key, value) {
  if (FLAGS.includes(key)) return [[key, value === "1"]];
  if (key === "amount" && Number.isFinite(Number(value))) return [[key, Number(value)]];
  if (key === "kind" && value in amounts) return [[key, value]];
  if (key === "axis" && /^(step|relative|wall|tag:.+)$/s.test(value)) return [[key, value]];
  return [];
}
