/** The view "Operators": what each costs on host and device, by name, shapes or call stack, and how near it is to its roof. */

import { operatorsBy } from "../../state/profile-views.js";
import { tableView } from "./table-view.js";

const OPTIONAL = ["device_self", "device_share", "device_total", "backward", "launches", "tensor_cores", "shapes", "types", "stack"];
const CHOICES = [
  { id: "name", title: "Names", hint: "One row for each operator", table: "operators", optional: OPTIONAL },
  { id: "shape", title: "Shapes", hint: "Apart by the shapes and types of the arguments", table: "operators", more: { by: "shape" }, optional: OPTIONAL },
  { id: "stack", title: "Call stacks", hint: "Apart by the Python lines that called", table: "operators", more: { by: "stack" }, optional: OPTIONAL },
  { id: "roofline", title: "Roofline", hint: "FLOP/s and bytes/s of matrix products, convolutions and attention, by what the device can do", table: "roofline" },
];

const NO_TENSOR = new Set(["", "Scalar", "ScalarList", "Int", "Double", "Bool", "Device"]);

/** A call stack on one line, the innermost frame first; shapes and types of tensors without brackets. */
const TEXTS = {
  stack: (/** @type {string} */ text) => text.replaceAll("\n", " ← "),
  shapes: (/** @type {string} */ text) => listed(text, (shape) => (Array.isArray(shape) && shape.length > 0 ? (shape.some(Array.isArray) ? JSON.stringify(shape) : shape.join(" × ")) : "")).join("  ·  "),
  types: (/** @type {string} */ text) => [...new Set(listed(text, (type) => (NO_TENSOR.has(String(type)) ? "" : String(type).replace("c10::", ""))))].join(", "),
};

/** @param {import("./views.js").ViewContext} context */
export const view = (context) => tableView(context, { label: "Operators", choices: CHOICES, chosen: operatorsBy, texts: TEXTS });

/** @param {string} text a list as JSON @param {(item: unknown) => string} write what is "" is left out @returns {string[]} */
function listed(text, write) {
  try {
    return JSON.parse(text).map(write).filter(Boolean);
  } catch {
    return text ? [text] : [];
  }
}
