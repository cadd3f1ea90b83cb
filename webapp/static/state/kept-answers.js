/**
 * The answers that a page of one file carries, in the place of a server's.
 *
 * The page asks as it always does. What was recorded is given back; cells, searches and neighbours are worked out here
 * from what was recorded; anything else is answered with a sentence that says so.
 */

import { packArrays, parseArrays } from "../lib/arrays-frame.js";
import { decodeRows } from "../lib/row-set-text.js";
import { separatedLine } from "../lib/separated-line.js";
import { nearestVectors } from "../lib/vector-neighbors.js";

/** @typedef {import("../lib/arrays-frame.js").NamedArray} NamedArray */
/** @typedef {import("../lib/point-views.js").ViewSetting} ViewSetting */
/** @typedef {{kind: string, values?: NamedArray, codes?: NamedArray, names?: string[]}} KeptColumn */

/** What cannot be answered, as people read it; `at` is the place of a mistake. */
class NotHere extends Error {
  /** @param {string} message @param {number} [status] */
  constructor(message, status = 404) {
    super(message);
    this.status = status;
  }
}

export class KeptAnswers {
  #answers; #views;
  /** @type {Map<string, KeptColumn>} */ #columns = new Map();
  /** @type {{points: number, dimensions: number, columns: {name: string}[]}} */ #info;

  /** @param {Record<string, Uint8Array>} answers by what they answer @param {readonly ViewSetting[]} views the layouts, by their place */
  constructor(answers, views) {
    this.#answers = answers;
    this.#views = views;
    this.#info = this.#json("info");
  }

  /** In the place of `fetch`. @param {string} path @param {RequestInit} [init] */
  answer = async (path, init = {}) => {
    try {
      const [address, query = ""] = path.split("?");
      const found = await this.#find(address.replace(/^api\/projector\/?/, ""), new URLSearchParams(query), init);
      return new Response(/** @type {Uint8Array<ArrayBuffer>} */ (found));
    } catch (problem) {
      const { message, status = 500 } = /** @type {NotHere} */ (problem);
      return new Response(JSON.stringify({ error: message }), { status });
    }
  };

  /** @param {string} what @param {URLSearchParams} query @param {RequestInit} init @returns {Uint8Array | Promise<Uint8Array>} */
  #find(what, query, init) {
    const body = () => JSON.parse(String(init.body ?? "{}"));
    if (what === "") return this.#bytes("embeddings");
    if (what === "info") return this.#bytes("info");
    if (what === "column") return this.#bytes(`column ${query.get("column")}`);
    if (what === "rows") return this.#rows((query.get("rows") ?? "").split(",").map(Number));
    if (what === "search") return this.#search(query);
    if (what === "neighbors") return this.#neighbors(body());
    if (what === "jobs") return this.#job(body());
    if (what === "quality") return this.#bytes(`quality ${body().job}`, "The quality of this layout was not measured when the file was made.");
    if (what === "clusters") return this.#clusters(body());
    if (what === "download") return this.#download(query, init);
    const frame = /^jobs\/(\d+)\/frame$/.exec(what);
    if (frame) return this.#bytes(`frame ${frame[1]}`);
    throw new NotHere("This file does not hold that. The dashboard that it was made with can tell.");
  }

  /** @param {string} name @param {string} [missing] @returns {Uint8Array} */
  #bytes(name, missing = "This file does not hold that. The dashboard that it was made with can tell.") {
    if (!Object.hasOwn(this.#answers, name)) throw new NotHere(missing);
    return this.#answers[name];
  }

  /** @param {string} name @returns {any} */
  #json(name) {
    return JSON.parse(new TextDecoder().decode(this.#bytes(name)));
  }

  /** @param {string} name @returns {{header: any, arrays: Record<string, NamedArray>}} */
  #arrays(name) {
    return parseArrays(/** @type {ArrayBuffer} */ (this.#bytes(name).slice().buffer));
  }

  /** @param {string} name @returns {KeptColumn} */
  #column(name) {
    const known = this.#columns.get(name);
    if (known) return known;
    const { header, arrays } = this.#arrays(`column ${name}`);
    const column = { kind: header.kind, names: header.names, values: arrays.values, codes: arrays.codes };
    this.#columns.set(name, column);
    return column;
  }

  /** What stands in a cell. @param {string} name @param {number} row @returns {string | number | null} */
  cell(name, row) {
    const { values, codes, names } = this.#column(name);
    if (values) return Number.isFinite(values[row]) ? values[row] : null;
    return names?.[codes?.[row] ?? 0] ?? "";
  }

  /** @param {number[]} rows */
  #rows(rows) {
    const names = this.#info.columns.map(({ name }) => name);
    const cells = (/** @type {number} */ row) => Object.fromEntries(names.map((name) => [name, this.cell(name, row)]));
    return encoded({ rows: rows.map((row) => ({ row, cells: cells(row) })) });
  }

  /** A table of the rows in the body, or of all: metadata and, where a layout is named, coordinates. @param {URLSearchParams} query @param {RequestInit} init */
  async #download(query, init) {
    const rows = init.body ? new Uint32Array(await new Response(init.body).arrayBuffer()) : Uint32Array.from({ length: this.#info.points }, (_, row) => row);
    const names = this.#info.columns.map(({ name }) => name);
    const layout = query.has("job") ? this.#arrays(`frame ${query.get("job")}`) : null;
    const width = layout ? Math.min(3, layout.header.width) : 0;
    const place = (/** @type {number} */ row) => Array.from({ length: width }, (_, axis) => numberText(layout?.arrays.coordinates[row * layout.header.width + axis] ?? NaN));
    const other = (/** @type {string} */ name) => (names.includes(name) ? `${name}_` : name);
    const lines = Array.from(rows, (row) => [row, ...names.map((name) => this.#cellText(name, row)), ...place(row)]);
    const table = [[other("row"), ...names, ...["x", "y", "z"].slice(0, width).map(other)], ...lines];
    const tabs = query.get("form") === "tsv";
    return new TextEncoder().encode(table.map((line) => separatedLine(line, tabs ? "\t" : ",") + (tabs ? "\n" : "\r\n")).join(""));
  }

  /** As the server's tables have it. @param {string} name @param {number} row */
  #cellText(name, row) {
    const value = this.#column(name).values?.[row];
    return value === undefined ? this.cell(name, row) : Number.isNaN(value) ? "" : numberText(value);
  }

  /** Of the axes that were shown when the file was made. @param {{job: string, components?: number[], least?: number, columns?: string[]}} query */
  #clusters({ job, components, least, columns }) {
    if (least !== undefined || columns !== undefined) throw new NotHere("This file holds the clusters of the usual size, with names from all texts. The dashboard that it was made with finds others.");
    const found = this.#bytes(`clusters ${job}`, "No clusters were looked for in this layout when the file was made. The dashboard that it was made with can find them.");
    const { dims } = this.#views[Number(job)] ?? {};
    if (components !== undefined && components.join() !== [0, 1, 2].slice(0, dims).join()) throw new NotHere(`This file holds the clusters of this layout in ${dims} dimensions.`);
    return found;
  }

  /** @param {URLSearchParams} query */
  #search(query) {
    const text = query.get("q") ?? "";
    const names = query.has("columns") ? JSON.parse(query.get("columns") ?? "[]") : this.#info.columns.map(({ name }) => name);
    const hits = finder(text, query.get("regex") === "1");
    const rows = [];
    for (let row = 0; row < this.#info.points; row += 1) {
      if (names.some((/** @type {string} */ name) => hits(String(this.cell(name, row) ?? "")))) rows.push(row);
    }
    return packArrays({ total: rows.length }, { rows: Uint32Array.from(rows) });
  }

  /** @param {{rows: string, k: number, metric: import("../lib/vector-neighbors.js").Metric, job?: string, components?: number[], within?: string}} query */
  #neighbors({ rows: asked, k, metric, job, components, within }) {
    if (!Object.hasOwn(this.#answers, "vectors")) throw new NotHere("This file does not hold the vectors, so neighbours cannot be found in it. The dashboard that it was made with can tell.");
    const rows = Array.from(decodeRows(asked));
    const among = within ? new Set(decodeRows(within)) : null;
    const vectors = /** @type {Float32Array} */ (this.#arrays("vectors").arrays.points);
    const found = nearestVectors(vectors, this.#info.dimensions, rows, k, metric, among);
    /** @type {Record<string, Float32Array | Uint32Array>} */
    const answer = { ...found };
    if (job !== undefined) answer.here = this.#here(job, components, rows, k, among);
    return packArrays({ metric, notes: [] }, answer);
  }

  /** The nearest in a layout, as it is looked at. @param {string} job @param {number[] | undefined} components @param {number[]} rows @param {number} k @param {ReadonlySet<number> | null} within */
  #here(job, components, rows, k, within) {
    const { header, arrays } = this.#arrays(`frame ${job}`);
    const chosen = components ?? [0, 1, 2].slice(0, header.dims);
    const all = /** @type {Float32Array} */ (arrays.coordinates);
    const shown = new Float32Array(this.#info.points * chosen.length);
    for (let at = 0; at < shown.length; at += 1) shown[at] = all[Math.floor(at / chosen.length) * header.width + chosen[at % chosen.length]];
    return nearestVectors(shown, chosen.length, rows, k, "euclidean", within).rows;
  }

  /** @param {{method: string, dims: number, seed: number, parameters: object, peek?: boolean}} order */
  #job({ method, dims, seed, parameters, peek }) {
    const same = (/** @type {ViewSetting} */ view) => view.method === method && (method === "pca" || view.dims === dims);
    const key = JSON.stringify([seed, parameters]);
    const found = this.#views.find((view) => same(view) && JSON.stringify([view.seed, view.parameters]) === key) ?? this.#views.find(same);
    if (found) return encoded({ job: String(found.id), state: "done" });
    if (peek) return encoded({ job: null, state: "" });
    throw new NotHere("This file does not hold that layout. The dashboard that it was made with can make it.");
  }
}

/** As Python writes what is not finite. @param {number} value */
const numberText = (value) => (Number.isFinite(value) ? String(value) : Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf");

/** @param {unknown} value */
const encoded = (value) => new TextEncoder().encode(JSON.stringify(value));

/** @param {string} text @param {boolean} pattern @returns {(cell: string) => boolean} */
function finder(text, pattern) {
  if (!pattern) {
    const wanted = text.toLowerCase();
    return (cell) => cell.toLowerCase().includes(wanted);
  }
  try {
    const expression = new RegExp(text, "iu");
    return (cell) => expression.test(cell);
  } catch (problem) {
    throw new NotHere(`The pattern cannot be read: ${/** @type {Error} */ (problem).message}`, 400);
  }
}
