/** An answer of a few arrays behind a JSON header that names them: `{…, arrays: {name: {at, dtype, n}}}`. */

import { columnOf, openFrame } from "./frame.js";

/** @typedef {Uint8Array | Uint16Array | import("./types.js").Column} NamedArray */

/**
 * @param {ArrayBuffer} buffer
 * @returns {{header: any, arrays: Record<string, NamedArray>}} the arrays lie in the buffer, nothing is copied
 * @throws {Error} when the bytes are no such answer
 */
export function parseArrays(buffer) {
  const { header, base } = openFrame(buffer);
  /** @type {Record<string, NamedArray>} */
  const arrays = {};
  for (const [name, { at, dtype, n }] of Object.entries(/** @type {Record<string, {at: number, dtype: string, n: number}>} */ (header.arrays ?? {}))) {
    if (dtype === "u1") arrays[name] = new Uint8Array(buffer, base + at, n);
    else if (dtype === "u2") arrays[name] = new Uint16Array(buffer, base + at, n);
    else arrays[name] = columnOf(buffer, base + at, dtype, n);
  }
  return { header, arrays };
}

const NAMES = /** @type {const} */ ([[Float32Array, "f4"], [Float64Array, "f8"], [Uint8Array, "u1"], [Uint16Array, "u2"], [Int32Array, "i4"], [Uint32Array, "u4"]]);
const HEAD = 8; // bytes: what it is, and how long the header is

/**
 * The same envelope, for answers that the page gives itself.
 *
 * @param {object} header @param {Record<string, NamedArray>} arrays
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function packArrays(header, arrays) {
  /** @type {Record<string, {at: number, dtype: string, n: number}>} */
  const places = {};
  let end = 0;
  for (const [name, array] of Object.entries(arrays)) {
    places[name] = { at: end, dtype: NAMES.find(([kind]) => array instanceof kind)?.[1] ?? "", n: array.length };
    end += Math.ceil(array.byteLength / 8) * 8;
  }
  const text = new TextEncoder().encode(JSON.stringify({ ...header, arrays: places }));
  const length = Math.ceil(text.length / 8) * 8;
  const frame = new Uint8Array(HEAD + length + end).fill(32, HEAD, HEAD + length);
  frame.set(new TextEncoder().encode("SSB1"));
  new DataView(frame.buffer).setUint32(4, length, true);
  frame.set(text, HEAD);
  for (const [name, array] of Object.entries(arrays)) frame.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), HEAD + length + places[name].at);
  return frame;
}
