/** The answer of /api/blobs: where the values of tags of many runs are on the axes, and what they are called. */

import { columnOf, openFrame } from "./frame.js";

/**
 * @typedef {object} Values all values of one run under one tag, in order of step, then wall time
 * @property {number} n
 * @property {Float64Array} step
 * @property {Float64Array} wall seconds since 1970
 * @property {Uint32Array | null} crc checksum of each value's bytes; null where values of the kind are not asked for by name
 * @property {number} check a checksum of all values and their order
 * @property {number} lineage the same as long as values only came behind these
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
  for (const { asked, run, n, check, from = 0, plugin = "", display_name: displayName = "", description = "", arrays } of header.series) {
    const column = (/** @type {string} */ name) => /** @type {any} */ (columnAt(buffer, base, arrays[name], n));
    (found[asked] ??= new Map()).set(run, { n, from, step: column("step"), wall: column("wall"), crc: arrays.crc ? column("crc") : null, check, lineage: 0, bytes: column("bytes"), start: startOf(run), plugin, displayName, description });
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

/** What the server is told of values that are here. @param {Values} values @returns {[number, number]} */
export const knownOf = ({ n, check }) => [n, check];

let lineages = 0;

/** Known values and those behind them that an answer has. @param {Values | undefined} before @param {Values & {from: number}} more @returns {Values} */
export function joined(before, { from, ...more }) {
  if (!before || from === 0) return { ...more, lineage: (lineages += 1) };
  const both = (/** @type {any} */ old, /** @type {any} */ tail) => {
    const column = new tail.constructor(from + more.n);
    column.set(old.subarray(0, from));
    column.set(tail, from);
    return column;
  };
  const crc = before.crc && more.crc && both(before.crc, more.crc);
  return { ...more, lineage: before.lineage, n: from + more.n, step: both(before.step, more.step), wall: both(before.wall, more.wall), crc, bytes: both(before.bytes, more.bytes) };
}

/** What a value is called in addresses: the same name is the same bytes for ever. @param {Values} values @param {number} index @throws {Error} where the names were not asked for */
export function valueId({ step, crc }, index) {
  if (!crc) throw new Error("values of this kind came without their names");
  return `${BigInt(step[index])}-${crc[index].toString(16).padStart(8, "0")}`;
}

/** Bytes held by the columns. @param {Values} values */
export function valuesBytes({ step, wall, crc, bytes }) {
  return step.byteLength + wall.byteLength + (crc?.byteLength ?? 0) + bytes.byteLength + 200;
}
