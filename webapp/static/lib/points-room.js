/** Room on a picture for labels: what is given away is not given twice. */

const CELL = 64; // pixels: boxes are looked for in squares of this size

export class Room {
  /** @type {Map<number, [number, number, number, number][]>} by square */ #taken = new Map();
  #width; #height;

  /** @param {import("./points-screen.js").Size} size of the picture */
  constructor({ width, height }) {
    this.#width = width;
    this.#height = height;
  }

  /** Takes a box, if it is within the picture and free. @param {number} left pixels @param {number} top @param {number} width @param {number} height @returns {boolean} whether it was */
  take(left, top, width, height) {
    const [right, bottom] = [left + width, top + height];
    if (left < 0 || top < 0 || right > this.#width || bottom > this.#height) return false;
    const squares = squaresOf(left, top, right, bottom);
    for (const square of squares) {
      for (const [l, t, r, b] of this.#taken.get(square) ?? []) if (left < r && right > l && top < b && bottom > t) return false;
    }
    for (const square of squares) {
      const boxes = this.#taken.get(square);
      if (boxes) boxes.push([left, top, right, bottom]);
      else this.#taken.set(square, [[left, top, right, bottom]]);
    }
    return true;
  }
}

/** @param {number} left @param {number} top @param {number} right @param {number} bottom */
function squaresOf(left, top, right, bottom) {
  const squares = [];
  for (let y = Math.floor(top / CELL); y <= Math.floor(bottom / CELL); y += 1) {
    for (let x = Math.floor(left / CELL); x <= Math.floor(right / CELL); x += 1) squares.push(y * 4096 + x);
  }
  return squares;
}
