/** The box that searches the graph, with what it found below itself. */

import { formatCount, plural } from "../../lib/format.js";
import { nameOf } from "../../lib/graph-paths.js";
import { goTo } from "../../state/graph-scene.js";
import { SEARCH_FIELDS, searchAnswer, searchFields, searchPattern, searchProblem, searchText } from "../../state/graph-search.js";
import { toggled } from "../../state/store.js";
import { bind, toggle } from "../../ui/controls.js";
import { h } from "../../ui/dom.js";
import { VirtualList } from "../../ui/virtual-list.js";

const ROW = 40; // pixels
const MOST_ROWS = 9; // in sight

export function graphSearch() {
  const box = h("input", {
    type: "search", placeholder: "Search  /", "aria-label": "Search the graph", autocomplete: "off", spellcheck: false,
    role: "combobox", "aria-expanded": "false", "aria-haspopup": "dialog",
  });
  const told = h("span", { className: "quiet grow", role: "status" });
  const problem = h("p", { className: "bad", role: "alert", hidden: true });
  const list = new VirtualList({ label: "Found", rowHeight: ROW, fill: fillHit, onActive: () => {}, onOpen: (index) => show(index) });
  const panel = h("div", { className: "graph-found", hidden: true }, h("div", { className: "found-how" }, fieldChips(), patternToggle(), told), problem, list.element);
  const element = h("div", { className: "search graph-search" }, box, panel);
  const open = (/** @type {boolean} */ on) => {
    panel.hidden = !on;
    box.setAttribute("aria-expanded", String(on));
    if (on) update();
  };
  const show = (/** @type {number} */ index) => {
    const hit = searchAnswer.get()?.hits[index];
    if (!hit) return;
    goTo(hit.id);
    open(false);
  };
  const update = () => {
    const answer = searchAnswer.get();
    const count = answer?.hits.length ?? 0;
    told.textContent = answer ? (answer.total > count ? `first ${formatCount(count)} of ${plural(answer.total, "hit")}` : plural(answer.total, "hit")) : "";
    problem.hidden = !searchProblem.get();
    problem.textContent = searchProblem.get();
    box.setAttribute("aria-invalid", String(!problem.hidden));
    list.element.hidden = count === 0;
    list.element.style.height = `${Math.min(MOST_ROWS, count) * ROW}px`;
    if (!panel.hidden) list.update(count, { anew: true, at: Math.min(0, count - 1) });
  };
  for (const atom of [searchAnswer, searchProblem]) atom.subscribe(update);
  list.element.addEventListener("click", (event) => event.target instanceof Element && event.target.closest(".list-row") && show(list.active));
  listen(element, box, { open, show, list });
  return { element, focus: () => box.select() };
}

/** @param {HTMLElement} element @param {HTMLInputElement} box @param {{open: (on: boolean) => void, show: (index: number) => void, list: VirtualList}} found */
function listen(element, box, { open, show, list }) {
  box.addEventListener("input", () => {
    searchText.set(box.value.trim());
    open(box.value.trim() !== "");
  });
  box.addEventListener("focus", () => open(box.value.trim() !== ""));
  element.addEventListener("focusout", (event) => {
    if (!element.contains(/** @type {Node | null} */ (event.relatedTarget))) open(false);
  });
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") open(false);
    if (event.target !== box) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      open(box.value.trim() !== "");
      list.go(list.active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") show(list.active);
  });
}

/** @param {HTMLElement} row @param {number} index */
function fillHit(row, index) {
  const hit = searchAnswer.get()?.hits[index];
  if (!hit) return;
  row.className = "list-row found-row";
  row.title = hit.id;
  row.replaceChildren(h("span", {}, h("bdi", {}, hit.label || nameOf(hit.id)), h("small", {}, hit.op === hit.label ? "" : hit.op)), h("small", {}, hit.text || hit.id));
}

/** Which fields are searched; the last one stays. */
function fieldChips() {
  const chips = SEARCH_FIELDS.map(([field, title]) => {
    const chip = h("button", {
      type: "button", className: "toggle",
      onclick: () => {
        const next = toggled(searchFields.get(), field);
        if (next.size > 0) searchFields.set(next);
      },
    }, title);
    const show = () => chip.setAttribute("aria-pressed", String(searchFields.get().has(field)));
    searchFields.subscribe(show);
    show();
    return chip;
  });
  return h("span", { className: "found-fields", role: "group", "aria-label": "Search in" }, ...chips);
}

function patternToggle() {
  const element = toggle(".*", "The text is a regular expression");
  element.setAttribute("aria-label", "Regular expression");
  bind(element, searchPattern);
  return element;
}
