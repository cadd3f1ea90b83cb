/** Bands of a line chart: a scalar between two others, which are its lower and upper edge. */

import { h, iconButton } from "../../ui/dom.js";
import { comboBox, field } from "./builder-parts.js";

/** @typedef {import("../../lib/view-file.js").MarginSpec} MarginSpec */

const PARTS = /** @type {const} */ ([["value", "line"], ["lower", "lower edge"], ["upper", "upper edge"]]);

/** @param {import("../../lib/view-file.js").Chart} chart @param {import("./builder-parts.js").OnChange} onChange @param {string[]} tags */
export function marginsField(chart, onChange, tags) {
  const rows = h("div", { className: "builder-rows" });
  let margins = [...(chart.margins ?? [])];
  const tell = () => onChange({ margins: margins.filter(({ value, lower, upper }) => value && lower && upper) });
  const row = (/** @type {MarginSpec} */ margin, /** @type {number} */ index) => h("div", { className: "builder-row builder-margin" },
    ...PARTS.map(([part, hint]) => comboBox(`Band ${index + 1}, ${hint}`, margin[part], tags, (tag) => {
      margins = margins.with(index, { ...margins[index], [part]: tag });
      tell();
    }, hint)),
    iconButton("close", `Remove band ${index + 1}`, () => {
      margins = margins.toSpliced(index, 1);
      show();
      tell();
    }));
  const show = () => rows.replaceChildren(...margins.map(row));
  show();
  const add = h("button", { type: "button", onclick: () => {
    margins = [...margins, { value: "", lower: "", upper: "" }];
    show();
    rows.lastElementChild?.querySelector("input")?.focus();
  } }, "Add a band");
  return field("Bands", rows, add);
}
