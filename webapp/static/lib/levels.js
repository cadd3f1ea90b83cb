/** Brightness, contrast and gamma: how values of a picture become light. Black is 0 and white is 1. */

/**
 * @typedef {object} Levels
 * @property {number} brightness added first, −1 … 1
 * @property {number} contrast factor around middle grey, then
 * @property {number} gamma light is value^(1 / gamma), at last
 */

/** @type {Levels} */
export const AS_STORED = { brightness: 0, contrast: 1, gamma: 1 };
/** The least and the most of each. */
export const LEVEL_ENDS = { brightness: [-1, 1], contrast: [0.05, 1000], gamma: [0.1, 10] };

/** @param {Levels} levels */
export function isAsStored({ brightness, contrast, gamma }) {
  return brightness === 0 && contrast === 1 && gamma === 1;
}

/** The straight part, `slope · value + intercept`. @param {Levels} levels */
export function lineOf({ brightness, contrast }) {
  return { slope: contrast, intercept: contrast * (brightness - 0.5) + 0.5 };
}

/**
 * What each stored value is drawn as, 0 … 255.
 *
 * @param {Levels} levels @param {number} white the stored value that means white @returns {Uint8ClampedArray} white + 1 entries
 */
export function levelTable(levels, white) {
  const { slope, intercept } = lineOf(levels);
  const table = new Uint8ClampedArray(white + 1);
  for (let value = 0; value <= white; value += 1) {
    const straight = Math.min(1, Math.max(0, (slope * value) / white + intercept));
    table[value] = 255 * straight ** (1 / levels.gamma);
  }
  return table;
}

/** Levels that make `low` black and `high` white. @param {number} low 0 … 1 @param {number} high 0 … 1 @returns {Levels} */
export function stretched(low, high) {
  return { brightness: 0.5 - (low + high) / 2, contrast: Math.min(LEVEL_ENDS.contrast[1], 1 / Math.max(high - low, 1e-9)), gamma: 1 };
}

/** "0.1,2,1"; "" as stored. @param {Levels} levels */
export function encodeLevels(levels) {
  if (isAsStored(levels)) return "";
  return [levels.brightness, levels.contrast, levels.gamma].map((part) => String(Number(part.toPrecision(6)))).join(",");
}

/** @param {string} text @returns {Levels} what cannot be read is as stored */
export function decodeLevels(text) {
  const parts = text.split(",").map(Number.parseFloat);
  const names = /** @type {(keyof Levels)[]} */ (["brightness", "contrast", "gamma"]);
  const levels = { ...AS_STORED };
  names.forEach((name, place) => {
    const [least, most] = LEVEL_ENDS[name];
    if (Number.isFinite(parts[place])) levels[name] = Math.min(most, Math.max(least, parts[place]));
  });
  return levels;
}
