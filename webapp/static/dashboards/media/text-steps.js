/** All texts of a tag, step after step: a list of their beginnings, and the one that is chosen. Loaded when first asked for. */

import { formatBytes, formatCount, formatTime, plural } from "../../lib/format.js";
import { placeOf } from "../../lib/nearest.js";
import { blobVersion } from "../../state/blob-columns.js";
import { TextBeginnings } from "../../state/text-beginnings.js";
import { renderedTexts } from "../../state/texts.js";
import { showDialog } from "../../ui/dialog.js";
import { h } from "../../ui/dom.js";
import { safeHtml } from "../../ui/safe-html.js";
import { VirtualList } from "../../ui/virtual-list.js";
import { textTitle } from "./text-titles.js";

/** @typedef {import("./kind.js").CardHost} CardHost */
/** @typedef {import("../../lib/blob-frame.js").Values} Values */

const ROW = 44; // pixels; see text.css

/** @param {CardHost} host */
export const showTextSteps = (host) => void new TextSteps(host);

class TextSteps {
  /** @type {CardHost} */ #host;
  #runs;
  #told = h("span", { className: "quiet" });
  #text = h("div", { className: "markdown steps-text", tabIndex: 0, role: "region", "aria-label": "The chosen text" });
  #beginnings;
  #list;
  /** @type {Values | null} */ #values = null;
  #address = "";

  /** @param {CardHost} host */
  constructor(host) {
    this.#host = host;
    const title = textTitle(host.tag);
    const runs = host.runs();
    this.#runs = h("select", { "aria-label": "Run", hidden: runs.length < 2, oninput: () => ((this.#values = null), this.#update()) }, ...runs.map(({ name, label }) => h("option", { value: name }, label)));
    this.#beginnings = new TextBeginnings(host.tag, () => this.#list.refresh());
    this.#list = new VirtualList({
      label: `Texts of ${title}`, rowHeight: ROW, onOpen: () => dialog.close(),
      fill: (row, index) => this.#fill(row, index), onActive: (index) => this.#choose(index),
    });
    const leave = h("button", { type: "button", onclick: () => dialog.close() }, "Show on the page");
    const dialog = showDialog(title, h("div", { className: "row" }, this.#runs, this.#told, leave), h("div", { className: "steps" }, this.#list.element, this.#text));
    dialog.classList.add("steps-dialog");
    const stop = [blobVersion.subscribe(() => this.#update()), renderedTexts.version.subscribe(() => this.#showText())];
    dialog.addEventListener("close", () => {
      for (const end of [...stop, () => this.#list.destroy(), () => this.#beginnings.close()]) end();
    });
    this.#update();
    this.#list.element.focus();
  }

  /** The values came, or there are more of them. */
  #update() {
    const known = this.#host.values(this.#runs.value);
    if (!known || known === this.#values) return;
    const anew = this.#values === null;
    this.#values = known;
    this.#told.textContent = plural(known.n, "text");
    this.#list.update(known.n, { anew: true, at: anew ? this.#host.at(this.#runs.value) : this.#list.active });
    if (anew) this.#show(this.#list.active);
  }

  /** @param {HTMLElement} row @param {number} index */
  #fill(row, index) {
    if (!this.#values) return;
    const { step, wall, bytes } = this.#values;
    row.replaceChildren(
      h("div", { className: "hit-where" }, h("span", { className: "step-name" }, `step ${formatCount(step[index])}`), h("span", {}, `${formatTime(wall[index])} · ${formatBytes(bytes[index])}`)),
      h("div", { className: "hit-text", dir: "auto" }, this.#beginnings.get(this.#runs.value, this.#values, index) ?? "…"));
  }

  /** @param {number} index */
  #choose(index) {
    this.#show(index);
    if (this.#values) this.#host.moveTo(placeOf(this.#values, index, this.#host.axis()));
  }

  /** @param {number} index */
  #show(index) {
    if (!this.#values || index < 0) return;
    this.#address = this.#host.address("html", this.#runs.value, index);
    this.#showText();
  }

  #showText() {
    const found = this.#address ? renderedTexts.get(this.#address) : null;
    if (found?.value) this.#text.replaceChildren(safeHtml(found.value.html), h("p", { className: "text-notes" }, found.value.notes.join(" ")));
    else if (found) this.#text.replaceChildren(h("p", { className: "bad" }, found.problem));
  }
}
