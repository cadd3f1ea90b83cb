/** One run's confusion matrix: the map, what is said of the cell that is pointed at, figures of the classes. */

import { matrixMap } from "../../charts/matrix-map.js";
import { classFigures, countText, countTexts, macroFigures, normalised, reordered, totalsOf } from "../../lib/confusion.js";
import { formatCount, formatValue } from "../../lib/format.js";
import { chosenNorm, confusionBase, confusionWords, matrixParts, pointedCell, setPart } from "../../state/confusion-settings.js";
import { h } from "../../ui/dom.js";
import { readInk } from "../../ui/ink.js";
import { classDetails } from "./confusion-details.js";
import { matrices } from "./confusion-store.js";

/** @typedef {import("../media/kind.js").CardHost} CardHost */
/** @typedef {import("../../lib/confusion.js").Confusion} Confusion */
/** @typedef {import("../../lib/confusion.js").Totals} Totals */
/** @typedef {import("../../state/confusion-settings.js").Cell} Cell */
/** @typedef {{confusion: Confusion, totals: Totals, values: Float64Array, differs: boolean}} Shown */

/** @type {WeakMap<Confusion, Totals>} */
const known = new WeakMap();

/** @param {Confusion} confusion */
function totalsFor(confusion) {
  let totals = known.get(confusion);
  if (!totals) known.set(confusion, (totals = totalsOf(confusion)));
  return totals;
}

export class ConfusionCell {
  isReady = false;
  #stage = h("div", { className: "matrix-stage" });
  #told = h("div", { className: "matrix-told", role: "status" });
  #summary = h("div", { className: "matrix-summary" });
  #details;
  #map;
  /** @type {CardHost} */ #host;
  #run;
  #say;
  /** @type {Shown | null} */ #shown = null;
  /** @type {unknown[]} what was drawn last */ #drawn = [];

  /** @param {CardHost} host @param {string} run @param {(message: string | null, retry?: () => void) => void} say */
  constructor(host, run, say) {
    this.#host = host;
    this.#run = run;
    this.#say = say;
    this.#map = matrixMap(this.#stage, `Confusion matrix of ${run}`, {
      onCell: (cell) => pointedCell.set(cell && { card: host.key, cell }),
      onPart: (part) => setPart(host.key, part),
    });
    this.#details = classDetails(host.key);
    this.element = h("div", { className: "matrix-cell" }, this.#stage, this.#told, this.#summary, this.#details.element);
  }

  /** @param {number} index */
  show(index) {
    const found = this.#look(this.#run, index);
    if (!found) return;
    const base = this.#base(index);
    if (base === undefined) return;
    const same = base && reordered(base, found);
    if (base && !same) return this.#say(`The classes differ from those it is compared with (${formatCount(found.n)} and ${formatCount(base.n)}).`);
    this.isReady = true;
    const { norm, words } = { norm: chosenNorm(), words: confusionWords.get() };
    const width = Math.max(220, Math.floor(this.#host.body.querySelector(".cell-stage")?.clientWidth ?? 320));
    const ink = readInk();
    const part = matrixParts.get().get(this.#host.key) ?? null;
    const key = [found, same, norm, words.has("log"), width, ink.dark, part];
    if (key.every((one, at) => one === this.#drawn[at])) return this.#details.update();
    if (found !== this.#drawn[0] || same !== this.#drawn[1] || norm !== this.#drawn[2]) this.#take(found, same, norm);
    this.#drawn = key;
    this.#draw({ width, ink, part }, norm, words.has("log"));
  }

  /** @param {Cell | null} cell pointed at in any map of the card */
  point(cell) {
    this.#map.mark(cell);
    this.#told.textContent = cell && this.#shown ? tellCell(this.#shown, cell) : "";
  }

  picture() {
    return this.#map.picture();
  }

  destroy() {
    this.#map.destroy();
  }

  /** @param {string} run @param {number} index @returns {Confusion | null} null where it is on its way or cannot be had */
  #look(run, index) {
    const address = this.#host.address("matrix", run, index);
    const found = matrices.get(address);
    this.isReady = found !== null && found.problem !== null;
    if (found?.problem != null) this.#say(found.problem, () => matrices.retry(address));
    return found?.value ?? null;
  }

  /** What is taken away; null: nothing, undefined: not there yet. @param {number} index @returns {Confusion | null | undefined} */
  #base(index) {
    const base = confusionBase.get();
    if (!base) return null;
    const run = base.startsWith("run:") ? base.slice(4) : this.#run;
    const at = base.startsWith("run:") ? this.#host.at(run) : base === "first" ? 0 : index - 1;
    if (at < 0 || (run === this.#run && at === index)) return null;
    return this.#look(run, at) ?? undefined;
  }

  /** @param {Confusion} confusion @param {Confusion | null} base @param {import("../../lib/confusion.js").Norm} norm */
  #take(confusion, base, norm) {
    const totals = totalsFor(confusion);
    const values = normalised(confusion, totals, norm);
    if (base) {
      const before = normalised(base, totalsOf(base), norm);
      for (let i = 0; i < values.length; i += 1) values[i] -= before[i];
    }
    this.#shown = { confusion, totals, values, differs: base !== null };
    const figures = classFigures(confusion, totals);
    const macro = macroFigures(figures);
    this.#summary.textContent = summaryOf(totals, macro);
    this.#summary.title = "Accuracy: the share on the diagonal. Balanced accuracy: mean recall of the classes. Macro F1: mean F1 of the classes. Only classes that occur count.";
    this.#details.show(confusion, totals, figures);
  }

  /** @param {{width: number, ink: ReturnType<typeof readInk>, part: import("../../charts/matrix-frame.js").Part | null}} look @param {import("../../lib/confusion.js").Norm} norm @param {boolean} log */
  #draw({ width, ink, part }, norm, log) {
    if (!this.#shown) return;
    const { confusion: { n, names }, values, differs } = this.#shown;
    let most = 0;
    for (const value of values) if (Math.abs(value) > most && Number.isFinite(value)) most = Math.abs(value);
    const textsOf = (/** @type {number} */ value) => (norm === "counts" ? countTexts(value) : [Number.isNaN(value) ? "" : formatCount(100 * value)]);
    const height = this.#map.update({ n, names, values, most: norm === "counts" || differs ? most || 1 : 1, signed: differs, log, textsOf }, { width, part: part && part.size < n ? part : null, ink });
    this.#stage.style.height = `${height}px`;
    this.#details.update();
    const pointed = pointedCell.get();
    this.point(pointed?.card === this.#host.key ? pointed.cell : null);
  }
}

/** @param {Totals} totals @param {{balanced: number, f1: number}} macro */
function summaryOf({ all, right }, { balanced, f1 }) {
  if (!(all > 0)) return "no values";
  return `accuracy ${percent(right / all)} · balanced ${percent(balanced)} · macro F1 ${formatValue(f1, 3)} · ${countText(all)} values`;
}

/** @param {Shown} shown @param {Cell} cell */
function tellCell({ confusion: { n, names, cells }, totals, values, differs }, { row, column }) {
  if (row >= n || column >= n) return "";
  const count = cells[row * n + column];
  const what = row === column ? `${names[row]} right` : `${names[row]} taken for ${names[column]}`;
  const shares = [`${percent(count / totals.rows[row])} of true ${names[row]}`, `${percent(count / totals.columns[column])} of predicted ${names[column]}`];
  const change = values[row * n + column];
  const difference = differs ? ` · difference ${change > 0 ? "+" : ""}${Number.isInteger(change) ? formatCount(change) : formatValue(change, 4)}` : "";
  return `${what}: ${countText(count)} · ${shares.join(" · ")}${difference}`;
}

/** @param {number} share */
function percent(share) {
  return Number.isFinite(share) ? `${formatValue(100 * share, 3)} %` : "–";
}
