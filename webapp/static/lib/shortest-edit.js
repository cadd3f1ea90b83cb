/**
 * The fewest insertions and deletions that make one list of another.
 *
 * E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", Algorithmica 1 (1986), figure 2: the furthest
 * reaching paths with D edits on each diagonal k = x − y, for D = 0, 1, 2 …
 */

/** @typedef {{a: number, b: number, count: number}} Stretch `count` items from a[a] and b[b] on are the same */

/**
 * @param {ArrayLike<number>} a @param {ArrayLike<number>} b @param {number} most edits before it gives up; time and memory grow with its square
 * @returns {Stretch[] | null} what stays, in order; null where it takes more edits
 */
export function commonStretches(a, b, most) {
  let start = 0;
  let [endA, endB] = [a.length, b.length];
  while (start < endA && start < endB && a[start] === b[start]) start += 1;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) [endA, endB] = [endA - 1, endB - 1];
  const inner = middle(a, b, start, endA, endB, most);
  if (!inner) return null;
  const all = [{ a: 0, b: 0, count: start }, ...inner, { a: endA, b: endB, count: a.length - endA }];
  return all.filter(({ count }) => count > 0);
}

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b @param {number} start of both @param {number} endA @param {number} endB @param {number} most @returns {Stretch[] | null} */
function middle(a, b, start, endA, endB, most) {
  const [n, m] = [endA - start, endB - start];
  if (n === 0 || m === 0) return [];
  const limit = Math.min(most, n + m);
  const furthest = new Int32Array(2 * limit + 3); // x on diagonal k at k + limit + 1
  /** @type {Int32Array[]} */
  const trace = [];
  for (let edits = 0; edits <= limit; edits += 1) {
    trace.push(furthest.slice(limit - edits, limit + edits + 3));
    for (let k = -edits; k <= edits; k += 2) {
      const at = k + limit + 1;
      let x = k === -edits || (k !== edits && furthest[at - 1] < furthest[at + 1]) ? furthest[at + 1] : furthest[at - 1] + 1;
      while (x < n && x - k < m && a[start + x] === b[start + x - k]) x += 1;
      furthest[at] = x;
      if (x >= n && x - k >= m) return walkBack(trace, n, m, start);
    }
  }
  return null;
}

/** @param {Int32Array[]} trace `furthest` before each number of edits, diagonals −edits − 1 … edits + 1 @param {number} n @param {number} m @param {number} start */
function walkBack(trace, n, m, start) {
  /** @type {Stretch[]} */
  const stretches = [];
  let [x, y] = [n, m];
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const before = trace[edits];
    const k = x - y;
    const at = k + edits + 1;
    const down = k === -edits || (k !== edits && before[at - 1] < before[at + 1]);
    const fromX = edits === 0 ? 0 : down ? before[at + 1] : before[at - 1];
    const fromY = edits === 0 ? 0 : fromX - (down ? k + 1 : k - 1);
    const begun = edits === 0 ? 0 : down ? fromX : fromX + 1;
    if (x > begun) stretches.push({ a: start + begun, b: start + begun - k, count: x - begun });
    [x, y] = [fromX, fromY];
  }
  return stretches.reverse();
}
