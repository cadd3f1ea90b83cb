/** The view "Kernels": what each costs, how it was launched, how it fills the device; copies; kernels that come again and again. */

import { shortName } from "../../lib/timeline-names.js";
import { kernelsBy } from "../../state/profile-views.js";
import { h } from "../../ui/dom.js";
import { nameFace } from "./data-table.js";
import { tableView } from "./table-view.js";

const ARROW = " → "; // between the kernels of a sequence
const CHOICES = [
  { id: "name", title: "Names", hint: "One row for each kernel", table: "kernels" },
  { id: "launch", title: "Launches", hint: "Apart by grid and block", table: "kernels", more: { by: "launch" } },
  { id: "operator", title: "Operators", hint: "Apart by the operator that launched them", table: "kernels", more: { by: "operator" } },
  { id: "copies", title: "Copies", hint: "Copies and fills, with bytes a second", table: "copies" },
  { id: "sequences", title: "Sequences", hint: "Kernels that come one after another again and again: what could be fused", table: "kernel_sequences" },
];

/** @param {import("./views.js").ViewContext} context */
export const view = (context) => tableView(context, { label: "Kernels", choices: CHOICES, chosen: kernelsBy, face });

/** What misses tensor cores stands out; names begin with what tells kernels apart. @param {import("../../state/profile-api.js").TableColumn} column @param {number} row */
function face(column, row) {
  const { name, values } = column;
  const value = String(values[row] ?? "");
  if (name === "tensor_cores") return value === "could be used" ? h("span", { className: "prof-missed" }, value) : null;
  if (name !== "name") return null;
  return value.includes(ARROW) ? h("bdi", {}, value.split(ARROW).map(shortName).join(ARROW)) : nameFace(column, row);
}
