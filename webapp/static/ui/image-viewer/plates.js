/** Which pictures the viewer shows where: one for each run, or two against one another. */

import { formatCount } from "../../lib/format.js";

/** @typedef {import("./source.js").ViewerSource} ViewerSource */
/** @typedef {import("./source.js").Plate} Plate */
/** @typedef {import("./source.js").Mode} Mode */
/** @typedef {import("../../lib/picture-pair.js").Side} Side */

export const MOST_PLATES = 12;

/** The index that a side means now. @param {ViewerSource} source @param {Side} side */
export function indexOf(source, { key, when }) {
  const at = source.at(key);
  if (when === "cursor") return at;
  if (when === "previous") return Math.max(at < 0 ? -1 : 0, at - 1);
  if (when === "first") return source.count(key) > 0 ? 0 : -1;
  if (when === "last") return source.count(key) - 1;
  const held = Number(when.slice(5));
  return held < source.count(key) ? held : -1;
}

/** Two runs at the cursor, or one at the cursor and before it. @param {ViewerSource} source @param {readonly string[]} keys of the runs in sight @returns {[Side, Side]} */
export function usualSides(source, keys) {
  const [first, second] = keys;
  return [{ key: first, when: "cursor" }, second === undefined ? { key: first, when: source.at(first) > 0 ? "previous" : "last" } : { key: second, when: "cursor" }];
}

/** @param {ViewerSource} source @param {Mode} mode @param {readonly string[]} keys runs in sight @param {[Side, Side]} sides @returns {Plate[]} */
export function platesOf(source, mode, keys, sides) {
  const lanes = new Map(source.lanes().map((lane) => [lane.key, lane]));
  /** @type {(id: string, side: Side, letter: string) => Plate} */
  const single = (id, side, letter) => {
    const index = indexOf(source, side);
    const lane = lanes.get(side.key);
    return {
      id, label: `${letter}${lane?.label ?? side.key}`, color: lane?.color ?? "", caption: index < 0 ? "" : source.caption(side.key, index),
      layers: [{ key: side.key, index }], blend: "side",
    };
  };
  if (mode === "side") return keys.slice(0, MOST_PLATES).map((key) => single(key, { key, when: "cursor" }, ""));
  const [a, b] = [single("a", sides[0], "A · "), single("b", sides[1], "B · ")];
  const layers = [...a.layers, ...b.layers];
  if (mode === "difference") return [a, { id: "both", label: "|A − B|", color: "", caption: "", layers, blend: mode }, b];
  return [{ id: "both", label: `${a.label}  /  ${b.label}`, color: "", caption: a.caption === b.caption ? a.caption : `${a.caption}  /  ${b.caption}`, layers, blend: mode }];
}

/** How many columns give the largest pictures. @param {number} count @param {{width: number, height: number}} room @param {number} aspect width / height of the pictures */
export function columnsFor(count, room, aspect) {
  let best = 1;
  let largest = 0;
  for (let columns = 1; columns <= count; columns += 1) {
    const [width, height] = [room.width / columns, room.height / Math.ceil(count / columns) - 48];
    const size = Math.min(width, Math.max(1, height) * aspect);
    if (size > largest) [largest, best] = [size, columns];
  }
  return best;
}

/** "12 of 40 runs". @param {number} shown @param {number} all */
export function countText(shown, all) {
  return shown < all ? `${formatCount(shown)} of ${formatCount(all)} runs` : "";
}
