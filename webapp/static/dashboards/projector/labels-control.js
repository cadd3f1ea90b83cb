/** Points that a direction begins or ends at: those whose metadata match a pattern, or those that are selected. */

import { formatCount, plural } from "../../lib/format.js";
import { selection } from "../../state/projector-points.js";
import { shownEmbedding } from "../../state/projector-shown.js";
import { h } from "../../ui/dom.js";

/** @typedef {import("../../state/projector-catalog.js").Parameter} Parameter */

/** The value is a pattern, "column:pattern", or the numbers of rows. @param {Parameter} parameter @param {(value: unknown) => void} tell */
export function labelsControl({ title }, tell) {
  const column = h("select", { "aria-label": `${title}: column` });
  const text = h("input", { type: "text", placeholder: "label, or a pattern", "aria-label": `${title}: pattern`, spellcheck: false });
  const told = h("span", { className: "quiet" });
  const take = h("button", { type: "button", className: "link", onclick: () => selection.get().length && tell([...selection.get()]) }, "Take the selected points");
  const element = h("div", { className: "labels-control" }, h("span", { className: "labels-row" }, column, text), h("span", { className: "labels-row" }, take, told));
  const say = () => tell(text.value.trim() === "" ? null : column.value === "" ? text.value : `${column.value}:${text.value}`);
  column.addEventListener("input", say);
  text.addEventListener("change", say);
  /** @param {unknown} value */
  const show = (value) => {
    const names = (shownEmbedding.get()?.info.columns ?? []).filter(({ kind }) => kind !== "number").map(({ name }) => name);
    if (column.dataset.key !== names.join("\n")) column.replaceChildren(h("option", { value: "" }, "any column"), ...names.map((name) => h("option", { value: name }, name)));
    column.dataset.key = names.join("\n");
    const rows = Array.isArray(value) ? value.length : 0;
    told.textContent = rows ? `${plural(rows, "point")} taken` : selection.get().length ? `${formatCount(selection.get().length)} selected` : "";
    if (document.activeElement === text || document.activeElement === column) return;
    const pattern = typeof value === "string" ? value : "";
    const of = names.find((name) => pattern.startsWith(`${name}:`)) ?? "";
    column.value = of;
    text.value = of ? pattern.slice(of.length + 1) : pattern;
    text.placeholder = rows ? "the points taken" : "label, or a pattern";
  };
  return { element, show };
}
