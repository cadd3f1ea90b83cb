/** Panels of which one is in sight, chosen by tabs; arrow keys go from tab to tab. */

import { h } from "./dom.js";

/**
 * @typedef {{id: string, title: string, panel: HTMLElement}} Tab
 *
 * @param {string} label @param {Tab[]} entries @param {import("../lib/atom.js").Atom<string>} chosen the id of the one in sight
 * @returns {{element: HTMLElement, mark: (id: string, text: string) => void, offer: (ids: readonly string[]) => void}} `mark` puts a short text behind a title: a number; `offer`: only these tabs can be chosen
 */
export function tabs(label, entries, chosen) {
  const buttons = entries.map(({ id, title, panel }) => {
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-label", title);
    return h("button", { type: "button", role: "tab", className: "tab", onclick: () => chosen.set(id) }, title, h("small", {}));
  });
  const strip = h("div", { className: "tab-strip", role: "tablist", "aria-label": label, onkeydown: (/** @type {KeyboardEvent} */ event) => move(event) }, ...buttons);
  const show = () => {
    const at = Math.max(0, entries.findIndex(({ id }) => id === chosen.get()));
    entries.forEach(({ panel }, place) => {
      panel.hidden = place !== at;
      buttons[place].setAttribute("aria-selected", String(place === at));
      buttons[place].tabIndex = place === at ? 0 : -1;
    });
    keepInSight();
  };
  /** A narrow strip scrolls. */
  const keepInSight = () => buttons.find((button) => button.tabIndex === 0)?.scrollIntoView?.({ block: "nearest", inline: "nearest" });
  const move = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const offered = buttons.filter((button) => !button.hidden);
    const next = offered[(offered.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement)) + step + offered.length) % offered.length];
    chosen.set(entries[buttons.indexOf(next)].id);
    next.focus();
  };
  chosen.subscribe(show);
  show();
  const mark = (/** @type {string} */ id, /** @type {string} */ text) => {
    const place = entries.findIndex((entry) => entry.id === id);
    /** @type {HTMLElement} */ (buttons[place].lastElementChild).textContent = text;
  };
  const offer = (/** @type {readonly string[]} */ ids) => {
    buttons.forEach((button, place) => (button.hidden = !ids.includes(entries[place].id)));
    keepInSight(); // at first nothing was on the page yet
  };
  return { element: h("div", { className: "tabs" }, strip, ...entries.map(({ panel }) => panel)), mark, offer };
}
