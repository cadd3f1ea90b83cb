/** From one scene to the next: boxes known to both move, new ones come out of what held them, edges stay with their boxes. */

/** @typedef {import("./graph-scene.js").GraphScene} GraphScene */
/** @typedef {{x: number, y: number}} Shift scene pixels */

/**
 * @typedef {object} Morph
 * @property {GraphScene} scene what is drawn on the way; its columns change with `at`
 * @property {Uint8Array} isNew 1: the box was not in the scene before
 * @property {(share: number) => void} at puts `scene` to a share of the way, 0 … 1
 */

/** @param {GraphScene} before @param {GraphScene} after @param {Shift} shift what is added to places of `before` to have them where `after` is seen @param {string | null} [opened] id of the box that was opened @returns {Morph} */
export function morph(before, after, shift, opened = null) {
  const source = (opened !== null && before.at.get(opened)) || -1;
  const isNew = new Uint8Array(after.count);
  const from = [before.x, before.y, before.w, before.h].map(() => new Float64Array(after.count));
  for (let box = 0; box < after.count; box += 1) {
    const known = before.at.get(after.id[box]);
    const start = known ?? holderOf(before, after.id[box], source);
    isNew[box] = known === undefined ? 1 : 0;
    const rect = start < 0 ? startless(after, box, from, before, shift) : placeOf(before, start, shift);
    rect.forEach((value, column) => (from[column][box] = value));
  }
  const to = [after.x, after.y, after.w, after.h];
  const now = to.map((column) => Float64Array.from(column));
  const lines = after.edges.points.map((line) => Float64Array.from(line));
  const scene = { ...after, x: now[0], y: now[1], w: now[2], h: now[3], edges: { ...after.edges, points: lines, bounds: everywhere(after.edges.count) } };
  const at = (/** @type {number} */ share) => {
    now.forEach((column, place) => column.forEach((_, box) => (column[box] = from[place][box] + (to[place][box] - from[place][box]) * share)));
    lines.forEach((line, edge) => moveLine(line, after, scene, edge));
  };
  at(0);
  return { scene, isNew, at };
}

/** @param {GraphScene} scene @param {number} box @param {Shift} shift */
function placeOf(scene, box, shift) {
  return [scene.x[box] + shift.x, scene.y[box] + shift.y, scene.w[box], scene.h[box]];
}

/** A box that nothing held comes from where its frame was, or stands where it will. @param {GraphScene} after @param {number} box @param {Float64Array[]} from @param {GraphScene} before @param {Shift} shift */
function startless(after, box, from, before, shift) {
  const frame = after.parent[box];
  if (frame < 0 || !before.at.has(after.id[frame])) return placeOf(after, box, { x: 0, y: 0 });
  return [from[0][frame] + after.x[box] - after.x[frame], from[1][frame] + after.y[box] - after.y[frame], after.w[box], after.h[box]];
}

/** The closed box of a scene that an id lies in, −1: its path grows shorter until it is known. @param {GraphScene} scene @param {string} id @param {number} [fold] a box that stands for several: the holder of what nothing else holds */
function holderOf(scene, id, fold = -1) {
  const isOfFold = fold >= 0 && id.startsWith(scene.id[fold].replace(/[^/]*\/\*+\d+$/, ""));
  let path = id.replace(/\/$/, "");
  while (path.includes("/")) {
    path = path.slice(0, path.lastIndexOf("/"));
    const holder = scene.at.get(`${path}/`);
    if (holder !== undefined && scene.kind[holder] !== "open") return holder;
  }
  return isOfFold ? fold : -1;
}

/** An edge follows its ends: its first point moves with one box, its last with the other, those between in proportion. @param {Float64Array} line @param {GraphScene} after @param {GraphScene} now @param {number} edge */
function moveLine(line, after, now, edge) {
  const final = after.edges.points[edge];
  const last = line.length - 2;
  if (last < 2) return;
  const moved = (/** @type {number} */ box, /** @type {number} */ at) => [
    now.x[box] + ((final[at] - after.x[box]) / Math.max(1, after.w[box])) * now.w[box] - final[at],
    now.y[box] + ((final[at + 1] - after.y[box]) / Math.max(1, after.h[box])) * now.h[box] - final[at + 1],
  ];
  const start = moved(after.edges.from[edge], 0);
  const end = moved(after.edges.to[edge], last);
  for (let at = 0; at <= last; at += 2) {
    line[at] = final[at] + start[0] + ((end[0] - start[0]) * at) / last;
    line[at + 1] = final[at + 1] + start[1] + ((end[1] - start[1]) * at) / last;
  }
}

/** @param {number} count */
function everywhere(count) {
  return Float64Array.from({ length: 4 * count }, (_, at) => (at % 4 < 2 ? -Infinity : Infinity));
}

/**
 * How far the next scene lies from the one before, so that a box which was clicked stays where the pointer is: its
 * header where the closed box was, or the box in the middle of where its frame's upper end was.
 *
 * @param {GraphScene} before @param {GraphScene} after @param {string[]} ids candidates, best first @param {{x: number, y: number} | null} point the scene's point clicked, before @returns {Shift | null}
 */
export function anchorShift(before, after, ids, point) {
  for (const id of ids) {
    const [old, next] = [before.at.get(id), after.at.get(id) ?? holderIndex(after, id)];
    if (old === undefined || next === undefined) continue;
    const at = point ?? { x: before.x[old] + before.w[old] / 2, y: before.y[old] };
    const share = Math.min(1, Math.max(0, (at.x - before.x[old]) / Math.max(1, before.w[old])));
    const down = Math.min(Math.max(0, at.y - before.y[old]), 14, after.h[next] / 2);
    return { x: after.x[next] + share * after.w[next] - at.x, y: after.y[next] + down - at.y };
  }
  return null;
}

/** @param {GraphScene} scene @param {string} id */
function holderIndex(scene, id) {
  const holder = holderOf(scene, id);
  return holder < 0 ? undefined : holder;
}
