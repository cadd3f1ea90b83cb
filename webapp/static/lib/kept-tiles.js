/** Tiles of a timeline out of those that a file carries: closer than these are, what is there is drawn larger. */

import { packArrays } from "./arrays-frame.js";

/** @typedef {{level: number, first: number, tiles: number, bands: number[], lanes: number[], names: string[], curves: number[], rank: number}} KeptHeader of one part, as the server tells it */
/** @typedef {{header: KeptHeader, offsets: Uint32Array, columns: Record<string, ArrayLike<number>>}} KeptPart all tiles of a level, all bands and curves */
/** @typedef {{rank: number, level: number, first: number, last: number, bands: number[], curves: number[]}} TilesWanted */

const CELLS = 512; // of 2^level ns in a tile
const FIGURES = ["count", "total", "row", "name", "kind"];
const CURVES = ["least", "most", "last"];

/** "0-4,7" → 0, 1, 2, 3, 4, 7. @param {string} text */
const numbersOf = (text) => text.split(",").filter(Boolean).flatMap((part) => {
  const [from, to = from] = part.split("-").map(Number);
  return Array.from({ length: to - from + 1 }, (_, place) => from + place);
});

/** "RANK:LEVEL:FIRST:LAST:BANDS:CURVES;…". @param {string} ask @returns {TilesWanted[]} */
export function tilesWanted(ask) {
  return ask.split(";").map((part) => {
    const [rank, level, first, last, bands, curves] = part.split(":");
    return { rank: Number(rank), level: Number(level), first: Number(first), last: Number(last), bands: numbersOf(bands), curves: numbersOf(curves) };
  });
}

/** A recorded answer of one part. @param {{header: any, arrays: Record<string, ArrayLike<number>>}} answer @returns {KeptPart} */
export function keptPart({ header, arrays }) {
  const columns = Object.fromEntries(Object.entries(arrays).map(([name, column]) => [name.replace(/^0\./, ""), column]));
  const offsets = new Uint32Array(columns.counts.length + 1);
  for (let i = 0; i < columns.counts.length; i += 1) offsets[i + 1] = offsets[i] + columns.counts[i];
  return { header: header.parts[0], offsets, columns };
}

/** The answer to a question for tiles. @param {readonly TilesWanted[]} wanted @param {(rank: number) => readonly KeptPart[]} partsOf by rank, the closest first */
export function answerTiles(wanted, partsOf) {
  const parts = [];
  /** @type {Record<string, Float32Array | Uint32Array>} */
  const arrays = {};
  for (const [number, want] of wanted.entries()) {
    const kept = partsOf(want.rank);
    const part = [...kept].reverse().find(({ header }) => header.level <= want.level) ?? kept[0];
    if (!part) return null;
    const { records, figures, counts } = recordsOf(part, want);
    parts.push({ rank: want.rank, level: want.level, first: want.first, tiles: want.last - want.first, bands: want.bands, curves: want.curves, lanes: want.bands.map((band) => part.header.lanes[part.header.bands.indexOf(band)]), names: part.header.names, records });
    for (const [name, column] of Object.entries({ ...figures, counts, ...curvesOf(part, want) })) arrays[`${number}.${name}`] = column;
  }
  return packArrays({ parts }, arrays);
}

/** Slices of the wanted bands and tiles, in the order of the server: lane by lane, tile by tile. @param {KeptPart} part @param {TilesWanted} want */
function recordsOf({ header, offsets, columns }, { level, first, last, bands }) {
  const scale = 2 ** (header.level - level); // wanted cells in one that is kept
  /** @type {{counts: number[], rows: number[], from: number[], to: number[]}} */
  const { counts, rows, from, to } = { counts: [], rows: [], from: [], to: [] };
  for (const band of bands) {
    const place = header.bands.indexOf(band);
    const base = header.lanes.slice(0, place).reduce((sum, lanes) => sum + lanes, 0);
    for (let lane = base; lane < base + header.lanes[place]; lane += 1) {
      for (let tile = first; tile < last; tile += 1) {
        const before = rows.length;
        const [low, high] = [Math.floor(tile / scale), Math.max(Math.floor(tile / scale) + 1, Math.ceil((tile + 1) / scale))];
        for (let kept = Math.max(low, header.first); kept < Math.min(high, header.first + header.tiles); kept += 1) {
          const cell = lane * header.tiles + kept - header.first;
          for (let row = offsets[cell]; row < offsets[cell + 1]; row += 1) {
            const begin = (kept * CELLS + columns.from[row]) * scale - tile * CELLS;
            const end = (kept * CELLS + columns.to[row]) * scale - tile * CELLS;
            if (end <= 0 || begin >= CELLS) continue;
            rows.push(row);
            from.push(Math.max(-1, begin));
            to.push(Math.min(CELLS + 1, end));
          }
        }
        counts.push(rows.length - before);
      }
    }
  }
  const taken = (/** @type {string} */ name) => rows.map((row) => columns[name][row]);
  const figures = Object.fromEntries(FIGURES.map((name) => [name, name === "total" ? Float32Array.from(taken(name)) : Uint32Array.from(taken(name))]));
  return { records: rows.length, counts: Uint32Array.from(counts), figures: { ...figures, from: Float32Array.from(from), to: Float32Array.from(to) } };
}

/** Each wanted cell has the figures of the kept one that it lies in. @param {KeptPart} part @param {TilesWanted} want */
function curvesOf({ header, columns }, { level, first, last, curves }) {
  const scale = 2 ** (header.level - level);
  const width = header.tiles * CELLS;
  const cells = (last - first) * CELLS;
  const places = curves.map((curve) => header.curves.indexOf(curve) * width);
  const at = (/** @type {number} */ cell) => Math.floor((first * CELLS + cell) / scale) - header.first * CELLS;
  return Object.fromEntries(CURVES.map((name) => {
    const column = new Float32Array(curves.length * cells).fill(Number.NaN);
    for (const [place, base] of places.entries()) {
      for (let cell = 0; cell < cells; cell += 1) if (at(cell) >= 0 && at(cell) < width) column[place * cells + cell] = columns[name][base + at(cell)];
    }
    return [name, column];
  }));
}
