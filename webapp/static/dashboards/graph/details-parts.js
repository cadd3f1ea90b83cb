/** The parts of the details: sums, tensors in and out, parameters, attributes, where it was written. */

import { formatBytes, formatCount, plural } from "../../lib/format.js";
import { longCount, shortBytes, shortCount, shortTime } from "../../lib/graph-numbers.js";
import { firstMember, pathBeside } from "../../lib/graph-paths.js";
import { toggleBox } from "../../state/graph-scene.js";
import { h, iconButton } from "../../ui/dom.js";
import { link } from "./trace-result.js";

/**
 * @typedef {{id: string, name: string, spec?: string, output?: number, input?: number, control?: boolean}} Neighbour
 * @typedef {{name: string, shape: string | (number | string | null)[] | null, dtype: string, count: number | null, bytes: number | null, trainable?: boolean, kind?: string, tied?: string[], idle?: boolean}} ParameterFacts `tied`: its other names; `idle`: no operation used it
 *
 * @typedef {object} BoxFacts what the server knows of a group or an operation; what is not known is null or left out
 * @property {string} id
 * @property {string} [kind] "group", "op", "input", …
 * @property {string} [type] the operation, or the class of a module
 * @property {string} [path]
 * @property {string} [role]
 * @property {string | null} [module]
 * @property {number} [call]
 * @property {string} [source]
 * @property {string} [device]
 * @property {Record<string, unknown>} [attributes]
 * @property {Neighbour[]} [inputs]
 * @property {{spec: string, to: Neighbour[], control?: boolean}[]} [outputs]
 * @property {ParameterFacts[]} [parameters]
 * @property {number} [inputs_in_all] where only the first are listed
 * @property {number} [outputs_in_all]
 * @property {number} [parameters_in_all]
 * @property {string[]} [calls] ids of all calls of the same module
 * @property {number | null} [flops]
 * @property {number | null} [time] seconds
 * @property {number | null} [memory] bytes
 * @property {number | null} [activation_bytes]
 * @property {Record<string, number | null>} [sums] of a group
 */

const MOST = 100; // rows of a table before the rest is only counted
const LONG = 160; // characters of an attribute that are read at a glance

/** @param {BoxFacts} facts @param {import("../../state/graph-diff.js").Change | null} change in the other graph @param {(id: string) => void} goTo @returns {HTMLElement[]} */
export function partsOf(facts, change, goTo) {
  const tensors = inputTensors(facts);
  return [
    ...differences(change), figures(facts), ...section("Inputs", tensors.length, () => inputs(facts, tensors, goTo)),
    ...section("Outputs", facts.outputs?.length ?? 0, () => outputs(facts, goTo)),
    ...section("Parameters", facts.parameters_in_all ?? facts.parameters?.length ?? 0, () => parameterTable(facts)),
    ...section("Other calls of this module", (facts.calls?.length ?? 1) - 1, () => links((facts.calls ?? []).filter((id) => id !== facts.id), facts, goTo)),
    ...section("Attributes", Object.keys(facts.attributes ?? {}).length, () => attributeTable(facts.attributes ?? {})),
  ];
}

/** What stands for several boxes of the model: how many, and the way to them. @param {{id: string, label: string, sub: string, nodes: number, open: boolean}} box @param {(id: string) => void} goTo @returns {HTMLElement[]} */
export function madeParts({ id, label, sub, nodes, open }, goTo) {
  const first = firstMember(id);
  return [
    h("p", {}, h("bdi", {}, label), sub && h("small", {}, ` ${sub}`)),
    h("p", { className: "quiet" }, `${plural(nodes, "operation")} inside`),
    h("div", { className: "trace-buttons" }, h("button", { type: "button", onclick: () => toggleBox(id) }, open ? "Put together again" : "Spread out"),
      /\*\d+$/.test(id) && h("button", { type: "button", onclick: () => goTo(first) }, "Details of the first")),
  ];
}

/** @param {string} title @param {number} count @param {() => HTMLElement} body */
function section(title, count, body) {
  return count > 0 ? [h("section", { "aria-label": title }, h("h3", {}, title, h("small", {}, formatCount(count))), body())] : [];
}

/** @param {import("../../state/graph-diff.js").Change | null} change */
function differences(change) {
  if (!change) return [];
  const { status, what = [] } = change;
  const rows = what.map(({ field, a, b }) => h("li", {}, `${field}: `, h("code", {}, a || "–"), " → ", h("code", {}, b || "–")));
  return [h("section", { "aria-label": "Difference" }, h("p", {}, h("b", { className: `status-${status}` }, status)), h("ul", { className: "details-links" }, ...rows))];
}

/** @param {BoxFacts} facts */
function figures(facts) {
  const sums = facts.sums ?? {};
  const number = (/** @type {string} */ name) => sums[name] ?? /** @type {Record<string, any>} */ (facts)[name] ?? null;
  const own = (facts.parameters ?? []).filter(({ kind }) => kind === undefined || kind === "parameter").reduce((sum, { count }) => sum + (count ?? 0), 0);
  const parameters = sums.parameters ?? own;
  /** @type {[string, import("../../ui/dom.js").Child][]} */
  const rows = [
    [facts.kind === "group" ? "Type" : "Operation", facts.type ?? ""],
    ["Role", facts.role && facts.role !== "op" && facts.role !== "group" ? facts.role : ""],
    ["Module", facts.module ?? ""],
    ["Call", facts.call ? `number ${facts.call + 1} of this module` : ""],
    ["Operations", typeof sums.nodes === "number" ? formatCount(sums.nodes) : ""],
    ["Parameters", parameters ? longCount(parameters) : ""],
    ["Trainable", parameters && typeof sums.trainable === "number" && sums.trainable !== parameters ? longCount(sums.trainable) : ""],
    ["FLOPs", number("flops") === null ? "" : longCount(number("flops"))],
    ["Activations", shortBytes(number("activation_bytes"))],
    ["Memory", shortBytes(number("memory"))],
    ["Time", shortTime(number("time"))],
    ["Device", facts.device ?? ""],
    ["Source", facts.source ? sourceLine(facts.source) : ""],
  ];
  return h("dl", { className: "details-facts" }, ...rows.filter(([, value]) => value !== "" && value !== null).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

/** @param {string} source "model.py:31" */
function sourceLine(source) {
  return h("span", { className: "source-line" }, h("code", {}, source), iconButton("copy", "Copy the place", () => void navigator.clipboard?.writeText(source)));
}

/** @param {string[]} ids @param {BoxFacts} facts @param {(id: string) => void} goTo */
function links(ids, facts, goTo) {
  return h("ul", { className: "details-links" }, ...ids.slice(0, MOST).map((id) => h("li", {}, link(id, pathBeside(id, facts.id), goTo))), ...more(ids.length));
}

/** A tensor that goes to several operations of a group is one of its inputs. @param {BoxFacts} facts */
function inputTensors({ kind, inputs: list = [] }) {
  return kind === "group" ? [...new Map(list.map((one) => [`${one.id}:${one.output}`, one])).values()] : list;
}

/** @param {BoxFacts} facts @param {Neighbour[]} tensors @param {(id: string) => void} goTo */
function inputs({ id: own, inputs: list = [], inputs_in_all: total = list.length }, tensors, goTo) {
  const line = (/** @type {Neighbour} */ { id, spec, control }) => h("li", {}, link(id, pathBeside(id, own), goTo), h("small", {}, control ? "only the order" : spec ?? ""));
  return h("ul", { className: "details-links" }, ...tensors.slice(0, MOST).map(line), ...more(tensors.length + total - list.length));
}

/** @param {BoxFacts} facts @param {(id: string) => void} goTo */
function outputs({ id: own, outputs: list = [] }, goTo) {
  const readers = (/** @type {Neighbour[]} */ to) => h("ul", {}, ...to.slice(0, MOST).map(({ id }) => h("li", {}, "→ ", link(id, pathBeside(id, own), goTo))), ...more(to.length));
  return h("ul", { className: "details-links" }, ...list.slice(0, MOST).map(({ spec, to, control }) => h("li", {}, h("code", {}, control ? "only the order" : spec || "unknown tensor"),
    to.length ? readers(to) : h("small", {}, "nobody reads it"))), ...more(list.length));
}

/** @param {BoxFacts} facts */
function parameterTable({ parameters: list = [], parameters_in_all: total = list.length }) {
  const shape = (/** @type {ParameterFacts["shape"]} */ sizes) => (Array.isArray(sizes) ? sizes.map((size) => size ?? "?").join("×") || "scalar" : sizes ?? "");
  const shared = sharedModule(list.map(({ name }) => name));
  const row = (/** @type {ParameterFacts} */ one) => h("tr", { title: `${one.name}\n${one.bytes === null ? "" : formatBytes(one.bytes)}` }, h("th", { scope: "row" }, h("bdi", {}, one.name.slice(shared.length)), note(one)),
    h("td", {}, shape(one.shape)), h("td", {}, one.dtype), h("td", {}, shortCount(one.count)));
  return h("table", { className: "details-table" }, h("tbody", {}, ...list.slice(0, MOST).map(row)), h("caption", {}, total > MOST ? `first ${MOST} of ${plural(total, "parameter")}` : ""));
}

/** What all names begin with: "encoder.layers.0.". @param {string[]} names */
function sharedModule(names) {
  let parts = (names[0] ?? "").split(".").slice(0, -1);
  for (const name of names) {
    const own = name.split(".");
    const differs = parts.findIndex((part, index) => part !== own[index]);
    if (differs >= 0) parts = parts.slice(0, differs);
  }
  return parts.map((part) => `${part}.`).join("");
}

/** @param {ParameterFacts} parameter */
function note({ trainable, kind, tied = [], idle }) {
  const words = [kind && kind !== "parameter" ? kind : trainable === false ? "frozen" : "", idle ? "not used" : "", tied.length ? `= ${tied.join(", ")}` : ""].filter(Boolean);
  return words.length ? h("small", {}, h("bdi", {}, words.join(" · "))) : "";
}

/** @param {Record<string, unknown>} attributes */
function attributeTable(attributes) {
  const entries = Object.entries(attributes);
  return h("table", { className: "details-table attributes" }, h("tbody", {}, ...entries.slice(0, MOST).map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, h("bdi", {}, name)), h("td", {}, valueOf(value))))),
    h("caption", {}, entries.length > MOST ? `first ${MOST} of ${plural(entries.length, "attribute")}` : ""));
}

/** @param {unknown} value */
function valueOf(value) {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text.length <= LONG) return h("code", {}, text);
  return h("details", {}, h("summary", {}, h("code", {}, `${text.slice(0, LONG / 2)} …`)), h("code", {}, text));
}

/** @param {number} count */
function more(count) {
  return count > MOST ? [h("li", { className: "quiet" }, `and ${formatCount(count - MOST)} more`)] : [];
}
