/** A menu below its button. */

import { h } from "./dom.js";

/** @typedef {{label: string, act: () => void}} MenuEntry */

/** @param {HTMLElement} button @param {MenuEntry[]} entries */
export function openMenu(button, entries) {
  const menu = h("div", { className: "popover card-menu" });
  menu.append(...entries.map((entry) => menuItem(entry, () => menu.hidePopover())));
  openPopup(button, menu);
}

/** @param {MenuEntry} entry @param {() => void} close */
export function menuItem({ label, act }, close) {
  return h("button", {
    type: "button", className: "menu-item",
    onclick: () => {
      close();
      act();
    },
  }, label);
}

/** Shows a panel below its button, above where there is no room below; gone when closed. @param {HTMLElement} button @param {HTMLElement} panel */
export function openPopup(button, panel) {
  panel.popover = "auto";
  removeWhenClosed(panel);
  document.body.append(panel);
  panel.showPopover();
  const { right, bottom, top } = button.getBoundingClientRect();
  const below = bottom + 4 + panel.offsetHeight <= innerHeight - 8;
  panel.style.left = `${Math.max(8, right - panel.offsetWidth)}px`;
  panel.style.top = `${below ? bottom + 4 : Math.max(8, Math.min(top - panel.offsetHeight - 4, innerHeight - panel.offsetHeight - 8))}px`;
  panel.querySelector("button")?.focus({ preventScroll: true });
}

/** A panel that was made for once: it closes when the address leads to another page, too. @param {HTMLElement} panel */
export function removeWhenClosed(panel) {
  const leave = () => panel.hidePopover();
  addEventListener("hashchange", leave);
  panel.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== "closed") return;
    removeEventListener("hashchange", leave);
    panel.remove();
  });
}
