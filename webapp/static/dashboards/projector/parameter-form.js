/** The settings of a method, made from the list that the server gives. */

import { refKey } from "../../lib/embedding-choice.js";
import { shownEmbedding } from "../../state/projector-shown.js";
import { h } from "../../ui/dom.js";
import { labelsControl } from "./labels-control.js";

/** @typedef {import("../../state/projector-catalog.js").Parameter} Parameter */
/** @typedef {HTMLElement & {value: unknown}} ValueControl */

/**
 * @typedef {(values: Readonly<Record<string, unknown>>, isAsked: (name: string) => boolean) => void} ShowParameters
 *
 * @param {readonly Parameter[]} parameters @param {(name: string, value: unknown) => void} onChange
 * @returns {{elements: HTMLElement[], show: ShowParameters}}
 */
export function parameterForm(parameters, onChange) {
  const fields = parameters.map((parameter) => ({ parameter, ...fieldOf(parameter, (value) => onChange(parameter.name, value)) }));
  return {
    elements: fields.map(({ element }) => element),
    show: (values, isAsked) => fields.forEach(({ parameter, element, show }) => {
      element.hidden = !isAsked(parameter.name);
      show(values[parameter.name] ?? parameter.default);
    }),
  };
}

/** @param {Parameter} parameter @param {(value: unknown) => void} tell @returns {{element: HTMLElement, show: (value: any) => void}} */
function fieldOf(parameter, tell) {
  const made = controlOf(parameter, tell);
  const { title, help, live } = parameter;
  const hint = [help, live ? "May be changed while it runs." : ""].filter(Boolean).join(" ");
  const element = h(made.tall ? "div" : "label", { className: made.tall ? "setting tall" : "setting", title: hint }, h("span", { className: "setting-name" }, title, live && h("i", { className: "live-mark", title: "May be changed while it runs." })), made.element);
  return { element, show: made.show };
}

/** @param {Parameter} parameter @param {(value: unknown) => void} tell @returns {{element: HTMLElement, show: (value: any) => void, tall?: boolean}} */
function controlOf(parameter, tell) {
  switch (parameter.kind) {
    case "switch": return switchControl(parameter, tell);
    case "choice": return choiceControl(parameter, (parameter.choices ?? []).map((choice) => [choice, choice]), tell);
    case "column": case "values": return columnControl(parameter, tell);
    case "labels": return { ...labelsControl(parameter, tell), tall: true };
    case "text": return textControl(parameter, tell);
    default: return numberControl(parameter, tell);
  }
}

/** @param {Parameter} parameter @param {(value: unknown) => void} tell */
function switchControl({ title }, tell) {
  const element = h("input", { type: "checkbox", "aria-label": title });
  element.addEventListener("input", () => tell(element.checked));
  return { element, show: (/** @type {boolean} */ on) => void (element.checked = Boolean(on)) };
}

/** @param {Parameter} parameter @param {[string, string][]} choices @param {(value: unknown) => void} tell */
function choiceControl({ title }, choices, tell) {
  const element = h("select", { "aria-label": title }, ...choices.map(([value, text]) => h("option", { value }, text)));
  element.addEventListener("input", () => tell(element.value));
  return { element, show: (/** @type {string} */ value) => void (element.value = value ?? "") };
}

/** A column of metadata: of numbers, or of anything. @param {Parameter} parameter @param {(value: unknown) => void} tell */
function columnControl({ title, kind }, tell) {
  const element = h("select", { "aria-label": title });
  element.addEventListener("input", () => tell(element.value));
  const show = (/** @type {string | null} */ value) => {
    const shown = shownEmbedding.get();
    const columns = (shown?.info.columns ?? []).filter((column) => kind !== "values" || column.kind === "number");
    const key = refKey(shown?.ref ?? null);
    if (element.dataset.key !== key) element.replaceChildren(h("option", { value: "" }, "none"), ...columns.map(({ name }) => h("option", { value: name }, name)));
    element.dataset.key = key;
    element.value = value ?? "";
  };
  return { element, show };
}

/** @param {Parameter} parameter @param {(value: unknown) => void} tell */
function textControl({ title }, tell) {
  const element = h("input", { type: "text", "aria-label": title, spellcheck: false });
  element.addEventListener("change", () => tell(element.value));
  return { element, show: (/** @type {string} */ value) => void (document.activeElement !== element && (element.value = value ?? "")) };
}

/** A number; where the default is a word ("auto"), an empty box stands for it. @param {Parameter} parameter @param {(value: unknown) => void} tell */
function numberControl({ title, kind, default: usual, least, most }, tell) {
  const word = typeof usual === "string" ? usual : "";
  const element = h("input", { type: "text", inputMode: "decimal", className: "number", "aria-label": title, placeholder: word || String(usual ?? "") });
  let current = usual;
  const show = (/** @type {unknown} */ value) => {
    current = value;
    if (document.activeElement !== element) element.value = typeof value === "number" ? String(value) : "";
  };
  element.addEventListener("keydown", (event) => {
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!direction || typeof current !== "number") return;
    event.preventDefault();
    take(stepped(current, direction, kind === "whole"));
    element.value = String(current);
  });
  element.addEventListener("change", () => {
    const text = element.value.trim().replace(",", ".");
    if (text === "" || text === word) take(usual);
    else if (Number.isFinite(Number(text))) take(Number(text));
    element.blur();
    show(current);
  });
  const take = (/** @type {any} */ value) => {
    current = typeof value === "number" ? Math.min(most ?? Infinity, Math.max(least ?? -Infinity, kind === "whole" ? Math.round(value) : value)) : value;
    tell(current);
  };
  return { element, show };
}

/** About a tenth more or less, in round numbers. @param {number} value @param {number} direction 1 or −1 @param {boolean} whole */
function stepped(value, direction, whole) {
  const size = 10 ** Math.floor(Math.log10(Math.abs(value) || 1) - 1 + 1e-9);
  return Number((value + direction * Math.max(size, whole ? 1 : 0)).toPrecision(6));
}
