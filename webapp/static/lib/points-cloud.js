/** A cloud of points: where they are, which are hidden, which are selected. Knows nothing of how it is drawn. */

import { boxFrame } from "./scene-data.js";

/** @typedef {import("./camera.js").Vector} Vector */
/** @typedef {import("./points-screen.js").Places} Places */
/** @typedef {{low: Vector, high: Vector, radius?: number}} Bounds a box, and how far from its middle the farthest point is */

/** Bits of a point's flags. */
export const HIDDEN = 1;
export const SELECTED = 2;
const PLACELESS = 4;
export const GONE = HIDDEN | PLACELESS; // either is enough

/** @type {Places} */
const NOWHERE = { array: new Float32Array(0), dims: 2, frame: { center: [0, 0, 0], scale: 1 } };

export class PointCloud {
  count = 0;
  /** @type {2 | 3} */ dims = 2;
  /** @type {Places} */ now = NOWHERE;
  /** Where they were, while they are on their way from there. @type {Places | null} */ before = null;
  /** @type {Bounds} */ bounds = { low: [-1, -1, -1], high: [1, 1, 1] };
  flags = new Uint8Array(0);
  shown = 0;
  selected = 0;
  shownVersion = 0; // counts up when other points are seen

  /** Forgets all that was said of other points. @param {number} count @param {2 | 3} dims */
  reset(count, dims) {
    this.count = count;
    this.dims = dims;
    this.now = { ...NOWHERE, dims };
    this.before = null;
    this.flags = new Uint8Array(count).fill(PLACELESS);
    this.#recount();
  }

  /**
   * @param {Float32Array} array dims · count @param {Bounds | null} frame the box they are shown in; null: the one around them
   * @param {number} share how far they have come from `before` @param {boolean} moving whether they move from where they are
   * @throws {Error} with a sentence, where there are too few or too many numbers
   */
  place(array, frame, share, moving) {
    if (array.length !== this.count * this.dims) {
      throw new Error(`${array.length} numbers are no coordinates of ${this.count} points in ${this.dims} dimensions: there should be ${this.count * this.dims}.`);
    }
    const old = moving && this.now.array.length === array.length ? this.between(share) : null;
    this.bounds = this.#measure(array) ?? this.bounds;
    if (this.dims === 3) this.bounds.radius = this.#radius(array, boxFrame(this.bounds).center);
    this.now = { array, dims: this.dims, frame: boxFrame(frame ?? this.bounds) };
    this.before = old && this.#filled(old);
    this.#recount();
  }

  /** Where the points are at a share of their way. @param {number} share 0 … 1 @returns {Places} */
  between(share) {
    const { now, before } = this;
    if (!before || share >= 1) return now;
    const array = new Float32Array(now.array.length);
    const [from, to] = [before.frame, now.frame];
    for (let axis = 0; axis < this.dims; axis += 1) {
      const [a, b] = [(1 - share) / from.scale, share / to.scale];
      const shift = -a * from.center[axis] - b * to.center[axis];
      for (let i = axis; i < array.length; i += this.dims) array[i] = a * before.array[i] + b * now.array[i] + shift;
    }
    return { array, dims: this.dims, frame: { center: [0, 0, 0], scale: 1 } };
  }

  /** Which points are seen. @param {Uint8Array | null} mask 0 hides; null: all are seen */
  show(mask) {
    const { flags, count } = this;
    this.shownVersion += 1;
    let [shown, selected] = [0, 0];
    for (let row = 0; row < count; row += 1) { // also counts: each time through a million takes milliseconds
      const hidden = mask !== null && mask[row] === 0;
      const flag = (flags[row] & ~HIDDEN) | (hidden ? HIDDEN : 0);
      flags[row] = flag;
      if (flag & GONE) continue;
      shown += 1;
      if (flag & SELECTED) selected += 1;
    }
    [this.shown, this.selected] = [shown, selected];
  }

  /** @param {Uint32Array | Uint8Array | null} chosen rows, or a mask of all points */
  select(chosen) {
    const { flags, count } = this;
    let selected = 0;
    const pick = (/** @type {number} */ row) => {
      if ((flags[row] & (GONE | SELECTED)) === 0) selected += 1;
      flags[row] |= SELECTED;
    };
    for (let row = 0; row < count; row += 1) flags[row] &= ~SELECTED;
    if (chosen instanceof Uint8Array) for (let row = 0; row < count; row += 1) chosen[row] && pick(row);
    else if (chosen) for (let at = 0; at < chosen.length; at += 1) if (chosen[at] < count) pick(chosen[at]);
    this.selected = selected;
  }

  /** @param {number} row */
  isSelected(row) {
    return (this.flags[row] & SELECTED) !== 0;
  }

  /** The box around some points that are seen; null where there is none. @param {ArrayLike<number>} rows @returns {Bounds | null} */
  boundsOf(rows) {
    const { array, dims } = this.now;
    const bounds = emptyBounds();
    for (let i = 0; i < rows.length; i += 1) if (rows[i] < this.count && !(this.flags[rows[i]] & GONE)) widen(bounds, array, dims, rows[i]);
    return bounds.low[0] <= bounds.high[0] ? flat(bounds, dims) : null;
  }

  /** The box around all that have a place, and flags for those that have none. @param {Float32Array} array @returns {Bounds | null} */
  #measure(array) {
    const { flags, count, dims } = this;
    const bounds = emptyBounds();
    for (let row = 0; row < count; row += 1) {
      const at = row * dims;
      const sum = array[at] + array[at + 1] + (dims === 3 ? array[at + 2] : 0);
      if (Number.isFinite(sum)) { // three of them do not leave the range of a double
        flags[row] &= ~PLACELESS;
        widen(bounds, array, dims, row);
      } else flags[row] |= PLACELESS;
    }
    return bounds.low[0] <= bounds.high[0] ? flat(bounds, dims) : null;
  }

  /** @param {Float32Array} array @param {Vector} middle */
  #radius(array, [x, y, z]) {
    let most = 0;
    for (let at = 0; at < array.length; at += 3) {
      const away = (array[at] - x) ** 2 + (array[at + 1] - y) ** 2 + (array[at + 2] - z) ** 2;
      if (away > most && away < Infinity) most = away;
    }
    return Math.sqrt(most);
  }

  /** Points that had no place come from where they are now: a card makes no number of what is none. @param {Places} old @returns {Places} */
  #filled(old) {
    const { array, frame, dims } = this.now;
    let filled = old;
    for (let i = 0; i < array.length; i += 1) {
      if (Number.isFinite(old.array[i])) continue;
      if (filled === old) filled = { ...old, array: old.array.slice() };
      const axis = i % dims;
      filled.array[i] = ((array[i] - frame.center[axis]) / frame.scale) * old.frame.scale + old.frame.center[axis];
    }
    return filled;
  }

  #recount() {
    const { flags, count } = this;
    let [shown, selected] = [0, 0];
    for (let row = 0; row < count; row += 1) {
      const flag = flags[row];
      if (flag & GONE) continue;
      shown += 1;
      if (flag & SELECTED) selected += 1;
    }
    this.shown = shown;
    this.selected = selected;
  }
}

/** @returns {Bounds} */
function emptyBounds() {
  return { low: [Infinity, Infinity, Infinity], high: [-Infinity, -Infinity, -Infinity] };
}

/** @param {Bounds} bounds @param {Float32Array} array @param {number} dims @param {number} row */
function widen({ low, high }, array, dims, row) {
  for (let axis = 0; axis < dims; axis += 1) {
    const value = array[row * dims + axis];
    if (value < low[axis]) low[axis] = value;
    if (value > high[axis]) high[axis] = value;
  }
}

/** Two dimensions lie in the plane z = 0. @param {Bounds} bounds @param {number} dims @returns {Bounds} */
function flat({ low, high }, dims) {
  return dims === 3 ? { low, high } : { low: [low[0], low[1], 0], high: [high[0], high[1], 0] };
}
