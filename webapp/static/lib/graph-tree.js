/** The tree of modules as rows: what is open, one below the other. */

import { formatCount } from "./format.js";

/**
 * @typedef {object} TreeItem one group or operation, with sums over all that lies in it; null: not known
 * @property {string} id
 * @property {string} name
 * @property {string} [type] class of the module, or the operation
 * @property {number} [call] which call of the same module
 * @property {number} [nodes]
 * @property {number | null} [parameters]
 * @property {number | null} [trainable]
 * @property {number | null} [flops]
 * @property {number | null} [activation_bytes]
 * @property {number | null} [time] seconds
 * @property {string} [output] "float32 32×128"
 * @property {boolean} [has_children]
 *
 * @typedef {{item: TreeItem, depth: number, open: boolean, said?: undefined}} ItemRow
 * @typedef {{said: string, depth: number, more?: string, item?: undefined, open?: undefined}} SaidRow what stands for children that are not there; `more`: the group they are of
 * @typedef {ItemRow | SaidRow} TreeRow
 */

/**
 * @param {(group: string) => {rows: TreeItem[], total: number} | {problem: string} | null} childrenOf null: on their way
 * @param {ReadonlySet<string>} open
 * @param {TreeItem | null} root the whole model; null: not known yet
 * @returns {TreeRow[]}
 */
export function treeRows(childrenOf, open, root) {
  /** @type {TreeRow[]} */
  const rows = [];
  const add = (/** @type {string} */ group, /** @type {number} */ depth) => {
    const found = childrenOf(group);
    if (!found) rows.push({ said: "…", depth });
    else if ("problem" in found) rows.push({ said: found.problem, depth });
    else {
      for (const item of found.rows) {
        const isOpen = Boolean(item.has_children) && open.has(item.id);
        rows.push({ item, depth, open: isOpen });
        if (isOpen) add(item.id, depth + 1);
      }
      const rest = found.total - found.rows.length;
      if (rest > 0) rows.push({ said: `${formatCount(rest)} more`, depth, more: group });
    }
  };
  if (root) rows.push({ item: root, depth: 0, open: open.has("/") });
  if (!root || open.has("/")) add("/", root ? 1 : 0);
  return rows;
}

/** Where → leads from a row: into it, and where ← does: out of it. @param {TreeRow[]} rows @param {number} index @returns {number} −1: nowhere */
export function rowAbove(rows, index) {
  for (let above = index - 1; above >= 0; above -= 1) if (rows[above].depth < rows[index].depth) return above;
  return -1;
}
