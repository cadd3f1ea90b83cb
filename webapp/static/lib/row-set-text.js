/**
 * Sets of rows as text, for addresses and for the server: the gaps between stretches of rows ("2,0-9,5": row 2, rows 3 to
 * 12, row 18), or one bit a row where that is shorter ("~" and base64), so that no set is longer than a sixth of the rows.
 */

/** @typedef {import("./row-sets.js").Rows} Rows */

const DIGITS = 36;
const BITS = "~";
const READABLE = 80; // characters: up to there the gaps are kept, which people can read
const PIECE = 0x8000; // bytes that String.fromCharCode takes at once
const FARTHEST = 2 ** 32; // rows are 32 bits

/** @param {Rows} rows @returns {string} "" for no rows */
export function encodeRows(rows) {
  const asBits = Math.max(READABLE, ((rows.at(-1) ?? 0) + 1) / 6 + 4); // characters
  const parts = [];
  let [length, next] = [0, 0]; // characters so far; the row after the last stretch
  for (let i = 0; i < rows.length; ) {
    let end = i + 1;
    while (end < rows.length && rows[end] === rows[end - 1] + 1) end += 1;
    const gap = (rows[i] - next).toString(DIGITS);
    const part = end - i === 1 ? gap : `${gap}-${(end - i - 1).toString(DIGITS)}`;
    parts.push(part);
    length += part.length + 1;
    if (length > asBits) return BITS + bitsOf(rows);
    next = rows[end - 1] + 1;
    i = end;
  }
  return parts.join(",");
}

/**
 * @param {string} text of encodeRows
 * @returns {Rows}
 * @throws {Error} when it is something else
 */
export function decodeRows(text) {
  if (text.startsWith(BITS)) return rowsOfBits(text.slice(1));
  /** @type {[first: number, count: number][]} */
  const stretches = [];
  let [next, total] = [0, 0];
  for (const part of text.split(",").filter(Boolean)) {
    const found = /^([0-9a-z]+)(?:-([0-9a-z]+))?$/.exec(part);
    if (!found) throw new Error(`got ${JSON.stringify(part.slice(0, 40))}, want rows as "2,0-9"`);
    const [first, count] = [next + parseInt(found[1], DIGITS), 1 + parseInt(found[2] ?? "0", DIGITS)];
    next = first + count;
    total += count;
    if (next > FARTHEST || total > 1e8) throw new Error("got rows beyond all that can be shown");
    stretches.push([first, count]);
  }
  const rows = new Uint32Array(total);
  let n = 0;
  for (const [first, count] of stretches) for (let i = 0; i < count; i += 1) rows[n++] = first + i;
  return rows;
}

/** @param {Rows} rows */
function bitsOf(rows) {
  const bytes = new Uint8Array((rows[rows.length - 1] >> 3) + 1);
  for (const row of rows) bytes[row >> 3] |= 1 << (row & 7);
  const pieces = [];
  for (let at = 0; at < bytes.length; at += PIECE) pieces.push(String.fromCharCode(...bytes.subarray(at, at + PIECE)));
  return btoa(pieces.join(""));
}

/** @param {string} text @returns {Rows} */
function rowsOfBits(text) {
  const bytes = atob(text);
  const rows = [];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes.charCodeAt(at);
    for (let bit = 0; byte >> bit; bit += 1) if ((byte >> bit) & 1) rows.push(8 * at + bit);
  }
  return Uint32Array.from(rows);
}
