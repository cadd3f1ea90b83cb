/** The box that filters runs: completes names of columns and marks, below itself, what it cannot read. */

import { completions } from "../../lib/run-query.js";
import { h } from "../dom.js";
import { markedText } from "../marked-text.js";

const MOST = 8;
let boxes = 0;

/**
 * @param {string} label
 * @param {() => import("../../lib/run-query.js").QueryWords} words for completion
 * @returns {import("../controls.js").Control & {focusBox: () => void, showProblem: (problem: {message: string, start?: number, end?: number} | null) => void}}
 */
export function filterBox(label, words) {
  const id = `filter-names-${(boxes += 1)}`;
  const box = h("input", {
    type: "search", placeholder: "lr < 0.01 and acc.max > 0.9", "aria-label": label, autocomplete: "off", spellcheck: false,
    title: "Words, a regular expression, or a query over columns:\nlr < 0.01 and acc.max > 0.9 and name ~ \"resnet\"",
    role: "combobox", "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list",
  });
  const note = h("div", { className: "filter-error", role: "alert", hidden: true });
  const list = h("ul", { className: "filter-names", id, role: "listbox", "aria-label": "Columns", hidden: true });
  const element = h("div", { className: "search filter" }, box, note, list);
  const names = nameList(box, list, words);
  box.addEventListener("input", (event) => {
    event.stopPropagation();
    names.offer();
    element.dispatchEvent(new Event("input"));
  });
  box.addEventListener("keydown", (event) => {
    if (names.key(event.key)) {
      event.preventDefault();
      event.stopPropagation();
    }
  });
  box.addEventListener("blur", () => names.close());
  Object.defineProperty(element, "value", {
    get: () => box.value,
    set(value) {
      if (box.value !== value) box.value = value;
    },
  });
  return /** @type {any} */ (Object.assign(element, {
    focusBox: () => box.select(),
    /** @param {{message: string, start?: number, end?: number} | null} problem */
    showProblem(problem) {
      box.setAttribute("aria-invalid", String(problem !== null));
      note.hidden = problem === null;
      note.replaceChildren(...(problem ? [problem.message] : []), ...(problem?.start === undefined ? [] : [markedText(box.value, [problem.start, problem.end ?? problem.start])]));
    },
  }));
}

/** @param {HTMLInputElement} box @param {HTMLElement} list @param {() => import("../../lib/run-query.js").QueryWords} words */
function nameList(box, list, words) {
  /** @type {ReturnType<typeof completions>} */
  let offered = { from: 0, choices: [] };
  let current = -1;
  const show = () => {
    list.hidden = offered.choices.length === 0;
    box.setAttribute("aria-expanded", String(!list.hidden));
    list.replaceChildren(...offered.choices.map(({ text }, index) => h("li", {
      role: "option", id: `${list.id}-${index}`, "aria-selected": String(index === current),
      onpointerdown: (/** @type {Event} */ event) => (event.preventDefault(), take(index)),
    }, text)));
    if (current >= 0) box.setAttribute("aria-activedescendant", `${list.id}-${current}`);
    else box.removeAttribute("aria-activedescendant");
  };
  const close = () => {
    offered = { from: 0, choices: [] };
    current = -1;
    show();
  };
  const take = (/** @type {number} */ index) => {
    const caret = box.selectionStart ?? box.value.length;
    box.setRangeText(offered.choices[index].insert, offered.from, caret, "end");
    close();
    box.dispatchEvent(new Event("input"));
    close();
  };
  return {
    close,
    offer() {
      offered = completions(box.value.slice(0, box.selectionStart ?? undefined), words(), MOST);
      current = -1;
      show();
    },
    /** @param {string} key @returns {boolean} whether it was for the list */
    key(key) {
      const { length } = offered.choices;
      if (length === 0) return false;
      if (key === "Escape") close();
      else if (key === "ArrowDown" || key === "ArrowUp") {
        current = (current + (key === "ArrowDown" ? 1 : current < 0 ? 0 : -1) + length) % length;
        show();
      } else if ((key === "Enter" && current >= 0) || key === "Tab") take(Math.max(0, current));
      else return false;
      return true;
    },
  };
}
