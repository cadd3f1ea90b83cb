/** Columns of metadata, fetched when something asks for them and kept while there is room. */

import { parseArrays } from "../lib/arrays-frame.js";
import { FormStore } from "./form-store.js";
import { requestDone } from "./patient-request.js";
import { projectorAddress } from "./projector-api.js";
import { shownEmbedding } from "./projector-shown.js";

/** @typedef {import("../lib/column-bins.js").MetadataColumn} MetadataColumn */

const ROOM = 64e6; // bytes

/** By address. @type {FormStore<MetadataColumn>} */
export const columns = new FormStore(readColumn, ROOM, async (address) => (await requestDone(address, {})).arrayBuffer());

/** @param {ArrayBuffer} buffer @returns {MetadataColumn} */
function readColumn(buffer) {
  const { header, arrays } = parseArrays(buffer);
  if (header.kind === "number") return { kind: "number", values: /** @type {Float32Array} */ (arrays.values) };
  return { kind: header.kind, codes: arrays.codes, names: header.names };
}

/** A column of the matrix in sight, what is wrong with it, or null while it is on its way. @param {string} name */
export function columnNow(name) {
  const shown = shownEmbedding.get();
  return shown?.info.columns.some((column) => column.name === name) ? columns.get(projectorAddress("column", shown.ref, { column: name })) : null;
}

/** What a row says in a column. @param {MetadataColumn} column @param {number} row @returns {string} */
export function cellText(column, row) {
  if (column.kind === "number") return Number.isNaN(column.values[row]) ? "" : String(column.values[row]);
  return column.names[column.codes[row]] ?? "";
}

/** Counts up when a column has come. */
export const columnsVersion = columns.version;
