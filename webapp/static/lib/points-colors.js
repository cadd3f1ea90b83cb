/** What points are coloured by → a place in a table of colours for each. */

import { hexOf } from "./color.js";
import { colorAlong } from "./ramp.js";

/**
 * @typedef {object} CodeColors categories
 * @property {Uint8Array | Uint16Array | Uint32Array} codes place in the palette; beyond its end: no colour
 * @property {readonly string[]} palette CSS colours
 *
 * @typedef {object} ValueColors numbers
 * @property {Float32Array | Float64Array} values NaN: no colour
 * @property {number} [low] the end of the ramp; the least value where it is missing
 * @property {number} [high]
 * @property {"linear" | "log" | "quantile"} [scale]
 * @property {readonly string[]} ramp colours from low to high
 *
 * @typedef {CodeColors | ValueColors} PointColors
 * @typedef {{codes: Uint8Array | Uint16Array | Uint32Array, table: string[], missing: number}} Coded `table[missing]` is for those without a colour
 */

const SHADES = 256;

/** @param {PointColors | null} colors @param {number} count of points @param {string} plain colour of points that are not coloured @param {string} missing @returns {Coded} */
export function coded(colors, count, plain, missing) {
  if (!colors) return { codes: new Uint8Array(count), table: [plain, missing], missing: 1 };
  if ("codes" in colors) return { codes: colors.codes, table: [...colors.palette.map(hexOf), missing], missing: colors.palette.length };
  const table = Array.from({ length: SHADES }, (_, shade) => colorAlong(colors.ramp.map(hexOf), shade / (SHADES - 1)));
  return { codes: valueCodes(colors), table: [...table, missing], missing: SHADES };
}

/** @param {ValueColors} colors @returns {Uint16Array} */
function valueCodes({ values, low, high, scale = "linear" }) {
  if (scale === "quantile") return quantileCodes(values);
  const [least, most] = low === undefined || high === undefined ? rangeOf(values, scale === "log") : [low, high];
  const through = scale === "log" ? Math.log : (/** @type {number} */ value) => value;
  const from = through(low ?? least);
  const span = through(high ?? most) - from;
  const codes = new Uint16Array(values.length);
  for (let row = 0; row < codes.length; row += 1) {
    const above = through(values[row]) - from;
    const share = span > 0 ? above / span : above === 0 ? 0.5 : above; // where all are equal they are in the middle
    codes[row] = Number.isNaN(share) ? SHADES : Math.min(SHADES - 1, Math.max(0, share * SHADES));
  }
  return codes;
}

/** The least and the largest value that a scale can show. @param {Float32Array | Float64Array} values @param {boolean} positive @returns {[number, number]} */
export function rangeOf(values, positive) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (positive && !(value > 0)) continue;
    if (value < low && value > -Infinity) low = value;
    if (value > high && value < Infinity) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}

/** Shades in order of rank, equal values alike: each shade has about as many points. @param {Float32Array | Float64Array} values @returns {Uint16Array} */
export function quantileCodes(values) {
  const singles = Float32Array.from(values);
  const order = rankOrder(singles);
  const codes = new Uint16Array(singles.length).fill(SHADES);
  for (let from = 0, to = 0; from < order.length; from = to) {
    const value = singles[order[from]];
    while (to < order.length && singles[order[to]] === value) to += 1;
    const shade = Math.min(SHADES - 1, Math.floor(((from + to) / 2 / order.length) * SHADES));
    for (let rank = from; rank < to; rank += 1) codes[order[rank]] = shade;
  }
  return codes;
}

/** Rows with a number, from the least on: a radix sort, since a comparison sort of a million takes a second. @param {Float32Array} values @returns {Uint32Array} */
function rankOrder(values) {
  const keys = new Uint32Array(values.buffer.slice(0));
  let order = new Uint32Array(keys.length);
  let found = 0;
  for (let row = 0; row < keys.length; row += 1) {
    const bits = keys[row];
    keys[row] = bits >>> 31 ? ~bits : bits | 0x80000000; // as whole numbers in the order of the values
    if (Number.isNaN(values[row])) continue;
    order[found] = row;
    found += 1;
  }
  order = order.subarray(0, found);
  for (const shift of [0, 16]) order = sortedByDigit(order, keys, shift);
  return order;
}

/** Sorted by 16 bits of the keys; what is equal in them stays in order. @param {Uint32Array} order @param {Uint32Array} keys @param {number} shift */
function sortedByDigit(order, keys, shift) {
  const starts = new Uint32Array(65_537);
  for (let at = 0; at < order.length; at += 1) starts[((keys[order[at]] >>> shift) & 0xffff) + 1] += 1;
  for (let digit = 0; digit < 65_536; digit += 1) starts[digit + 1] += starts[digit];
  const sorted = new Uint32Array(order.length);
  for (let at = 0; at < order.length; at += 1) {
    const digit = (keys[order[at]] >>> shift) & 0xffff;
    sorted[starts[digit]] = order[at];
    starts[digit] += 1;
  }
  return sorted;
}
