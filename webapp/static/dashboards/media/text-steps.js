/** All texts of a tag, step after step: a list of their beginnings, and the one that is chosen. Loaded when first asked for. */

import { valueId } from "../../lib/blob-frame.js";
import { formatBytes, formatCount, formatTime, plural } from "../../lib/format.js";
import { placeOf } from "../../lib/nearest.js";
import { blobVersion } from "../../state/blob-columns.js";
import { fetchBeginnings } from "../../state/api.js";
import { renderedTexts } from "../../state/texts.js";
import { showDialog } from "../../ui/dialog.js";
import { h } from "../../ui/dom.js";
import { safeHtml } from "../../ui/safe-html.js";
import { virtualList } from "../../ui/virtual-list.js";
import { textTitle } from "./text-titles.js";

/** @typedef {import("./kind.js").CardHost} CardHost */
/** @typedef {import("../../lib/blob-frame.js").Values} Values */

const ROW = 44; // pixels; see text.css
const WAIT = 60; // ms: rows that are scrolled past are not asked for
const MOST_KEPT = 5000; // beginnings
const AT_ONCE = 200; // beginnings in one request

/** @param {CardHost} host */
export function showTextSteps(host) {
  const runs = host.runs();
  const choice = h("select", { "aria-label": "Run", hidden: runs.length < 2 }, ...runs.map(({ name, label }) => h("option", { value: name }, label)));
  const told = h("span", { className: "quiet" });
  const text = h("div", { className: "markdown steps-text", tabIndex: 0, role: "region", "aria-label": "The chosen text" });
  const leave = h("button", { type: "button", onclick: () => dialog.close() }, "Show on the page");
  const beginnings = new Beginnings(host.tag, () => list.refresh());
  /** @type {Values | null} */
  let values = null;
  let address = "";
  const list = virtualList({
    label: `Texts of ${textTitle(host.tag)}`, rowHeight: ROW, onOpen: () => dialog.close(),
    fill: (row, index) => values && row.replaceChildren(...stepRow(values, index, beginnings.get(choice.value, values, index))),
    onActive: (index) => {
      show(index);
      if (values) host.moveTo(placeOf(values, index, host.axis()));
    },
  });
  const show = (/** @type {number} */ index) => {
    if (!values || index < 0) return;
    address = host.address("html", choice.value, index);
    showText();
  };
  const showText = () => {
    const found = address ? renderedTexts.get(address) : null;
    if (found) text.replaceChildren(...(found.value ? [safeHtml(found.value.html), h("p", { className: "text-notes" }, found.value.notes.join(" "))] : [h("p", { className: "bad" }, found.problem)]));
  };
  const update = () => {
    const known = host.values(choice.value);
    if (!known || known === values) return;
    const anew = values === null;
    values = known;
    told.textContent = plural(known.n, "text");
    list.update(known.n, { anew: true, at: anew ? host.at(choice.value) : list.active() });
    if (anew) show(list.active());
  };
  choice.addEventListener("input", () => {
    values = null;
    update();
  });
  const dialog = showDialog(textTitle(host.tag), h("div", { className: "row" }, choice, told, leave), h("div", { className: "steps" }, list.element, text));
  dialog.classList.add("steps-dialog");
  const stop = [blobVersion.subscribe(update), renderedTexts.version.subscribe(showText)];
  dialog.addEventListener("close", () => {
    for (const end of stop) end();
    list.destroy();
    beginnings.close();
  });
  update();
  list.element.focus();
}

/** @param {Values} values @param {number} index @param {string | null} beginning null while it is on its way */
function stepRow({ step, wall, bytes }, index, beginning) {
  return [
    h("div", { className: "hit-where" }, h("span", { className: "step-name" }, `step ${formatCount(step[index])}`), h("span", {}, `${formatTime(wall[index])} · ${formatBytes(bytes[index])}`)),
    h("div", { className: "hit-text", dir: "auto" }, beginning ?? "…"),
  ];
}

/** The first characters of texts, fetched for the rows in sight. */
class Beginnings {
  /** @type {Map<string, string | null>} by run and id; null: it cannot be read */ #known = new Map();
  /** @type {Map<string, {run: string, id: string}>} */ #wanted = new Map();
  #tag;
  #onCome;
  #timer = 0;
  #asking = false;

  /** @param {string} tag @param {() => void} onCome */
  constructor(tag, onCome) {
    this.#tag = tag;
    this.#onCome = onCome;
  }

  /** @param {string} run @param {Values} values @param {number} index */
  get(run, values, index) {
    const id = valueId(values, index);
    const key = `${run}\n${id}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known ?? "This text cannot be read: its file was changed.";
    this.#wanted.set(key, { run, id });
    if (!this.#timer) this.#timer = window.setTimeout(() => void this.#ask(), WAIT);
    return null;
  }

  async #ask() {
    if (this.#asking) return;
    this.#asking = true;
    while (this.#wanted.size) {
      const last = [...this.#wanted].slice(-AT_ONCE); // those in sight now
      this.#wanted.clear();
      const run = last[last.length - 1][1].run;
      const asked = last.filter(([, entry]) => entry.run === run);
      const texts = await fetchBeginnings({ run, tag: this.#tag, ids: asked.map(([, { id }]) => id) }).then((answer) => answer.texts, () => null);
      asked.forEach(([key], place) => this.#known.set(key, texts?.[place] ?? null));
      for (const key of this.#known.keys()) if (this.#known.size > MOST_KEPT) this.#known.delete(key);
      this.#onCome();
    }
    this.#asking = false;
    this.#timer = 0;
  }

  close() {
    clearTimeout(this.#timer);
  }
}
