/** Questions to people in a dialog, and menus with lines between their entries. */

import { h } from "./dom.js";
import { showDialog } from "./dialog.js";
import { removeWhenClosed } from "./menu.js";

/**
 * @param {{title: string, label: string, value: string, action: string, complaint: (text: string) => string | null}} question
 * @param {(text: string) => void} onAnswer
 */
export function askText({ title, label, value, action, complaint }, onAnswer) {
  const box = h("input", { type: "text", value, "aria-label": label, className: "wide-box" });
  const problem = h("p", { className: "bad", role: "alert", hidden: true });
  const form = h("form", {
    onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      const text = box.value.trim();
      const wrong = text ? complaint(text) : "Write a name.";
      problem.hidden = wrong === null;
      problem.textContent = wrong ?? "";
      if (wrong !== null) return;
      dialog.close();
      onAnswer(text);
    },
  }, h("p", {}, h("label", {}, label, " ", box)), problem, h("p", { className: "row ask-row" }, h("button", { type: "submit", className: "primary" }, action)));
  const dialog = showDialog(title, form);
  box.select();
}

/** @param {string} title @param {string} text @param {string} action @param {() => void} onYes */
export function askYes(title, text, action, onYes) {
  const yes = h("button", { type: "button", className: "primary", onclick: () => (dialog.close(), onYes()) }, action);
  const dialog = showDialog(title, h("p", {}, text), h("p", { className: "row" }, yes, h("button", { type: "button", onclick: () => dialog.close() }, "Cancel")));
  yes.focus();
}

/**
 * A list of things to do, below a button; gone when one is chosen or something else is clicked.
 *
 * @param {HTMLElement} button @param {([text: string, action: () => void] | null)[]} entries null: a line between
 */
export function showMenu(button, entries) {
  const menu = h("div", { className: "popover view-menu", popover: "auto", role: "menu" },
    ...entries.map((entry) => entry && h("button", { type: "button", role: "menuitem", onclick: () => (menu.hidePopover(), entry[1]()) }, entry[0])));
  document.body.append(menu);
  removeWhenClosed(menu);
  menu.addEventListener("keydown", (event) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    const items = [...menu.querySelectorAll("button")];
    items[(items.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement)) + move + items.length) % items.length].focus();
  });
  menu.showPopover();
  const { left, right, bottom } = button.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = menu;
  menu.style.left = `${Math.max(8, Math.min(left + offsetWidth > innerWidth - 8 ? right - offsetWidth : left, innerWidth - offsetWidth - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(bottom + 4, innerHeight - offsetHeight - 8))}px`;
  menu.querySelector("button")?.focus();
}
