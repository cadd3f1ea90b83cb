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
