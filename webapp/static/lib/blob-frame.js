/** The answer of /api/blobs: where the values of tags of many runs are on the axes, and what they are called. */

import { columnOf, openFrame } from "./frame.js";

/**
 * @typedef {object} Values all values of one run under one tag, in order of step, then wall time
 * @property {number} n
 * @property {Float64Array} step
 * @property {Float64Array} wall seconds since 1970
 * @property {Uint32Array} crc checksum of each value's bytes
 * @property {Float64Array} bytes stored
 * @property {number} start when the run began, seconds since 1970
 * @property {string} plugin
 * @property {string} displayName "" where the writer gave none
 * @property {string} description markdown, "" where the writer gave none
 */

/**
 * @param {ArrayBuffer} buffer
 * @param {(run: string) => number} startOf when a run began, seconds since 1970
 * @returns {{version: number, found: Map<string, Values & {from: number}>[]}} values by run, for each place in what was asked (the array ends at the last with any); `from`: how many known ones come before these
 * @throws {Error} when the bytes are no such frame
 */
export function parseBlobs(buffer, startOf) {
  const { header, base } = openFrame(buffer);
  /** @type {Map<string, Values & {from: number}>[]} */
  const found = [];
  for (const { asked, run, n, from = 0, plugin = "", display_name: displayName = "", description = "", arrays } of header.series) {
    const column = (/** @type {string} */ name) => /** @type {any} */ (columnAt(buffer, base, arrays[name], n));
    (found[asked] ??= new Map()).set(run, { n, from, step: column("step"), wall: column("wall"), crc: column("crc"), bytes: column("bytes"), start: startOf(run), plugin, displayName, description });
  }
  return { version: header.version, found };
}

/** @typedef {{at?: number, dtype?: string, first?: number, least?: number, unit?: number}} Place of a column; see the server's columns.py */

/** @param {ArrayBuffer} buffer @param {number} base @param {Place} place @param {number} n */
function columnAt(buffer, base, { at = -1, dtype = "", first, least = 0, unit = 1 }, n) {
  if (first === undefined) return columnOf(buffer, base + at, dtype, n);
  const Kind = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array }[dtype];
  const more = Kind && new Kind(buffer, base + at, n - 1);
  const column = new Float64Array(n);
  let whole = first;
  for (let i = 0; i < n; i += 1) {
    column[i] = whole * unit;
    whole += least + (more && i < n - 1 ? more[i] : 0);
  }
  return column;
}

/** What the server is told of values that are here: how many, and a checksum of them and their order (see its columns.py). @param {Values} values @returns {[number, number]} */
export function knownOf({ n, step, wall, crc }) {
  let sum = 0;
  for (let i = 0; i < n; i += 1) sum = (sum + Math.imul(crc[i] ^ step[i] ^ wall[i], 2 * i + 1)) | 0;
  return [n, sum >>> 0];
}

/** Known values and those behind them that an answer has. @param {Values | undefined} before @param {Values & {from: number}} more @returns {Values} */
export function joined(before, { from, ...more }) {
  if (!before || from === 0) return more;
  const columns = /** @type {const} */ (["step", "wall", "crc", "bytes"]);
  const whole = { ...more, n: from + more.n };
  for (const name of columns) {
    const Kind = /** @type {new (length: number) => any} */ (more[name].constructor);
    whole[name] = new Kind(whole.n);
    whole[name].set(before[name].subarray(0, from));
    whole[name].set(more[name], from);
  }
  return whole;
}

/** What a value is called in addresses: the same name is the same bytes for ever. @param {Values} values @param {number} index */
export function valueId({ step, crc }, index) {
  return `${BigInt(step[index])}-${crc[index].toString(16).padStart(8, "0")}`;
}

/** Bytes held by the columns. @param {Values} values */
export function valuesBytes({ step, wall, crc, bytes }) {
  return step.byteLength + wall.byteLength + crc.byteLength + bytes.byteLength + 200;
}
