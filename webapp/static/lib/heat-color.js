/** Amounts and differences → colours of a heat map whose zero is the page's own surface. */

const SURFACE = { light: [255, 255, 255], dark: [21, 26, 33] };
const AMOUNT = { light: [[255, 255, 255], [150, 190, 240], [28, 102, 200], [8, 38, 92]], dark: [[21, 26, 33], [24, 62, 120], [60, 130, 230], [205, 228, 255]] };
const MORE = { light: [0, 114, 178], dark: [74, 168, 224] };
const LESS = { light: [213, 94, 0], dark: [255, 138, 76] };

/** @typedef {"light" | "dark"} Theme */

/** @param {number[]} from @param {number[]} to @param {number} share */
function between(from, to, share) {
  return from.map((part, index) => Math.round(part + (to[index] - part) * share));
}

/** @param {number} share 0 … 1 of the greatest amount @param {Theme} theme @returns {number[]} red, green, blue */
export function amountColor(share, theme) {
  const stops = AMOUNT[theme];
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const below = Math.min(stops.length - 2, Math.floor(at));
  return between(stops[below], stops[below + 1], at - below);
}

/** @param {number} share −1 … 1 of the greatest difference @param {Theme} theme @param {number[]} [zero] the colour of none @returns {number[]} red, green, blue */
export function differenceColor(share, theme, zero = SURFACE[theme]) {
  return between(zero, (share < 0 ? LESS : MORE)[theme], Math.min(1, Math.abs(share)));
}

/** Whether white is read better than black on a colour. @param {number[]} color */
export function wantsWhite([red, green, blue]) {
  return 0.299 * red + 0.587 * green + 0.114 * blue < 140;
}
