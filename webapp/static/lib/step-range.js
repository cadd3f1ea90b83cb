/** How far a slider over steps goes: as far as runs usually go, not as far as the one that counts in nanoseconds. */

const FAR = 10_000; // times further than any other run: another unit, not a longer training
const LARGE = 1e9; // below, a slider can take the whole way
const FEW = 0.25; // share of the runs that may be left out

/**
 * @param {number[]} lasts the last step of each run
 * @returns {{end: number, last: number, beyond: number}} where the slider ends, the last step of all, and how many runs go on behind the end
 */
export function usualEnd(lasts) {
  const sorted = [...lasts].sort((a, b) => a - b);
  const last = sorted[sorted.length - 1] ?? 0;
  for (let i = sorted.length - 1; i > 0 && sorted.length - i <= sorted.length * FEW; i -= 1) {
    if (sorted[i] > LARGE && sorted[i] > FAR * Math.max(1, sorted[i - 1])) return { end: sorted[i - 1], last, beyond: sorted.length - i };
  }
  return { end: last, last, beyond: 0 };
}
