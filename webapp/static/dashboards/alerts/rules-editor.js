/** The rules, each a line of controls; every change is saved in the user state at once. */

import { freshKey } from "../../lib/state-changes.js";
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
  /** Everybody's edits stay: each goes to its own place. @param {import("../../lib/state-changes.js").Change[]} changes @param {Rule[]} next the rules after them */
  const save = async (changes, next) => {
    problem.textContent = "";
    const kept = await changeState(changes);
    problem.textContent = kept ? "" : stateMessage.get();
    if (kept) rules = next;
    else redraw();
  };
  const change = (/** @type {Rule} */ rule, /** @type {string[]} */ path, /** @type {string | number | boolean} */ value) => {
    const inner = path.length > 1 ? { options: { ...rule.options, [path[1]]: /** @type {string | number} */ (value) } } : { [path[0]]: value };
    return save([{ path: ["alerts", rule.id, ...path], value }], rules.map((other) => (other.id === rule.id ? { ...other, ...inner } : other)));
  };
  const remove = (/** @type {string} */ id) => save([{ path: ["alerts", id], value: null }], rules.filter((rule) => rule.id !== id)).then(redraw);
  const redraw = () => {
    list.replaceChildren(...rules.map((rule) => {
      const kind = kinds().find(({ name }) => name === rule.kind);
      return kind ? line(rule, kind, (path, value) => change(rule, path, value), () => remove(rule.id)) : null;
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
    const rule = { kind: kind.name, enabled: true, tags: "", runs: "", options };
    const id = `${kind.name}-${freshKey()}`;
    await save([{ path: ["alerts", id], value: rule }], [...rules, { id, ...rule }]);
    redraw();
    list.querySelector("li:last-child input[type=text]")?.scrollIntoView({ block: "nearest" });
  });
  const unsubscribe = alertsAnswer.subscribe(update);
  update();
  return { element, destroy: unsubscribe };
}

/** @param {Rule} rule @param {KindInfo} kind @param {(path: string[], value: string | number | boolean) => void} change @param {() => void} remove */
function line(rule, kind, change, remove) {
  const text = (/** @type {"tags" | "runs"} */ field, /** @type {string} */ label, /** @type {string} */ hint) => h("label", { className: "rule-text" }, h("span", {}, label), h("input", {
    type: "text", value: rule[field], placeholder: hint, spellcheck: false, autocomplete: "off",
    onchange: (/** @type {Event} */ event) => change([field], /** @type {HTMLInputElement} */ (event.target).value),
  }));
  const switchOn = h("input", { type: "checkbox", checked: rule.enabled, onchange: (/** @type {Event} */ event) => change(["enabled"], /** @type {HTMLInputElement} */ (event.target).checked) });
  return h("li", { className: "rule" },
    h("div", { className: "rule-head" }, h("label", { className: "check", title: kind.about }, switchOn, kind.title), h("span", { className: "quiet" }, kind.about),
      iconButton("close", `Delete the rule ${kind.title}`, remove)),
    h("div", { className: "rule-fields" }, kind.takes_tags && text("tags", "tags", "all tags"), text("runs", "runs", "all runs; or lr < 0.1 and name ~ \"resnet\""),
      ...kind.options.map((option) => optionField(option, rule.options[option.name] ?? option.default, (value) => change(["options", option.name], value)))));
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
