/** One run: what people say of it, to be changed, and everything it logged last. Loaded when first asked for. */

import { showDialog } from "../dialog.js";
import { h } from "../dom.js";

/**
 * @typedef {object} RunDetails
 * @property {string} run
 * @property {string} name "" for its own
 * @property {string} color
 * @property {string[]} tags
 * @property {string} note
 * @property {boolean} baseline
 * @property {Promise<import("./compare.js").Section[]>} sections
 * @property {(name: string) => void} onName
 * @property {(color: string) => void} onColor
 * @property {(tags: string[]) => void} onTags
 * @property {(note: string) => void} onNote
 * @property {(element: HTMLElement, text: string) => void} showNote renders Markdown
 * @property {(on: boolean) => void} onBaseline
 * @property {() => void} onFiles
 *
 * @param {RunDetails} details
 */
export function showRun(details) {
  const values = h("div", { role: "status" }, "Asking the server …");
  const dialog = showDialog(details.run, fields(details), noteField(details),
    h("button", { type: "button", className: "run-files", onclick: details.onFiles }, "Event files …"), values);
  dialog.classList.add("run-details");
  details.sections.then((sections) => values.replaceChildren(...sections.map(section)), (error) => values.replaceChildren(h("p", { className: "bad" }, error.message)));
  return dialog;
}

/** @param {RunDetails} details */
function fields({ run, name, color, tags, baseline, onName, onColor, onTags, onBaseline }) {
  const box = h("input", { type: "text", value: name, placeholder: run, "aria-label": "Name shown", onchange: () => onName(box.value.trim()) });
  const list = h("input", {
    type: "text", value: tags.join(", "), placeholder: "baseline, paper, broken …", "aria-label": "Tags",
    onchange: () => onTags([...new Set(list.value.split(",").map((tag) => tag.trim()).filter(Boolean))]),
  });
  const picker = h("input", { type: "color", value: color, className: "run-color", "aria-label": "Colour", onchange: () => onColor(picker.value) });
  const reference = h("input", { type: "checkbox", checked: baseline, onchange: () => onBaseline(reference.checked) });
  const row = (/** @type {string} */ text, /** @type {Node[]} */ ...controls) => h("label", { className: "field" }, h("span", {}, text), ...controls);
  return h("div", { className: "fields" }, row("Name", box), row("Tags", list), row("Colour", picker), row("Baseline", reference, h("span", { className: "quiet" }, "others are compared with it")));
}

/** @param {RunDetails} details */
function noteField({ note, onNote, showNote }) {
  const view = h("div", { className: "note" });
  let told = note;
  const tell = () => { // also when the dialog closes while it is written
    if (box.value !== told) onNote((told = box.value));
  };
  const box = h("textarea", { value: note, rows: 5, placeholder: "What was tried, and what came of it. Markdown.", "aria-label": "Note", onchange: tell });
  const edit = h("button", { type: "button", onclick: () => show(true) }, "Edit note");
  const save = h("button", { type: "button", onclick: () => (tell(), show(false)) }, "Save note");
  const show = (/** @type {boolean} */ editing) => {
    box.hidden = save.hidden = !editing;
    view.hidden = edit.hidden = editing;
    showNote(view, box.value);
    if (editing) box.focus();
  };
  const element = h("section", { className: "note-field" }, h("h3", {}, "Note"), view, edit, box, save);
  show(false);
  edit.textContent = note ? "Edit note" : "Write a note";
  return element;
}

/** @param {import("./compare.js").Section} part */
function section({ title, rows }) {
  return h("section", {}, h("h3", {}, title), h("table", { className: "values" },
    ...rows.map(({ name, cells: [cell] }) => h("tr", {}, h("th", { scope: "row" }, h("bdi", {}, name)), h("td", { title: cell.title }, cell.text, cell.delta && h("small", { className: "delta" }, cell.delta))))));
}
