/** Paths through places: where points were before, or any other lines that no points stand on. */

/**
 * @typedef {object} Trails
 * @property {Float32Array} coordinates of all corners, in as many dimensions as the points
 * @property {Uint32Array} starts the first corner of each path, and at the end how many corners there are
 * @property {Uint32Array} rows the point that each path belongs to: it lends its colour, and hides the path with it
 *
 * @typedef {object} TrailMesh what a graphics card takes
 * @property {Float32Array} coordinates
 * @property {Uint8Array | Uint16Array | Uint32Array} codes of colours
 * @property {Uint8Array} flags
 * @property {Float32Array} fades 0 where a path begins, 1 where it ends
 * @property {Uint32Array} pairs of corners
 */

/** @param {Trails} trails @param {import("./points-colors.js").Coded["codes"]} codes of points @param {Uint8Array} flags of points @returns {TrailMesh} */
export function trailMesh({ coordinates, starts, rows }, codes, flags) {
  const corners = starts[starts.length - 1];
  const Codes = /** @type {Uint32ArrayConstructor} */ (codes.constructor);
  const mesh = { coordinates, codes: new Codes(corners), flags: new Uint8Array(corners), fades: new Float32Array(corners), pairs: new Uint32Array(2 * (corners - rows.length)) };
  let pair = 0;
  rows.forEach((row, path) => {
    const [from, to] = [starts[path], starts[path + 1]];
    mesh.codes.fill(codes[row], from, to);
    mesh.flags.fill(flags[row], from, to);
    for (let corner = from; corner < to; corner += 1) {
      mesh.fades[corner] = to - from > 1 ? (corner - from) / (to - from - 1) : 1;
      if (corner + 1 < to) mesh.pairs.set([corner, corner + 1], 2 * pair++);
    }
  });
  return mesh;
}
