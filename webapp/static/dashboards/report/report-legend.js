/** The runs (or groups) of a report: a click takes one out of all charts, a double click leaves only it. */

import { h } from "../../ui/dom.js";

/**
 * @param {string[]} names
 * @param {{labelOf: (name: string) => string, colorOf: () => (name: string) => string, onChange: () => void, onPoint: (name: string | null) => void}} events
 */
export function reportLegend(names, { labelOf, colorOf, onChange, onPoint }) {
  /** @type {Set<string>} */
  const off = new Set();
  const items = names.map((name) => {
    const swatch = h("span", { className: "swatch" });
    const button = h("button", {
      type: "button", className: "legend-item", title: name, "aria-pressed": "true",
      onclick: () => (off.delete(name) || off.add(name), update()),
      ondblclick: () => (setOff(names.filter((other) => other !== name)), update()),
      onpointerenter: () => onPoint(name), onpointerleave: () => onPoint(null),
    }, swatch, h("bdi", {}, labelOf(name)));
    return { name, button, swatch };
  });
  const all = h("button", { type: "button", className: "link", onclick: () => (setOff([]), update()) }, "all");
  const none = h("button", { type: "button", className: "link", onclick: () => (setOff(names), update()) }, "none");
  const count = h("span", {});
  const list = h("div", { className: "legend-list" }, ...items.map(({ button }) => button));
  const element = h("details", { className: "report-legend", open: innerWidth > 720 },
    h("summary", {}, count), h("div", { className: "legend-all" }, "Show ", all, " · ", none), list);

  const setOff = (/** @type {string[]} */ next) => {
    off.clear();
    for (const name of next) off.add(name);
  };
  const show = () => {
    const color = colorOf();
    count.textContent = `${names.length - off.size} of ${names.length} shown`;
    for (const { name, button, swatch } of items) {
      button.setAttribute("aria-pressed", String(!off.has(name)));
      swatch.style.background = color(name);
    }
  };
  const update = () => {
    show();
    onChange();
  };
  show();
  return { element, isOn: (/** @type {string} */ name) => !off.has(name), recolor: show };
}
