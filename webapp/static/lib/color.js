/**
 * Run → colour. The first eight hues keep apart for colour-blind eyes (they differ in lightness as well as in hue); the
 * next sixteen were chosen for the greatest distance (OKLab; as seen with normal vision, without red and without green
 * receptors) from them and from each other, and slot by slot they are of a like hue in both themes. A run's hash picks
 * its slot among eight; a run whose slot is taken moves on, older runs first, so that a new run never recolours an old one.
 */

const SLOTS = {
  light: [
    "#0072b2", "#c98a00", "#008a64", "#b8588f", "#3a97cf", "#cf5a00", "#4a2a8c", "#5f6b52",
    "#f08698", "#7965f0", "#29ac68", "#8f4280", "#35b9c0", "#568502", "#3b51d3", "#d277f9",
    "#c0789b", "#eba002", "#85b6e9", "#70c35d", "#ac43a5", "#7733b1", "#81520a", "#4081d2",
  ],
  dark: [
    "#4aa8e0", "#f0b13c", "#2cc295", "#e19ac2", "#8fd0f5", "#ff8a4c", "#8f6bff", "#c9c3b0",
    "#f05846", "#9b7fb1", "#83ee88", "#e24d87", "#64ebdb", "#cede1c", "#5c8cda", "#db8afe",
    "#cd4f61", "#918112", "#c6e1ff", "#7acf7e", "#9868ba", "#b88dba", "#bc8c71", "#8cb6db",
  ],
};
const TIER = 8;
export const SLOT_COUNT = SLOTS.light.length;

/** FNV-1a with a final mix: 32 well-spread bits of a name, the same in every session. @param {string} name */
export function hashName(name) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i += 1) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/**
 * @param {{name: string, start: number | null}[]} runs
 * @returns {Map<string, number>} run name → palette slot, 0 … SLOT_COUNT − 1
 */
export function assignSlots(runs) {
  const age = (/** @type {number | null} */ start) => start ?? Number.MAX_VALUE;
  const oldestFirst = [...runs].sort((a, b) => age(a.start) - age(b.start) || (a.name < b.name ? -1 : 1));
  const slots = new Map();
  const used = new Array(SLOT_COUNT).fill(0);
  oldestFirst.forEach((run, index) => {
    const slot = freeSlot(hashName(run.name), used, Math.floor(index / SLOT_COUNT));
    used[slot] += 1;
    slots.set(run.name, slot);
  });
  return slots;
}

/** @param {number} hash @param {number[]} used @param {number} round how often every slot was handed out already */
function freeSlot(hash, used, round) {
  for (let probe = 0; probe < SLOT_COUNT; probe += 1) {
    const tier = Math.floor(probe / TIER);
    const slot = tier * TIER + ((hash + probe * 3) % TIER);
    if (used[slot] <= round) return slot;
  }
  return hash % SLOT_COUNT;
}

/** @param {number} slot @param {"light" | "dark"} theme @returns {string} "#rrggbb" */
export function slotColor(slot, theme) {
  return SLOTS[theme][slot];
}

/** @param {string} color @param {string} other both "#rrggbb" @param {number} share of `other`, 0 … 1 */
export function mix(color, other, share) {
  const part = (/** @type {number} */ at) => {
    const mine = parseInt(color.slice(at, at + 2), 16);
    const theirs = parseInt(other.slice(at, at + 2), 16);
    return Math.round(mine + (theirs - mine) * share).toString(16).padStart(2, "0");
  };
  return `#${part(1)}${part(3)}${part(5)}`;
}

/** Black or white, whichever stands out more on a colour (WCAG 2.2, relative luminance). @param {string} color "#rrggbb" */
export function textOn(color) {
  const linear = (/** @type {number} */ at) => {
    const share = parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * linear(1) + 0.7152 * linear(3) + 0.0722 * linear(5);
  return luminance > 0.179 ? "#000000" : "#ffffff"; // where both contrasts are the same
}

/** "rgb(1, 2, 3)", as browsers tell colours, or "#123" → "#rrggbb". @param {string} color */
export function hexOf(color) {
  if (color.startsWith("#")) return color.length === 4 ? `#${[...color.slice(1)].map((digit) => digit + digit).join("")}` : color.slice(0, 7);
  const parts = color.match(/[\d.]+/g) ?? [];
  return `#${[0, 1, 2].map((at) => Math.round(Number(parts[at] ?? 0)).toString(16).padStart(2, "0")).join("")}`;
}
