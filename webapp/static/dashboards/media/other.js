/** Tensors, and every kind that no other card is for: what is stored, in figures, at a glance and as files. */

import { formatBytes, formatCount, formatValue, plural } from "../../lib/format.js";
import { FormStore, readJson } from "../../state/form-store.js";
import { h } from "../../ui/dom.js";
import { isDark } from "../../ui/ink.js";
import { runCells } from "./run-cells.js";
import { previewOf } from "./tensor-preview.js";

/** @typedef {import("./kind.js").CardHost} CardHost */
/** @typedef {{size: number, text?: string, hex?: string}} BytesTold */

/**
 * @typedef {object} Told see webapp/media/tensors.py
 * @property {"numbers" | "strings" | "bytes"} form
 * @property {string} [dtype]
 * @property {number[]} [shape]
 * @property {number} [count]
 * @property {Record<string, number | string | null>} [statistics]
 * @property {import("./tensor-preview.js").Preview} [preview]
 * @property {string[]} [strings]
 * @property {number} [longest]
 * @property {number} [size]
 * @property {string} [text]
 * @property {string} [hex]
 * @property {string} plugin
 * @property {BytesTold | null} metadata
 * @property {number} stored bytes
 */

const ROOM = 16e6; // bytes of summaries kept
const TENSORS = "tensors";

/** @type {FormStore<Told>} */
const summaries = new FormStore(readJson, ROOM);

/** @type {import("./kind.js").Kind} */
export const other = {
  id: "other",
  title: "Tensors and other data",
  short: "Other",
  code: 'writer.add_tensor("weights", tensor, step)',
  height: 210,
  card: (_, host) => genericCard(host),
};

/** The card for any kind. @param {CardHost} host */
function genericCard(host) {
  if (host.kind !== TENSORS) host.note(host.kind);
  const stop = summaries.version.subscribe(host.redraw);
  const cells = runCells(host, { makeCell: (run) => genericCell(host, run) });
  return {
    ...cells,
    destroy() {
      stop();
      cells.destroy?.();
    },
  };
}

/** @param {CardHost} host @param {string} run @returns {import("./run-cells.js").RunCell} */
function genericCell(host, run) {
  const about = h("div", {});
  const npy = h("a", { className: "link", download: "" }, ".npy");
  const bytes = h("a", { className: "link", download: "" }, "bytes");
  const message = h("a", { className: "link", download: "", title: "As it stands in the event file" }, "message");
  const element = h("div", { className: "generic" }, about, h("p", { className: "generic-files" }, "Download ", npy, bytes, message));
  let shown = "";
  let done = false;
  return {
    element,
    show(index) {
      const address = host.address("summary", run, index);
      const found = summaries.get(address);
      done = found !== null;
      const key = `${address} ${found?.problem} ${isDark()}`;
      if (!found || key === shown) return;
      shown = key;
      [npy.href, bytes.href, message.href] = ["npy", "bytes", "message"].map((form) => host.address(form, run, index));
      npy.hidden = !found.value || found.value.form === "bytes";
      bytes.hidden = found.problem !== null;
      for (const [link, what] of /** @type {const} */ ([[npy, ".npy"], [bytes, "bytes"], [message, "message"]])) link.setAttribute("aria-label", `Download ${host.tag} of ${run} as ${what}`);
      if (found.problem !== null) about.replaceChildren(h("p", { role: "alert" }, found.problem, " "), h("button", { type: "button", onclick: () => summaries.retry(address) }, "Retry"));
      else about.replaceChildren(...partsOf(found.value));
    },
    ready: () => done,
  };
}

/** @param {Told} told */
function partsOf(told) {
  const facts = [told.dtype, told.shape && shapeText(told.shape), told.count !== undefined && (told.shape?.length ?? 0) > 1 ? `${formatCount(told.count)} elements` : "", `${formatBytes(told.stored)} stored`, told.dtype?.startsWith("complex") ? "magnitudes shown" : ""];
  return [
    h("p", { className: "generic-facts" }, facts.filter(Boolean).join(" · ")),
    ...(told.preview && told.statistics ? [previewOf(told.preview, endsOf(told)), statisticsOf(told)] : []),
    ...(told.strings ? [stringsOf(told)] : []),
    ...(told.form === "bytes" ? [bytesOf(/** @type {BytesTold} */ (told), "Bytes")] : []),
    ...(told.metadata ? [bytesOf(told.metadata, `What ${told.plugin || "the writer"} says of the tag`)] : []),
  ];
}

/** @param {number[]} shape */
function shapeText(shape) {
  if (shape.length === 0) return "one value";
  return shape.length === 1 ? plural(shape[0], "value") : shape.map(formatCount).join(" × ");
}

/** Where the colours end: at the extremes of what is shown. @param {Told} told */
function endsOf({ preview }) {
  const numbers = (preview?.values ?? []).flat().map(Number).filter(Number.isFinite);
  return { min: numbers.reduce((least, value) => Math.min(least, value), Infinity), max: numbers.reduce((most, value) => Math.max(most, value), -Infinity) };
}

const FIGURES = [["min", "min"], ["max", "max"], ["mean", "mean"], ["std", "std"], ["nan", "NaN"], ["inf", "infinite"]];

/** @param {Told} told */
function statisticsOf({ statistics = {} }) {
  const figures = FIGURES.filter(([key]) => statistics[key] !== null && statistics[key] !== undefined);
  const text = (/** @type {number | string | null} */ value) => (typeof value === "string" && /^-?\d+$/.test(value) ? value : formatValue(Number(value)));
  const list = h("dl", { className: "generic-figures", "aria-label": "Statistics" });
  for (const [key, name] of figures) {
    const counts = key === "nan" || key === "inf";
    list.append(h("div", { className: counts && statistics[key] ? "bad" : "" }, h("dt", {}, name), h("dd", { title: String(statistics[key]) }, counts ? formatCount(Number(statistics[key])) : text(statistics[key]))));
  }
  return list;
}

/** @param {Told} told */
function stringsOf({ strings = [], count = 0, longest = 0 }) {
  const more = count > strings.length ? `${formatCount(count - strings.length)} more; ` : "";
  return h("div", {}, h("ul", { className: "generic-strings", tabIndex: 0, "aria-label": "Texts" }, ...strings.map((text) => h("li", {}, h("code", {}, text)))),
    h("p", { className: "quiet" }, `${more}the longest has ${formatBytes(longest)}`));
}

/** @param {BytesTold} told @param {string} title */
function bytesOf({ size, text, hex }, title) {
  const shown = text ?? hex ?? "";
  const whole = (text !== undefined ? new TextEncoder().encode(text).length : Math.ceil(shown.length / 3)) >= size;
  return h("div", { className: "generic-bytes" }, h("p", { className: "quiet" }, `${title} · ${formatBytes(size)}${whole ? "" : ", the first of them"}`), h("pre", { tabIndex: 0 }, shown));
}
