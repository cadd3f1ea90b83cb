/**
 * A drawing that was made once is moved, not made again: the scene is kept as square tiles in device pixels. While it is
 * moved only tiles that come into sight are drawn, and those around the view before they are needed.
 */

/** @typedef {import("../lib/graph-camera.js").Placement} Placement */
/** @typedef {import("../lib/graph-camera.js").Size} Size */
/** @typedef {(context: CanvasRenderingContext2D, placement: Placement, size: Size) => void} Paint */
/** @typedef {{canvas: HTMLCanvasElement, column: number, row: number, used: number}} Tile */

const SIDE = 512; // device pixels
const BUDGET = 6; // ms in a frame for tiles that come into sight while the view moves
const SPARE = 2.5; // times as many tiles are kept as the view shows

export class GraphTiles {
  /** @type {Map<string, Tile>} */ #tiles = new Map();
  /** @type {HTMLCanvasElement[]} no longer needed */ #free = [];
  /** @type {Paint} */ #paint;
  #k = 0;
  #ratio = 1;
  #round = 0;

  /** @param {Paint} paint draws the scene in a placement onto an empty canvas of a size */
  constructor(paint) {
    this.#paint = paint;
  }

  /** Everything looks different now. */
  clear() {
    for (const { canvas } of this.#tiles.values()) this.#free.push(canvas);
    this.#tiles.clear();
  }

  /**
   * Puts the tiles in sight onto a canvas.
   *
   * @param {CanvasRenderingContext2D} context @param {Placement} placement @param {Size} size
   * @param {boolean} moving time matters: tiles may be missing @returns {boolean} whether all are there
   */
  draw(context, placement, size, moving) {
    this.#useScale(placement);
    const range = this.#range(placement, size, 0);
    const started = performance.now();
    let whole = true;
    this.#round += 1;
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    for (const [column, row] of range) {
      const late = moving && performance.now() - started > BUDGET;
      const tile = this.#tiles.get(`${column},${row}`) ?? (late ? null : this.#make(column, row));
      if (tile) {
        tile.used = this.#round;
        context.drawImage(tile.canvas, Math.round(placement.left * placement.ratio) + column * SIDE, Math.round(placement.top * placement.ratio) + row * SIDE);
      } else whole = false;
    }
    context.restore();
    this.#forget(range.length);
    return whole;
  }

  /** The last tiles, in another size: soft, and there at once. @param {CanvasRenderingContext2D} context @param {Placement} placement */
  drawScaled(context, { left, top, k }) {
    const side = ((SIDE / this.#ratio) * k) / this.#k;
    for (const { canvas, column, row } of this.#tiles.values()) context.drawImage(canvas, left + column * side, top + row * side, side, side);
  }

  /** Whether there are any. */
  get any() {
    return this.#tiles.size > 0;
  }

  /** Whether all in sight are there. @param {Placement} placement @param {Size} size */
  cover(placement, size) {
    return placement.k === this.#k && placement.ratio === this.#ratio && !this.#missing(placement, size, 0);
  }

  /** Draws one tile in the view or next to it. @param {Placement} placement @param {Size} size @returns {boolean} whether there was one to draw */
  drawAhead(placement, size) {
    this.#useScale(placement);
    const next = this.#missing(placement, size, 0) ?? this.#missing(placement, size, 1);
    if (next) this.#make(...next).used = this.#round;
    return next !== undefined;
  }

  /** @param {Placement} placement @param {Size} size @param {number} more */
  #missing(placement, size, more) {
    return this.#range(placement, size, more).find(([column, row]) => !this.#tiles.has(`${column},${row}`));
  }

  /** @param {Placement} placement */
  #useScale({ k, ratio }) {
    if (k === this.#k && ratio === this.#ratio) return;
    this.clear();
    [this.#k, this.#ratio] = [k, ratio];
  }

  /** Columns and rows in sight, and `more` around them. @param {Placement} placement @param {Size} size @param {number} more @returns {[number, number][]} */
  #range({ left, top, ratio }, { width, height }, more) {
    const along = (/** @type {number} */ start, /** @type {number} */ length) =>
      [Math.floor((-start * ratio) / SIDE) - more, Math.floor(((length - start) * ratio - 1) / SIDE) + more];
    const [[firstColumn, lastColumn], [firstRow, lastRow]] = [along(left, width), along(top, height)];
    /** @type {[number, number][]} */
    const found = [];
    for (let row = firstRow; row <= lastRow; row += 1) {
      for (let column = firstColumn; column <= lastColumn; column += 1) found.push([column, row]);
    }
    return found;
  }

  /** @param {number} column @param {number} row @returns {Tile} */
  #make(column, row) {
    const canvas = this.#free.pop() ?? Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
    const side = SIDE / this.#ratio;
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    this.#paint(context, { left: -column * side, top: -row * side, k: this.#k, ratio: this.#ratio }, { width: side, height: side });
    const tile = { canvas, column, row, used: this.#round };
    this.#tiles.set(`${column},${row}`, tile);
    return tile;
  }

  /** Tiles not seen for longest are given up. @param {number} shown */
  #forget(shown) {
    const most = Math.ceil(shown * SPARE) + 24;
    if (this.#tiles.size <= most) return;
    const oldest = [...this.#tiles].sort(([, a], [, b]) => a.used - b.used).slice(0, this.#tiles.size - most);
    for (const [key, { canvas }] of oldest) {
      this.#tiles.delete(key);
      this.#free.push(canvas);
    }
  }
}
