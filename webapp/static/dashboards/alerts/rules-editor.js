/** The rules, each a line of controls; every change is saved in the user state at once. */

import { alertsAnswer } from "../../state/alerts.js";
import { changeState, stateMessage } from "../../state/user-state.js";
import { h, iconButton } from "../../ui/dom.js";

/** @typedef {import("../../state/alerts.js").Rule} Rule */
/** @typedef {import("../../state/alerts.js").KindInfo} KindInfo */
/** @typedef {import("../../state/alerts.js").OptionInfo} OptionInfo */

/** @returns {{element: HTMLElement, destroy: () => void}} */
export function rulesEditor() {
  /** @type {Rule[]} as they are on the page */
  let rules = [];
  let drawn = "";
  const list = h("ul", { className: "rules" });
  const problem = h("p", { className: "bad", role: "alert" });
  const add = h("select", { "aria-label": "Add a rule" });
  const element = h("div", {}, list, problem, h("p", { className: "row" }, add));

  const kinds = () => alertsAnswer.get()?.kinds ?? [];
  const save = async (/** @type {Rule[]} */ next) => {
    problem.textContent = "";
    const kept = await changeState([{ path: ["alerts"], value: next }]);
    problem.textContent = kept ? "" : stateMessage.get();
    if (kept) rules = next;
    else redraw();
  };
  const change = (/** @type {number} */ index, /** @type {Partial<Rule>} */ fields) =>
    save(rules.map((rule, at) => (at === index ? { ...rule, ...fields } : rule)));
  const redraw = () => {
    list.replaceChildren(...rules.map((rule, index) => {
      const kind = kinds().find(({ name }) => name === rule.kind);
      // An empty list means the default rules: the last one can only be switched off.
      const remove = rules.length > 1 ? () => save(rules.filter((_, at) => at !== index)).then(redraw) : null;
      return kind ? line(rule, kind, (fields) => change(index, fields), remove) : null;
    }).filter((item) => item !== null));
  };
  const update = () => {
    const told = alertsAnswer.get()?.rules ?? [];
    const text = JSON.stringify(told);
    if (text === drawn) return;
    drawn = text;
    if (JSON.stringify(rules) !== text) {
      rules = told;
      redraw();
    }
    add.replaceChildren(h("option", { value: "" }, "Add a rule …"), ...kinds().map(({ name, title }) => h("option", { value: name }, title)));
  };
  add.addEventListener("change", async () => {
    const kind = kinds().find(({ name }) => name === add.value);
    add.value = "";
    if (!kind) return;
    const options = Object.fromEntries(kind.options.map(({ name, default: value }) => [name, value]));
    await save([...rules, { id: freeId(kind.name, rules), kind: kind.name, enabled: true, tags: "", runs: "", options }]);
    redraw();
    list.querySelector("li:last-child input[type=text]")?.scrollIntoView({ block: "nearest" });
  });
  const unsubscribe = alertsAnswer.subscribe(update);
  update();
  return { element, destroy: unsubscribe };
}

/** @param {string} kind @param {Rule[]} rules */
function freeId(kind, rules) {
  const taken = new Set(rules.map(({ id }) => id));
  for (let number = 1; ; number += 1) if (!taken.has(`${kind}-${number}`)) return `${kind}-${number}`;
}

/** @param {Rule} rule @param {KindInfo} kind @param {(fields: Partial<Rule>) => void} change @param {(() => void) | null} remove */
function line(rule, kind, change, remove) {
  const options = { ...rule.options };
  const text = (/** @type {"tags" | "runs"} */ field, /** @type {string} */ label, /** @type {string} */ hint) => h("label", { className: "rule-text" }, h("span", {}, label), h("input", {
    type: "text", value: rule[field], placeholder: hint, spellcheck: false, autocomplete: "off",
    onchange: (/** @type {Event} */ event) => change({ [field]: /** @type {HTMLInputElement} */ (event.target).value }),
  }));
  const setOption = (/** @type {string} */ name, /** @type {number | string} */ value) => {
    options[name] = value;
    change({ options: { ...options } });
  };
  const switchOn = h("input", { type: "checkbox", checked: rule.enabled, onchange: (/** @type {Event} */ event) => change({ enabled: /** @type {HTMLInputElement} */ (event.target).checked }) });
  return h("li", { className: "rule" },
    h("div", { className: "rule-head" }, h("label", { className: "check", title: kind.about }, switchOn, kind.title), h("span", { className: "quiet" }, kind.about),
      remove && iconButton("close", `Delete the rule ${kind.title}`, remove)),
    h("div", { className: "rule-fields" }, kind.takes_tags && text("tags", "tags", "all tags"), text("runs", "runs", "all runs"),
      ...kind.options.map((option) => optionField(option, options[option.name] ?? option.default, (value) => setOption(option.name, value)))));
}

/** @param {OptionInfo} option @param {number | string} value @param {(value: number | string) => void} set */
function optionField(option, value, set) {
  const control = option.choices?.length
    ? h("select", {}, ...option.choices.map((choice) => h("option", { value: choice, selected: choice === value }, choice)))
    : h("input", { type: "text", inputMode: "decimal", className: "number", value: String(value) });
  control.addEventListener("change", () => {
    const number = Number(control.value.replace(",", "."));
    if (option.choices?.length) set(control.value);
    else if (control.value.trim() !== "" && Number.isFinite(number)) set(number);
    else control.value = String(value);
  });
  return h("label", { className: "rule-option" }, h("span", {}, option.title), control);
}
