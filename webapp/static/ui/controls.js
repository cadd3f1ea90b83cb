/** Controls: elements with a `.value` and an "input" event. */

import { h } from "./dom.js";

/** @typedef {HTMLElement & {value: any}} Control */

/** @param {HTMLElement} element @param {() => any} get @param {(value: any) => void} set @returns {Control} */
function control(element, get, set) {
  return /** @type {Control} */ (Object.defineProperty(element, "value", { get, set }));
}

/** @param {HTMLElement} element */
function tell(element) {
  element.dispatchEvent(new Event("input"));
}

/**
 * One of a few, all in sight.
 *
 * @param {string} label
 * @param {[value: string, text: string, hint?: string][]} choices
 * @returns {Control}
 */
export function segmented(label, choices) {
  let current = choices[0][0];
  const element = h("div", { className: "segmented", role: "group", "aria-label": label });
  const buttons = choices.map(([value, text, hint]) =>
    h("button", { type: "button", title: hint, onclick: () => (show(value), tell(element)) }, text));
  const show = (/** @type {string} */ value) => {
    current = value;
    buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(choices[index][0] === value)));
  };
  element.append(...buttons);
  show(current);
  return control(element, () => current, show);
}

/** On or off. @param {string} text @param {string} hint @returns {Control} */
export function toggle(text, hint) {
  const element = h("button", { type: "button", className: "toggle", title: hint, onclick: () => (show(!on), tell(element)) }, text);
  let on = false;
  const show = (/** @type {boolean} */ value) => {
    on = value;
    element.setAttribute("aria-pressed", String(value));
  };
  show(false);
  // A button's own value is a string: the control's hides it.
  return control(element, () => on, show);
}

/**
 * A slider and a box for the exact number. The slider may cover less than the box: its last part is what is used daily.
 *
 * @param {string} label
 * @param {{min: number, max: number, step: number, boxMax: number, digits: number, toBar?: (value: number) => number, fromBar?: (at: number) => number}} range
 *   `toBar`, `fromBar`: where `max` and `step` are not in the unit of the value but along the slider
 * @returns {Control}
 */
export function slider(label, { min, max, step, boxMax, digits, toBar = (value) => value, fromBar = (at) => at }) {
  let current = min;
  const bar = h("input", { type: "range", min: String(toBar(min)), max: String(max), step: String(step), "aria-label": label });
  const box = h("input", { type: "text", inputMode: "decimal", className: "number", "aria-label": `${label}, exact` });
  const element = h("label", { className: "slider" }, h("span", {}, label), bar, box);
  const show = (/** @type {number} */ value) => {
    current = value;
    bar.value = String(toBar(value));
    if (document.activeElement !== box) box.value = Number(value.toFixed(4)).toFixed(Math.max(digits, decimals(value)));
  };
  bar.addEventListener("input", (event) => {
    event.stopPropagation();
    show(fromBar(Number(bar.value)));
    tell(element);
  });
  box.addEventListener("input", (event) => event.stopPropagation());
  box.addEventListener("change", () => {
    const value = box.value.trim() === "" ? NaN : Number(box.value.replace(",", "."));
    box.blur();
    show(Number.isFinite(value) ? Math.min(boxMax, Math.max(min, value)) : current);
    tell(element);
  });
  show(min);
  return control(element, () => current, show);
}

/** @param {number} value */
function decimals(value) {
  return (String(Number(value.toFixed(4))).split(".")[1] ?? "").length;
}

/** Height that a panel asks for, in pixels: where there is less below its button it lies above. */
const ROOM = 200;

/**
 * A panel below or above its button, over the page; Escape and a click elsewhere close it.
 *
 * @param {HTMLElement} button @param {HTMLElement} panel @param {{width: number, open?: () => void}} how `open` fills the panel
 */
export function popover(button, panel, { width, open }) {
  panel.classList.add("popover");
  panel.popover = "auto";
  button.setAttribute("aria-haspopup", "dialog");
  panel.addEventListener("beforetoggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== "open") return;
    open?.();
    const { left, top, bottom } = button.getBoundingClientRect();
    const below = innerHeight - bottom;
    const upwards = below < ROOM && top > below;
    panel.style.width = `${Math.min(width, innerWidth - 16)}px`;
    panel.style.top = upwards ? "auto" : `${bottom + 6}px`;
    panel.style.bottom = upwards ? `${innerHeight - top + 6}px` : "auto";
    panel.style.maxHeight = `${upwards ? top - 16 : Math.max(ROOM, below - 16)}px`;
    panel.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  });
}

/** One of several, folded away. @param {string} label @param {[string, string][]} choices @returns {Control} */
export function dropDown(label, choices) {
  const list = h("select", { "aria-label": label }, ...choices.map(([value, text]) => h("option", { value }, text)));
  const element = h("label", { className: "drop-down" }, h("span", {}, label), list);
  list.addEventListener("input", (event) => {
    event.stopPropagation();
    tell(element);
  });
  return control(element, () => list.value, (value) => void (list.value = value));
}

/**
 * A filter box that shows, in place, what is wrong with its text.
 *
 * @param {string} label @param {string} placeholder @param {(text: string) => string | null} complaint
 * @returns {Control & {focusBox: () => void}}
 */
export function searchBox(label, placeholder, complaint) {
  const box = h("input", { type: "search", placeholder, "aria-label": label, autocomplete: "off", spellcheck: false });
  const note = h("div", { className: "search-error", role: "alert", hidden: true });
  const element = h("div", { className: "search" }, box, note);
  const check = () => {
    const problem = complaint(box.value);
    note.hidden = problem === null;
    note.textContent = problem === null ? "" : `${problem}. Searching for the text itself.`;
    box.setAttribute("aria-invalid", String(problem !== null));
  };
  box.addEventListener("input", (event) => {
    event.stopPropagation();
    check();
    tell(element);
  });
  const found = control(element, () => box.value, (value) => {
    if (box.value !== value) box.value = value;
    check();
  });
  return Object.assign(found, { focusBox: () => box.select() });
}

/** A list of numbers and an atom of one, kept the same. @param {Control} element @param {import("../lib/atom.js").Atom<number>} atom @returns {() => void} */
export function bindNumber(element, atom) {
  const texts = { get: () => String(atom.get()), set: (/** @type {string} */ text) => atom.set(Number(text)), subscribe: (/** @type {(text: string) => void} */ listener) => atom.subscribe((value) => listener(String(value))) };
  return bind(element, texts);
}

/**
 * Keeps a control and an atom the same.
 *
 * @param {Control} element @param {{get: () => any, set: (value: any) => void, subscribe: (listener: (value: any) => void) => () => void}} atom
 * @param {(value: any) => void} [set] how to set the atom, where it takes more
 * @returns {() => void}
 */
export function bind(element, atom, set = (value) => atom.set(value)) {
  element.value = atom.get();
  element.addEventListener("input", () => set(element.value));
  return atom.subscribe((value) => void (element.value = value));
}
