/** The bar above the cards: which tags and kinds, along which axis, how large. */

import { compileFilter } from "../../lib/search.js";
import { cellWidth, shownKinds } from "../../state/media-settings.js";
import * as store from "../../state/store.js";
import { bind, dropDown, popover, searchBox, slider } from "../../ui/controls.js";
import { h, icon } from "../../ui/dom.js";
import { axisPicker } from "../axis-picker.js";

/** @typedef {import("./kind.js").Kind} Kind */

/** @param {string} title of the page */
export function kindToolbar(title) {
  const tags = searchBox("Filter tags", "Filter tags", (text) => compileFilter(text).error);
  bind(tags, store.tagFilter);
  const count = h("span", { className: "quiet tag-count", role: "status" });
  const chips = h("div", { className: "kind-chips", role: "group", "aria-label": "Kinds" });
  const element = h("div", { className: "bar kind-bar", role: "toolbar", "aria-label": title }, tags, count, axisPicker(), chips, h("span", { className: "bar-end" }, moreMenu()));
  let shown = "";
  return {
    element,
    focusFilter: () => tags.focusBox(),
    /** @param {string} text @param {Kind[]} kinds those that the runs have */
    update(text, kinds) {
      count.textContent = text;
      const chosen = shownKinds.get();
      const key = JSON.stringify([kinds.map(({ id }) => id), [...chosen]]);
      if (key === shown) return;
      shown = key;
      const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.kind;
      chips.replaceChildren(...(kinds.length > 1 ? kinds.map((kind) => chip(kind, chosen)) : []));
      if (focused) /** @type {HTMLElement | null} */ (chips.querySelector(`[data-kind="${CSS.escape(focused)}"]`))?.focus();
    },
  };
}

/** @param {Kind} kind @param {ReadonlySet<string>} chosen */
function chip({ id, title, short = title }, chosen) {
  return h("button", {
    type: "button", className: "toggle", "data-kind": id, "aria-pressed": String(chosen.has(id)), title: `Only ${title.toLowerCase()}; another one is added`,
    onclick: () => shownKinds.set(store.toggled(chosen, id)),
  }, short);
}

/** What is set once and left alone. */
function moreMenu() {
  const width = slider("Cell width", { min: 120, max: 800, step: 10, boxMax: 1200, digits: 0 });
  bind(width, cellWidth);
  const segments = dropDown("After a restart", [["latest", "latest wins"], ["all", "all values"]]);
  const showSegments = () => void (segments.value = store.segments.get() === "latest" ? "latest" : "all");
  segments.addEventListener("input", () => store.segments.set(segments.value));
  store.segments.subscribe(showSegments);
  showSegments();
  const button = h("button", { type: "button", title: "More settings", "aria-label": "More settings", className: "icon-button" }, icon("sliders"));
  const panel = h("div", {}, segments, width);
  popover(button, panel, { width: 340 });
  button.addEventListener("click", () => panel.togglePopover());
  return h("span", {}, button, panel);
}
