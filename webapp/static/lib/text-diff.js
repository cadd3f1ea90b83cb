/** What one text has that another has not: line by line, and word by word in the lines that differ. */

import { commonStretches } from "./shortest-edit.js";

/** @typedef {{text: string, kind: "same" | "added" | "removed"}} DiffPart */
/** @typedef {{left: DiffPart[] | null, right: DiffPart[] | null, changed: boolean}} DiffRow a line of each text beside each other; null: it has none there */

const MOST_LINES = 3000; // edits; texts that differ by more have little in common
const MOST_WORDS = 1500; // edits in one place
const WORDS = /\s+|\d+(?:[.,]\d+)*|[\p{L}\p{N}\p{M}_]+|[^\s\p{L}\p{N}\p{M}_]/gu;

/** @param {string} before @param {string} after @returns {DiffPart[]} in the order of reading; what was removed stands before what was added */
export function textDiff(before, after) {
  const parts = new Parts();
  compare(before.split(/(?<=\n)/), after.split(/(?<=\n)/), MOST_LINES, (removed, added) => {
    const words = (/** @type {string[]} */ lines) => lines.join("").match(WORDS) ?? [];
    compare(words(removed), words(added), MOST_WORDS, (less, more) => parts.change(less.join(""), more.join("")), (kept) => parts.keep(kept.join("")));
  }, (kept) => parts.keep(kept.join("")));
  return parts.done();
}

/**
 * Goes through two lists, telling what was changed and what was kept.
 *
 * @param {string[]} a @param {string[]} b @param {number} most edits
 * @param {(removed: string[], added: string[]) => void} change @param {(items: string[]) => void} keep
 */
function compare(a, b, most, change, keep) {
  /** @type {Map<string, number>} */
  const numbers = new Map();
  const numbered = (/** @type {string[]} */ items) => Int32Array.from(items, (item) => {
    const number = numbers.get(item) ?? numbers.size;
    numbers.set(item, number);
    return number;
  });
  const stretches = commonStretches(numbered(a), numbered(b), most) ?? [];
  let [i, j] = [0, 0];
  for (const stretch of [...stretches, { a: a.length, b: b.length, count: 0 }]) {
    if (stretch.a > i || stretch.b > j) change(a.slice(i, stretch.a), b.slice(j, stretch.b));
    if (stretch.count) keep(a.slice(stretch.a, stretch.a + stretch.count));
    [i, j] = [stretch.a + stretch.count, stretch.b + stretch.count];
  }
}

/** Parts as they are found, neighbours of a kind joined. */
class Parts {
  /** @type {DiffPart[]} */ #parts = [];
  #removed = "";
  #added = "";

  /** @param {string} removed @param {string} added */
  change(removed, added) {
    const kept = this.#parts.at(-1);
    // A lone gap between two changes says nothing: replaced phrases read better whole.
    if (!this.#removed && !this.#added && removed && added && kept?.kind === "same" && /^[^\S\n]+$/.test(kept.text) && this.#parts.length > 2 && this.#replacedBefore()) {
      this.#parts.pop();
      this.#added = `${this.#parts.pop()?.text ?? ""}${kept.text}`;
      this.#removed = `${this.#parts.pop()?.text ?? ""}${kept.text}`;
    }
    this.#removed += removed;
    this.#added += added;
  }

  /** @param {string} text */
  keep(text) {
    this.#flush();
    const last = this.#parts.at(-1);
    if (last?.kind === "same") last.text += text;
    else this.#parts.push({ kind: "same", text });
  }

  done() {
    this.#flush();
    return this.#parts;
  }

  #replacedBefore() {
    return this.#parts.at(-2)?.kind === "added" && this.#parts.at(-3)?.kind === "removed";
  }

  #flush() {
    if (this.#removed) this.#parts.push({ kind: "removed", text: this.#removed });
    if (this.#added) this.#parts.push({ kind: "added", text: this.#added });
    this.#removed = this.#added = "";
  }
}

/** The two texts beside each other, line by line. @param {DiffPart[]} parts of textDiff @returns {DiffRow[]} */
export function diffRows(parts) {
  /** @type {DiffRow[]} */
  const rows = [];
  let [left, right] = [/** @type {DiffPart[][]} */ ([[]]), /** @type {DiffPart[][]} */ ([[]])];
  const flush = () => {
    for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
      const [before = null, after = null] = [left[i], right[i]];
      rows.push({ left: before, right: after, changed: !before || !after || [...before, ...after].some(({ kind }) => kind !== "same") });
    }
    [left, right] = [[[]], [[]]];
  };
  for (const { kind, text } of parts) {
    text.split("\n").forEach((line, index) => {
      if (index > 0 && kind === "same") flush();
      for (const side of kind === "same" ? [left, right] : kind === "removed" ? [left] : [right]) {
        if (index > 0 && kind !== "same") side.push([]);
        if (line) side[side.length - 1].push({ kind, text: line });
      }
    });
  }
  if (left.length > 1 || right.length > 1 || left[0].length || right[0].length) flush();
  return rows;
}

/** The lines of both texts in one, as they are read. @param {DiffPart[]} parts of textDiff @returns {DiffPart[][]} */
export function diffLines(parts) {
  /** @type {DiffPart[][]} */
  const lines = [[]];
  for (const { kind, text } of parts) {
    text.split("\n").forEach((line, index) => {
      if (index > 0) lines.push([]);
      if (line || index > 0) lines[lines.length - 1].push({ kind, text: line });
    });
  }
  return lines;
}

/**
 * Which of many lines to show: those that changed and a few around them.
 *
 * @param {boolean[]} changed a line each @param {number} around
 * @returns {{from: number, to: number, folded: boolean}[]} stretches in order; single lines are not worth folding
 */
export function foldedStretches(changed, around) {
  const near = new Array(changed.length).fill(false);
  changed.forEach((is, index) => is && near.fill(true, Math.max(0, index - around), index + around + 1));
  /** @type {{from: number, to: number, folded: boolean}[]} */
  const stretches = [];
  near.forEach((shown, index) => {
    const last = stretches[stretches.length - 1];
    if (last && last.folded === !shown) last.to = index + 1;
    else stretches.push({ from: index, to: index + 1, folded: !shown });
  });
  return stretches.map((part) => (part.to - part.from < 2 ? { ...part, folded: false } : part));
}
