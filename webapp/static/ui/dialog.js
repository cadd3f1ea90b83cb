/** A dialog over the page; Escape, the close button and a click beside it close it. */

import { h, iconButton } from "./dom.js";

/** @param {string} title @param {...import("./dom.js").Child} children @returns {HTMLDialogElement} shown already, gone when closed */
export function showDialog(title, ...children) {
  const dialog = h("dialog", { "aria-label": title, onclose: () => dialog.remove() },
    h("div", { className: "dialog-head" }, h("h2", {}, title), iconButton("close", "Close", () => dialog.close())),
    h("div", { className: "dialog-body" }, ...children));
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
