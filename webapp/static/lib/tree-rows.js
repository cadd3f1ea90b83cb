/** The rows of a tree that are in sight: those whose parents are open, or those that a search found with what they lie in. */

/** @typedef {{parent: readonly number[], order: readonly number[]}} Tree `parent`: a place, −1 at the top; `order`: numbers, siblings with larger ones come first */

export class TreeRows {
  #tree;
  /** @type {Map<number, number[]>} */ #children = new Map();
  /** @type {Set<number>} */ #open = new Set();

  /** @param {Tree} tree @param {number} most rows that are open at first */
  constructor(tree, most) {
    this.#tree = tree;
    tree.parent.forEach((parent, row) => this.#children.set(parent, [...(this.#children.get(parent) ?? []), row]));
    for (const children of this.#children.values()) children.sort((a, b) => tree.order[b] - tree.order[a] || a - b);
    this.#openFirst(most);
  }

  /** Level by level, as long as the rows are few. @param {number} most */
  #openFirst(most) {
    let level = this.childrenOf(-1);
    let shown = level.length;
    while (level.length > 0) {
      const next = level.flatMap((row) => this.childrenOf(row));
      if ((shown += next.length) > most) return;
      for (const row of level) if (this.childrenOf(row).length > 0) this.#open.add(row);
      level = next;
    }
  }

  /** @param {number} row −1: the top */
  childrenOf(row) {
    return this.#children.get(row) ?? [];
  }

  /** @param {number} row */
  isOpen(row) {
    return this.#open.has(row);
  }

  /** @param {number} row @param {boolean} open */
  set(row, open) {
    if (open && this.childrenOf(row).length > 0) this.#open.add(row);
    else this.#open.delete(row);
  }

  /** All of them, or none. @param {boolean} open */
  setAll(open) {
    this.#tree.parent.forEach((_, row) => this.set(row, open));
  }

  /** From the top down. @param {(row: number) => boolean} [fits] only rows that fit, and what they lie in @returns {number[]} */
  rows(fits) {
    const kept = fits ? this.#around(fits) : null;
    /** @type {number[]} */
    const rows = [];
    const add = (/** @type {number} */ parent) => {
      for (const row of this.childrenOf(parent)) {
        if (kept && !kept.has(row)) continue;
        rows.push(row);
        if (kept || this.#open.has(row)) add(row);
      }
    };
    add(-1);
    return rows;
  }

  /** @param {(row: number) => boolean} fits */
  #around(fits) {
    const kept = new Set();
    this.#tree.parent.forEach((_, row) => {
      if (fits(row)) for (let at = row; at >= 0; at = this.#tree.parent[at]) kept.add(at);
    });
    return kept;
  }
}
