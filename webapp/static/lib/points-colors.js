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
const [UNKNOWN, SEVERAL] = [0xfffe, 0xffff]; // no shades
const SAMPLE = 65_536; // values that tell the ranks

/** Colours of another number of points are none. @param {PointColors | null} colors @param {number} count of points @param {string} plain colour of points that are not coloured @param {string} missing @returns {Coded} */
export function coded(colors, count, plain, missing) {
  if (!colors || ("codes" in colors ? colors.codes : colors.values).length !== count) return { codes: new Uint8Array(count), table: [plain, missing], missing: 1 };
  if ("codes" in colors) return { codes: colors.codes, table: [...colors.palette.map(hexOf), missing], missing: colors.palette.length };
  const table = Array.from({ length: SHADES }, (_, shade) => colorAlong(colors.ramp.map(hexOf), shade / (SHADES - 1)));
  return { codes: valueCodes(colors), table: [...table, missing], missing: SHADES };
}

/** @param {ValueColors} colors @returns {Uint16Array} */
function valueCodes({ values, low, high, scale = "linear" }) {
  if (scale === "quantile") return quantileCodes(values);
  const [least, most] = low === undefined || high === undefined ? rangeOf(values, scale === "log") : [low, high];
  const [from, to] = [low ?? least, high ?? most];
  return scale === "log" && from > 0 && to > from ? logCodes(values, from, to) : linearCodes(values, from, to);
}

/** @param {Float32Array | Float64Array} values @param {number} low @param {number} high */
function linearCodes(values, low, high) {
  const codes = new Uint16Array(values.length);
  if (!(high > low)) return codes.map((_, row) => (Number.isNaN(values[row]) ? SHADES : values[row] < low ? 0 : values[row] > high ? SHADES - 1 : SHADES / 2));
  const factor = SHADES / (high - low);
  for (let row = 0; row < codes.length; row += 1) {
    const shade = (values[row] - low) * factor;
    codes[row] = shade >= SHADES ? SHADES - 1 : shade >= 0 ? shade : shade < 0 ? 0 : SHADES;
  }
  return codes;
}

/** What is not above 0 has no logarithm, and no colour. @param {Float32Array | Float64Array} values @param {number} low @param {number} high */
function logCodes(values, low, high) {
  const codes = codesByEdges(values, Float32Array.from({ length: SHADES }, (_, shade) => low * (high / low) ** (shade / SHADES)));
  for (let row = 0; row < codes.length; row += 1) if (!(values[row] > 0)) codes[row] = SHADES;
  return codes;
}

/** The least and the largest value that a scale can show. @param {Float32Array | Float64Array} values @param {boolean} positive @returns {[number, number]} */
export function rangeOf(values, positive) {
  let [low, high] = [Infinity, -Infinity];
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at];
    if (positive && !(value > 0)) continue;
    if (value < low && value > -Infinity) low = value;
    if (value > high && value < Infinity) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}

/**
 * Shades in order of rank, equal values alike: each shade has about as many points. Of many values the ranks are those
 * among 65,536 of them, taken evenly: that moves a point by a shade at most, nearly always.
 *
 * @param {Float32Array | Float64Array} values @returns {Uint16Array}
 */
export function quantileCodes(values) {
  const sorted = sampleOf(values).sort();
  return codesByEdges(values, Float32Array.from({ length: SHADES }, (_, shade) => sorted[Math.floor((shade * sorted.length) / SHADES)] ?? 0));
}

/** The shades of values by where each shade begins. @param {Float32Array | Float64Array} values @param {Float32Array} edges rising @returns {Uint16Array} */
function codesByEdges(values, edges) {
  const singles = values instanceof Float32Array ? values : Float32Array.from(values);
  const bits = new Uint32Array(singles.buffer, singles.byteOffset, singles.length);
  // The upper half of a number's bits mostly tells its shade; a search for each of a million takes too long.
  const known = new Uint16Array(65_536).fill(UNKNOWN);
  const codes = new Uint16Array(values.length);
  for (let row = 0; row < codes.length; row += 1) {
    const upper = bits[row] >>> 16;
    if (known[upper] === UNKNOWN) known[upper] = shadeOfAll(edges, upper);
    codes[row] = known[upper] < UNKNOWN ? known[upper] : shadeOf(edges, singles[row]);
  }
  return codes;
}

/** The shade of all numbers that begin with these bits, SEVERAL where they have not the same. @param {Float32Array} edges @param {number} upper */
function shadeOfAll(edges, upper) {
  const [one, other] = new Float32Array(Uint32Array.of(upper << 16, (upper << 16) | 0xffff).buffer);
  const shade = shadeOf(edges, one);
  return shade === shadeOf(edges, other) ? shade : SEVERAL;
}

/** The last edge at or below a value. @param {Float32Array} edges rising @param {number} value */
function shadeOf(edges, value) {
  if (Number.isNaN(value)) return SHADES;
  let shade = 0;
  for (let step = SHADES / 2; step > 0; step >>= 1) if (edges[shade + step] <= value) shade += step;
  return shade;
}

/** Values without those that are none. @param {Float32Array | Float64Array} values */
function sampleOf(values) {
  const step = Math.max(1, values.length / SAMPLE);
  const sample = new Float64Array(Math.ceil(values.length / step));
  let found = 0;
  for (let at = 0; at < values.length; at += step) {
    const value = values[Math.floor(at)];
    if (!Number.isNaN(value)) sample[found++] = value;
  }
  return sample.subarray(0, found);
}
