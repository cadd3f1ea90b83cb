/**
 * Run → colour. The eight hues keep apart for colour-blind eyes (they differ in lightness as well as in hue) and come in
 * three depths, so twenty-four runs have a colour each. A run's hash picks its hue; a run whose hue is taken moves on,
 * older runs first, so that a new run never recolours an old one.
 */

const HUES = {
  light: ["#0072b2", "#c98a00", "#008a64", "#b8588f", "#3a97cf", "#cf5a00", "#4a2a8c", "#5f6b52"],
  dark: ["#4aa8e0", "#f0b13c", "#2cc295", "#e19ac2", "#8fd0f5", "#ff8a4c", "#8f6bff", "#c9c3b0"],
};
/** Depth → how much of which end of the grey scale is mixed in. */
const DEPTHS = {
  light: [["#000000", 0], ["#000000", 0.38], ["#ffffff", 0.32]],
  dark: [["#ffffff", 0], ["#ffffff", 0.45], ["#0e1116", 0.35]],
};
export const HUE_COUNT = HUES.light.length;
export const SLOT_COUNT = HUE_COUNT * DEPTHS.light.length;

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
    const depth = Math.floor(probe / HUE_COUNT);
    const slot = depth * HUE_COUNT + ((hash + probe * 3) % HUE_COUNT);
    if (used[slot] <= round) return slot;
  }
  return hash % SLOT_COUNT;
}

/** @param {number} slot @param {"light" | "dark"} theme @returns {string} "#rrggbb" */
export function slotColor(slot, theme) {
  const [end, share] = DEPTHS[theme][Math.floor(slot / HUE_COUNT)];
  return mix(HUES[theme][slot % HUE_COUNT], String(end), Number(share));
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
