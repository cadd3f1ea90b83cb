/** A flame graph as a tree of columns: who lies in whom, where each lies in the picture, what a search finds. */

/** What the server's categories are called; places in this list. */
export const CATEGORIES = /** @type {const} */ (["other", "operator", "annotation", "runtime", "driver", "python", "kernel", "memcpy", "memset", "gpu_annotation", "wait", "overhead"]);

/**
 * @typedef {object} FlameColumns as of GET /api/profile/flame; parents come before their children
 * @property {string[]} names
 * @property {ArrayLike<number>} name
 * @property {ArrayLike<number>} parent −1 at the top
 * @property {ArrayLike<number>} category
 * @property {ArrayLike<number>} total ns
 * @property {ArrayLike<number>} own ns, without what lies in it
 * @property {ArrayLike<number>} row −1 without one
 * @property {ArrayLike<number>} [count]
 * @property {ArrayLike<number>} [before] ns of another profile
 * @property {ArrayLike<number>} [before_own]
 *
 * @typedef {{node: number, level: number, x: number, width: number}} FlameBox `x` and `width`: shares of the picture
 */

/** Stands for all of it: what lies in nothing lies in it. */
export const ALL = -1;

export class FlameTree {
  /** @param {FlameColumns} columns */
  constructor(columns) {
    this.columns = columns;
    this.size = columns.parent.length;
    const { first, children } = childrenOf(columns);
    this.first = first;
    this.children = children;
    this.depth = new Uint16Array(this.size);
    for (let node = 0; node < this.size; node += 1) this.depth[node] = columns.parent[node] < 0 ? 0 : this.depth[columns.parent[node]] + 1;
    /** ns of all of it */
    this.total = sumOf(this.below(ALL), columns.total);
    this.before = columns.before ? sumOf(this.below(ALL), columns.before) : 0;
  }

  /** What lies right in a node, the largest first. @param {number} node */
  below(node) {
    return this.children.subarray(this.first[node + 1], this.first[node + 2]);
  }

  /** @param {number} node */
  nameOf(node) {
    return node === ALL ? "all" : this.columns.names[this.columns.name[node]];
  }

  /** @param {number} node @returns {string} */
  kindOf(node) {
    return CATEGORIES[this.columns.category[node]] ?? "other";
  }

  /** @param {number} node */
  totalOf(node) {
    return node === ALL ? this.total : this.columns.total[node];
  }

  /** From the top down to the node itself. @param {number} node @returns {number[]} */
  pathOf(node) {
    const path = [];
    for (let at = node; at >= 0; at = this.columns.parent[at]) path.push(at);
    return path.reverse();
  }

  /** The node with these names from the top down, or the last of them that is there. @param {readonly string[]} names */
  find(names) {
    let at = ALL;
    for (const name of names) {
      const next = this.below(at).find((node) => this.nameOf(node) === name);
      if (next === undefined) return at;
      at = next;
    }
    return at;
  }
}

/** Nodes by what they lie in, as ranges of one list: `children[first[node + 1] … first[node + 2]]`. @param {FlameColumns} columns */
function childrenOf({ parent, total }) {
  const size = parent.length;
  const first = new Uint32Array(size + 3);
  for (let node = 0; node < size; node += 1) first[parent[node] + 2] += 1;
  for (let place = 1; place < first.length; place += 1) first[place] += first[place - 1];
  const next = first.slice();
  const children = new Int32Array(size);
  for (let node = 0; node < size; node += 1) children[next[parent[node] + 1]++] = node;
  for (let node = ALL; node < size; node += 1) children.subarray(first[node + 1], first[node + 2]).sort((a, b) => total[b] - total[a]);
  return { first, children };
}

/** @param {Iterable<number>} nodes @param {ArrayLike<number>} values */
function sumOf(nodes, values) {
  let sum = 0;
  for (const node of nodes) sum += values[node];
  return sum;
}

/**
 * The boxes of a picture in which `root` fills the width: those around it above, all that lies in it below.
 *
 * @param {FlameTree} tree @param {number} root @param {number} least share of the width: narrower ones are left out, with what lies in them
 * @returns {FlameBox[]}
 */
export function layFlame(tree, root, least) {
  const boxes = tree.pathOf(root).map((node, level) => ({ node, level, x: 0, width: 1 }));
  const whole = tree.totalOf(root);
  if (whole <= 0) return boxes;
  const waiting = [{ node: root, level: boxes.length - 1, x: 0, width: 1 }];
  for (let box = waiting.pop(); box; box = waiting.pop()) {
    let x = box.x;
    for (const node of tree.below(box.node)) {
      const width = tree.totalOf(node) / whole;
      if (width < least) break; // the rest is smaller
      const inner = { node, level: box.level + 1, x, width };
      boxes.push(inner);
      waiting.push(inner);
      x += width;
    }
  }
  return boxes;
}

/**
 * @param {FlameTree} tree @param {(name: string) => boolean} test
 * @returns {{found: Uint8Array, total: number, count: number}} `total`: ns, of what lies in another found one once
 */
export function searchFlame(tree, test) {
  const { name, parent, total, names } = tree.columns;
  const fits = names.map(test);
  const found = new Uint8Array(tree.size);
  const covered = new Uint8Array(tree.size);
  let sum = 0;
  let count = 0;
  for (let node = 0; node < tree.size; node += 1) {
    const above = parent[node] >= 0 && covered[parent[node]];
    found[node] = Number(fits[name[node]]);
    covered[node] = Number(found[node] || above);
    count += found[node];
    if (found[node] && !above) sum += total[node];
  }
  return { found, total: sum, count };
}

/**
 * How much more of all a node is now than before: −1 (all of it is gone) … 1 (all of it is new).
 *
 * @param {FlameTree} tree @param {number} node
 */
export function changeOf({ columns: { total, before } }, node) {
  const [now, then] = [total[node], before?.[node] ?? 0];
  return now === then ? 0 : (now - then) / Math.max(now, then);
}

/**
 * The node beside another one in a picture, as arrow keys go.
 *
 * @param {FlameTree} tree @param {number} node @param {string} key "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"
 */
export function neighbourOf(tree, node, key) {
  if (node === ALL) return tree.below(ALL)[0] ?? ALL;
  const parent = tree.columns.parent[node];
  if (key === "ArrowUp") return parent < 0 ? node : parent;
  if (key === "ArrowDown") return tree.below(node)[0] ?? node;
  const beside = tree.below(parent);
  return beside[beside.indexOf(node) + (key === "ArrowLeft" ? -1 : 1)] ?? node;
}
