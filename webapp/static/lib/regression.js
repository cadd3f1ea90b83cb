/** The straight line through points, by least squares. */

/**
 * Points with a coordinate that is not finite do not count.
 *
 * @param {ArrayLike<number>} xs @param {ArrayLike<number>} ys as drawn: logarithms on logarithmic axes
 * @returns {{slope: number, intercept: number, r: number, count: number} | null} null below three points, or when all x or all y are equal
 */
export function fitLine(xs, ys) {
  let [count, meanX, meanY, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < xs.length; i += 1) {
    if (!Number.isFinite(xs[i] + ys[i])) continue;
    count += 1;
    const [dx, dy] = [xs[i] - meanX, ys[i] - meanY]; // Welford: sums of squares of large numbers lose every digit
    meanX += dx / count;
    meanY += dy / count;
    xx += dx * (xs[i] - meanX);
    yy += dy * (ys[i] - meanY);
    xy += dx * (ys[i] - meanY);
  }
  if (count < 3 || !(xx > 0) || !(yy > 0)) return null;
  return { slope: xy / xx, intercept: meanY - (xy / xx) * meanX, r: xy / Math.sqrt(xx * yy), count };
}
