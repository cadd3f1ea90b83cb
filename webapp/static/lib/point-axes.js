/** The coordinates that are drawn, out of those that were computed. */

/**
 * Some of each point's numbers, in the order of the axes. What is as it should be already is not copied.
 *
 * @param {Float32Array} coordinates `width` numbers a point @param {number} width @param {2 | 3} dims @param {readonly number[]} axes which number is x, y and z
 * @returns {Float32Array} `dims` numbers a point; an axis that is not there is all 0
 */
export function drawnCoordinates(coordinates, width, dims, axes) {
  if (width === dims && axes.slice(0, dims).every((axis, place) => axis === place)) return coordinates;
  const count = Math.floor(coordinates.length / width);
  const drawn = new Float32Array(count * dims);
  for (let place = 0; place < dims; place += 1) {
    const axis = axes[place];
    if (axis >= width) continue;
    for (let row = 0; row < count; row += 1) drawn[row * dims + place] = coordinates[row * width + axis];
  }
  return drawn;
}
