/** The series of a line chart: tags that are searched and ticked, formulas with completion, regular expressions. */

import { compileFilter } from "../../lib/search.js";
import { regexOf, seriesName } from "../../lib/view-file.js";
import { plural } from "../../lib/format.js";
import { h, iconButton } from "../../ui/dom.js";
import { markedText } from "../../ui/marked-text.js";

/** @typedef {import("../../lib/view-file.js").SeriesSpec} SeriesSpec */

const MOST_LISTED = 200;
const WORD = /[\p{L}\p{N}_./:@[\]-]*$/u;

/**
 * @param {SeriesSpec[]} before @param {string[]} tags
 * @param {(series: SeriesSpec[]) => void} onSeries
 */
export function seriesEditor(before, tags, onSeries) {
  let series = [...before];
  const chosen = h("div", { className: "builder-rows builder-series" });
  const found = h("div", { className: "builder-tags", role: "group", "aria-label": "Tags" });
  const search = h("input", { type: "search", placeholder: "Search tags", "aria-label": "Search tags", autocomplete: "off", spellcheck: false });
  const change = (/** @type {SeriesSpec[]} */ next) => {
    series = next;
    showChosen();
    onSeries(series);
  };
  const showChosen = () => chosen.replaceChildren(...series.map((entry, index) => chosenRow(entry, {
    onAxis: () => change(series.with(index, { ...entry, axis: entry.axis === "right" ? "left" : "right" })),
    onLabel: (label) => change(series.with(index, { ...entry, label: label || undefined })),
    onRemove: () => (change(series.toSpliced(index, 1)), list()),
    onMend: () => (formula.mend(entry.formula ?? ""), change(series.toSpliced(index, 1))),
  })));
  const list = () => {
    const filter = compileFilter(search.value);
    const matching = tags.filter((tag) => filter.test(tag));
    const more = matching.length > MOST_LISTED && h("p", { className: "quiet" }, `${plural(matching.length - MOST_LISTED, "tag")} more: search`);
    found.replaceChildren(...matching.slice(0, MOST_LISTED).map((tag) => tagRow(tag)), ...(more ? [more] : []));
    if (matching.length === 0) found.replaceChildren(h("p", { className: "quiet" }, "No tag matches."));
  };
  const tagRow = (/** @type {string} */ tag) => {
    const box = h("input", { type: "checkbox", checked: series.some((entry) => entry.tag === tag) });
    box.addEventListener("change", () => change(box.checked ? [...series, { tag, axis: "left" }] : series.filter((entry) => entry.tag !== tag)));
    return h("label", { title: tag }, box, h("bdi", {}, tag));
  };
  search.addEventListener("input", list);
  showChosen();
  list();
  const formula = formulaBox(tags, (text) => change([...series, { formula: text, axis: "left" }]));
  const regex = regexBox(tags, (pattern) => change([...series, { tag_regex: pattern, axis: "left" }]));
  return {
    element: h("div", { className: "builder-sources" }, chosen, search, found, formula.element, regex),
    /** @param {string} text @param {string} message @param {[number, number] | null} at */
    showProblem: (text, message, at) => formula.showProblem(text, message, at),
    clearProblem: () => formula.clearProblem(),
  };
}

/** @param {SeriesSpec} entry @param {{onAxis: () => void, onLabel: (label: string) => void, onRemove: () => void, onMend: () => void}} events */
function chosenRow(entry, { onAxis, onLabel, onRemove, onMend }) {
  const right = entry.axis === "right";
  const kind = entry.formula ? "ƒ" : entry.tag_regex ? ".*" : "";
  const name = entry.tag ?? entry.formula ?? entry.tag_regex ?? "";
  const label = h("input", { type: "text", "aria-label": `Label of ${name}`, placeholder: seriesName({ ...entry, label: undefined }), value: entry.label ?? "" });
  label.addEventListener("change", () => onLabel(label.value.trim()));
  return h("div", { className: "builder-row", title: name },
    kind && h("b", { className: "builder-kind" }, kind), label,
    h("button", { type: "button", className: "axis-toggle", "aria-pressed": String(right), "aria-label": `Axis of ${name}: ${right ? "right" : "left"}`, title: "Left or right y axis", onclick: onAxis }, right ? "right" : "left"),
    entry.formula && iconButton("edit", `Change ${name}`, onMend), iconButton("close", `Remove ${name}`, onRemove));
}

/** @param {string[]} tags @param {(text: string) => void} onFormula */
function formulaBox(tags, onFormula) {
  const box = h("input", { type: "text", placeholder: "log(train/loss) - log(val/loss)", "aria-label": "Formula", autocomplete: "off", spellcheck: false, role: "combobox", "aria-expanded": "false" });
  const hints = h("div", { className: "builder-hints", role: "listbox", hidden: true });
  const problem = h("div", { className: "builder-problem", role: "alert", hidden: true });
  let at = 0;
  const close = () => ((hints.hidden = true), box.setAttribute("aria-expanded", "false"));
  const word = () => WORD.exec(box.value.slice(0, box.selectionStart ?? box.value.length))?.[0] ?? "";
  const complete = (/** @type {string} */ tag) => {
    const end = box.selectionStart ?? box.value.length;
    const start = end - word().length;
    const name = /^[\p{L}\p{N}_./:@[\]-]+$/u.test(tag) ? tag : `\`${tag}\``;
    box.setRangeText(name, start, end, "end");
    close();
    box.focus();
  };
  const hint = () => {
    const typed = word().toLowerCase();
    const found = typed ? tags.filter((tag) => tag.toLowerCase().includes(typed) && tag.toLowerCase() !== typed) : [];
    const begins = (/** @type {string} */ tag) => tag.toLowerCase().startsWith(typed);
    const matching = [...found.filter(begins), ...found.filter((tag) => !begins(tag))].slice(0, 8);
    at = 0;
    hints.replaceChildren(...matching.map((tag, index) => h("button", { type: "button", role: "option", tabIndex: -1, "aria-selected": String(index === 0), onmousedown: (/** @type {Event} */ event) => (event.preventDefault(), complete(tag)) }, tag)));
    hints.hidden = matching.length === 0;
    box.setAttribute("aria-expanded", String(!hints.hidden));
  };
  const add = () => {
    const text = box.value.trim();
    if (!text) return;
    close();
    box.value = "";
    onFormula(text);
  };
  box.addEventListener("input", hint);
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !hints.hidden) return event.preventDefault(), event.stopPropagation(), close();
    if (event.key === "Enter") return event.preventDefault(), add();
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (hints.hidden || (event.key !== "Tab" && !move)) return;
    event.preventDefault();
    const items = [...hints.children];
    if (event.key === "Tab") return complete(items[at].textContent ?? "");
    at = (at + (move ?? 0) + items.length) % items.length;
    items.forEach((item, index) => item.setAttribute("aria-selected", String(index === at)));
  });
  const element = h("div", { className: "builder-formula" }, h("div", { className: "builder-row" }, box, h("button", { type: "button", onclick: add }, "Add formula")), hints, problem);
  return {
    element,
    /** @param {string} text @param {string} message @param {[number, number] | null} span */
    showProblem(text, message, span) {
      problem.hidden = false;
      problem.replaceChildren(span ? markedText(text, span) : h("code", {}, text), h("span", {}, message));
    },
    clearProblem: () => void (problem.hidden = true),
    /** @param {string} text to be changed in the box */
    mend(text) {
      box.value = text;
      box.focus();
    },
  };
}

/** @param {string[]} tags @param {(pattern: string) => void} onPattern */
function regexBox(tags, onPattern) {
  const box = h("input", { type: "text", placeholder: "loss/.*", "aria-label": "Regular expression of tags", autocomplete: "off", spellcheck: false });
  const note = h("span", { className: "quiet" });
  const matches = () => {
    const pattern = regexOf(box.value);
    return pattern === null ? -1 : tags.filter((tag) => pattern.test(tag)).length;
  };
  box.addEventListener("input", () => {
    const count = matches();
    note.textContent = box.value === "" ? "" : count < 0 ? "no regular expression" : plural(count, "tag");
  });
  const add = () => {
    if (!box.value || matches() < 0) return;
    onPattern(box.value);
    box.value = note.textContent = "";
  };
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(), add();
  });
  return h("div", { className: "builder-row" }, box, note, h("button", { type: "button", onclick: add }, "Add by regex"));
}
