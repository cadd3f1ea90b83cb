/** A page of HTML in the whole window, and its source. Loaded when first asked for. */

import { formatCount } from "../../lib/format.js";
import { paneSources } from "../../state/panes.js";
import { showDialog } from "../../ui/dialog.js";
import { h } from "../../ui/dom.js";
import { stillFrame } from "../../ui/pane-frame.js";

/** @typedef {import("./kind.js").CardHost} CardHost */

/** @param {CardHost} host @param {string} run @param {string} address @param {boolean} scripts */
export function showLargePane(host, run, address, scripts) {
  const label = host.runs().find(({ name }) => name === run)?.label ?? run;
  const frame = stillFrame(address, `${host.tag} of ${run}`, scripts);
  frame.classList.remove("coming");
  showDialog(`${host.tag} · ${label}`, frame).classList.add("pane-dialog");
}

/** @param {CardHost} host @param {string} run @param {number} index */
export function showPaneSource(host, run, index) {
  const address = host.address("source", run, index);
  const told = h("p", { className: "quiet", role: "status" }, "Asking the server …");
  const text = h("pre", { className: "pane-source", tabIndex: 0 });
  const copy = h("button", { type: "button", disabled: true, onclick: () => void navigator.clipboard.writeText(text.textContent ?? "").then(() => (copy.textContent = "Copied"), () => (copy.textContent = "Not copied")) }, "Copy");
  const show = () => {
    const found = paneSources.get(address);
    if (!found) return;
    stop();
    told.className = found.problem ? "bad" : "quiet";
    told.textContent = found.problem ?? lengthText(/** @type {import("../../state/panes.js").PaneSource} */ (found.value));
    text.textContent = found.value?.text ?? "";
    copy.disabled = !found.value;
  };
  const stop = paneSources.version.subscribe(show);
  const dialog = showDialog(`Source of ${host.tag}`, h("div", { className: "row" }, copy, h("a", { href: host.address("file", run, index), download: "" }, "Download"), told), text);
  dialog.addEventListener("close", stop);
  dialog.classList.add("steps-dialog");
  show();
}

/** @param {import("../../state/panes.js").PaneSource} source */
function lengthText({ text, characters }) {
  return text.length < characters ? `The first ${formatCount(text.length)} of ${formatCount(characters)} characters; the download has all.` : `${formatCount(characters)} characters`;
}
