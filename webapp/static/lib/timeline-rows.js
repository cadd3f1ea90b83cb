/** Where the rows of a timeline lie below each other: groups, bands of lanes, curves; folded, hidden or pinned to the top. */

/**
 * @typedef {{key: string, kind: string, group: string, title: string, lanes: number, count: number}} BandInfo
 * @typedef {{group: string, title: string, unit: string, most: number}} CurveInfo
 * @typedef {{rank: number, end: number, zero_ns: string | null, slices: number, kinds: string[], bands: BandInfo[], curves: CurveInfo[], steps: {name: string, start: number, duration: number}[]}} TimelineInfo
 * @typedef {{info: TimelineInfo, shift: number}} RankLine `shift`: ns to add to the rank's times
 *
 * @typedef {object} Row
 * @property {"group" | "band" | "curve"} sort
 * @property {string} id the same in every session
 * @property {number} line place of its rank
 * @property {number} at place among the rank's bands or curves; −1 of a group
 * @property {string} title
 * @property {string} detail
 * @property {number} lanes drawn
 * @property {number} laneHeight CSS pixels
 * @property {number} top CSS pixels from the first row
 * @property {number} height
 * @property {boolean} folded
 * @property {boolean} foldable
 * @property {boolean} pinned
 */

/** @typedef {{pins: ReadonlySet<string>, toggled: ReadonlySet<string>, compact: boolean}} RowChoices `toggled`: folded where rows are open by themselves, open where they are folded */

const LANE = 18;
const FLAT = 12; // of a folded band
const GROUP = 22;
const CURVE = 34;
const GAP = 4;
const FOLDED = new Set(["python", "waits"]); // by themselves

/** Pinned rows are not drawn twice: they come in `pinned` alone. @param {readonly RankLine[]} lines @param {RowChoices} choices @returns {{rows: Row[], pinned: Row[], height: number, pinnedHeight: number}} */
export function layRows(lines, choices) {
  const all = lines.flatMap((line, place) => rowsOf(line, place, lines.length > 1, choices));
  const pinned = all.filter((row) => row.pinned);
  const rows = all.filter((row) => !row.pinned);
  return { rows, pinned, height: stack(rows), pinnedHeight: stack(pinned) };
}

/** @param {Row[]} rows @returns {number} the height of all */
function stack(rows) {
  let top = 0;
  for (const row of rows) {
    row.top = top;
    top += row.height;
  }
  return top;
}

/** @param {RankLine} line @param {number} place @param {boolean} several @param {RowChoices} choices @returns {Row[]} */
function rowsOf({ info }, place, several, choices) {
  /** @type {Row[]} */
  const rows = [];
  const prefix = several ? `rank ${info.rank} · ` : "";
  for (const group of groupsOf(info)) {
    const id = `${place}:${group}`;
    const folded = choices.toggled.has(id);
    const curves = info.curves.map((curve, at) => ({ curve, at })).filter(({ curve }) => curve.group === group);
    const bands = info.bands.map((band, at) => ({ band, at })).filter(({ band }) => band.group === group);
    if (group !== "Steps") rows.push({ ...blank, sort: "group", id, line: place, title: `${prefix}${group}`, detail: "", height: GROUP, folded, foldable: true });
    const inside = [...curves.map(({ curve, at }) => curveRow(curve, at, place, choices)), ...bands.map(({ band, at }) => bandRow(band, at, place, group === "Steps" ? prefix : "", choices))];
    rows.push(...inside.filter((row) => !folded || row.pinned));
  }
  return rows;
}

/** In the order of their first band; those with curves alone at the end. @param {TimelineInfo} info */
const groupsOf = (info) => [...new Set([...info.bands, ...info.curves].map(({ group }) => group))];

/** @type {Row} */
const blank = { sort: "group", id: "", line: 0, at: -1, title: "", detail: "", lanes: 0, laneHeight: 0, top: 0, height: 0, folded: false, foldable: false, pinned: false };

/** @param {BandInfo} band @param {number} at @param {number} line @param {string} prefix @param {RowChoices} choices @returns {Row} */
function bandRow(band, at, line, prefix, { pins, toggled, compact }) {
  const id = `${line}:${band.key}`;
  const folded = band.lanes > 1 && FOLDED.has(band.kind) !== toggled.has(id);
  const laneHeight = folded ? FLAT : compact ? LANE * 0.6 : LANE;
  const lanes = folded ? 1 : band.lanes;
  const detail = `${band.lanes > 1 ? `${band.lanes} deep, ` : ""}${band.count.toLocaleString("en")} slices`;
  return { ...blank, sort: "band", id, line, at, title: `${prefix}${band.title}`, detail, lanes, laneHeight, height: lanes * laneHeight + GAP, folded, foldable: band.lanes > 1, pinned: pins.has(id) };
}

/** @param {CurveInfo} curve @param {number} at @param {number} line @param {RowChoices} choices @returns {Row} */
function curveRow(curve, at, line, { pins }) {
  const id = `${line}:c${curve.title}`;
  return { ...blank, sort: "curve", id, line, at, title: curve.title.replace(`${curve.group} `, ""), detail: curve.title, laneHeight: CURVE, height: CURVE + GAP, pinned: pins.has(id) };
}

/** The row at a height, and its lane. @param {readonly Row[]} rows @param {number} y @returns {{row: Row, lane: number} | null} */
export function rowAt(rows, y) {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].top + rows[middle].height <= y) low = middle + 1;
    else high = middle;
  }
  const row = rows[low];
  if (!row || y < row.top) return null;
  return { row, lane: row.sort === "band" ? Math.min(row.lanes - 1, Math.floor((y - row.top) / row.laneHeight)) : 0 };
}

/** Those between two heights. @param {readonly Row[]} rows @param {number} from @param {number} to */
export const rowsBetween = (rows, from, to) => rows.filter(({ top, height }) => top < to && top + height > from);
