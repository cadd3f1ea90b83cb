/** Atoms ⇄ location.hash. What equals the built-in default is left out, so a link means the same to everyone. */

import { decodeColumns, decodeOrder, encodeColumns, encodeOrder } from "../lib/column-list.js";
import { decodeBrushes, encodeBrushes } from "../lib/brush.js";
import { decodeLevels, encodeLevels } from "../lib/levels.js";
import { decodeSight, encodeSight } from "../lib/pan-zoom.js";
import { decodeComparison, encodeComparison } from "../lib/picture-pair.js";
import { escapeName, escapeValue } from "../lib/names.js";
import { decodeGraph, encodeGraph } from "../lib/graph-choice.js";
import { decodeEmbedding, encodeEmbedding } from "../lib/embedding-choice.js";
import { decodeIds, encodeIds } from "../lib/graph-paths.js";
import { decodeViews as decodePointViews, encodeViews as encodePointViews } from "../lib/point-views.js";
import { decodeRows, encodeRows } from "../lib/row-set-text.js";
import { decodeChoice, encodeChoice } from "../lib/selection.js";
import { overrides, decodeOverrides, encodeOverrides } from "./chart-settings.js";
import { actualSize, comparison, imageLayout, imageLevels, imageSample, imageSight, viewedCard } from "./image-settings.js";
import { decodeGrouping, encodeGrouping, grouping, openGroups } from "./grouping.js";
import { confusionBase, confusionWords } from "./confusion-settings.js";
import { curveFlags, thresholds } from "./curve-settings.js";
import * as graph from "./graph-settings.js";
import { histogramFlags, histogramMode, histogramScale, histogramViews, MODES, SCALES } from "./histogram-settings.js";
import * as comparisons from "./comparison-settings.js";
import * as profile from "./profile-settings.js";
import * as profileViews from "./profile-views.js";
import * as projector from "./projector-settings.js";
import { ownColors } from "./figure-settings.js";
import * as timeline from "./timeline-settings.js";
import { cardPins, cellWidth, shownKinds, wideCards } from "./media-settings.js";
import { decodeTableViews, encodeTableViews, tableViews } from "./table-views.js";
import { decodeTextViews, encodeTextViews, textViews } from "./text-views.js";
import * as store from "./store.js";
import { unlinked } from "./unlinked-cards.js";

/** @typedef {import("../lib/types.js").View} View */
/** @typedef {import("../lib/types.js").Range} Range */

/**
 * @typedef {object} Field
 * @property {import("../lib/atom.js").Atom<any>} atom
 * @property {(value: any) => string} encode "" leaves it out
 * @property {(text: string) => any} decode
 * @property {boolean} [kept] also remembered in this browser, as the default of the next visit
 */

/** @param {readonly string[]} values */
const oneOf = (values) => ({ encode: String, decode: (/** @type {string} */ text) => (values.includes(text) ? text : values[0]) });
/** @param {number} lo @param {number} hi */
const number = (lo, hi) => ({
  encode: (/** @type {number} */ value) => String(value),
  decode: (/** @type {string} */ text) => Math.min(hi, Math.max(lo, Number.parseFloat(text) || 0)),
});
const flag = { encode: (/** @type {boolean} */ on) => (on ? "1" : "0"), decode: (/** @type {string} */ text) => text === "1" };
const plain = { encode: String, decode: String };
const names = {
  encode: (/** @type {Iterable<string>} */ list) => [...list].map(escapeName).join(","),
  decode: (/** @type {string} */ text) => text.split(",").filter(Boolean).map(decodeURIComponent),
};
/** null: nobody chose. */
const nameList = {
  encode: (/** @type {readonly string[] | null} */ list) => (list ? names.encode(list) || "-" : ""),
  decode: (/** @type {string} */ text) => (text === "" ? null : names.decode(text === "-" ? "" : text)),
};
/** Groups that are open; null: nobody chose. */
const groupSet = {
  encode: (/** @type {ReadonlySet<string> | null} */ ids) => (ids ? encodeIds(ids) || "-" : ""),
  decode: (/** @type {string} */ text) => (text === "" ? null : decodeIds(text === "-" ? "" : text)),
};
const nameSet = { encode: names.encode, decode: (/** @type {string} */ text) => new Set(names.decode(text)) };

const LONGEST_ROWS = 1500; // characters
/** null: all rows. Rows that do not fit are "-": they stay on their own page, and elsewhere there are all. */
const fewRowsOrAll = {
  encode: (/** @type {Uint32Array | null} */ rows) => (rows ? encodeFewRows(rows) || "-" : ""),
  decode: (/** @type {string} */ text) => (text === "-" ? null : decodeRows(text)),
};

/** @type {Record<string, Field>} */
export const FIELDS = {
  view: { atom: store.viewName, ...plain },
  runs: { atom: store.chosen, encode: (choice) => encodeChoice(choice, store.catalog.get().names), decode: decodeChoice },
  hide: { atom: store.hidden, ...nameSet },
  select: { atom: store.selectedRuns, ...nameSet },
  cols: { atom: store.tableColumns, encode: encodeColumns, decode: decodeColumns },
  sidecols: { atom: store.sideColumns, encode: encodeColumns, decode: decodeColumns, kept: true },
  sort: { atom: store.runOrder, encode: encodeOrder, decode: decodeOrder },
  foldgroups: { atom: store.foldedGroups, ...nameSet },
  runfilter: { atom: store.runFilter, ...plain },
  brush: { atom: store.brushes, encode: encodeBrushes, decode: decodeBrushes },
  metric: { atom: store.metric, ...plain },
  axes: { atom: store.axes, ...nameList },
  matrix: { atom: store.matrix, ...nameList },
  scales: { atom: store.axisScales, encode: encodeScales, decode: decodeScales },
  colorby: { atom: store.colorBy, ...plain },
  flip: { atom: store.flippedAxes, ...nameSet },
  bare: { atom: store.bareRuns, ...flag },
  tagfilter: { atom: store.tagFilter, ...plain },
  x: { atom: store.axis, encode: String, decode: (text) => (/^(relative|wall|tag:.+)$/s.test(text) ? text : "step"), kept: true },
  logx: { atom: store.logX, ...flag, kept: true },
  logy: { atom: store.logY, ...flag, kept: true },
  smooth: { atom: store.smoothing, ...number(0, 10_001), kept: true },
  smoothing: { atom: store.smoothingKind, ...oneOf(["ema", "time_ema", "mean", "median", "gaussian"]), kept: true },
  slope: { atom: store.derivative, ...flag },
  group: { atom: grouping, encode: encodeGrouping, decode: decodeGrouping },
  members: { atom: openGroups, ...nameSet },
  own: { atom: overrides, encode: encodeOverrides, decode: decodeOverrides },
  stats: { atom: store.statistics, encode: encodeRanges, decode: decodeRanges },
  unmarked: { atom: store.hiddenMarks, ...nameSet, kept: true },
  robust: { atom: store.robust, ...flag, kept: true },
  segments: { atom: store.segments, ...oneOf(["latest", "all", "separate"]), kept: true },
  tip: { atom: store.tooltipSort, ...oneOf(["nearest", "descending", "ascending", "name"]), kept: true },
  card: { atom: store.cardWidth, ...number(240, 1200), kept: true },
  side: { atom: store.sidebarWidth, ...number(180, 720), kept: true },
  pin: { atom: store.pins, ...names, kept: true },
  wide: { atom: store.wide, ...nameSet },
  fold: { atom: store.folded, ...nameSet },
  zoom: { atom: store.views, encode: encodeViews, decode: decodeViews },
  color: { atom: store.colors, encode: encodeColors, decode: decodeColors },
  kinds: { atom: shownKinds, ...nameSet },
  cell: { atom: cellWidth, ...number(120, 1200), kept: true },
  mpin: { atom: cardPins, ...names, kept: true },
  mwide: { atom: wideCards, ...nameSet },
  free: { atom: unlinked, encode: encodePlaces, decode: decodePlaces },
  thresholds: { atom: thresholds, encode: encodePlaces, decode: decodePlaces },
  hist: { atom: histogramMode, ...oneOf(MODES), kept: true },
  histscale: { atom: histogramScale, ...oneOf(SCALES), kept: true },
  histdraw: { atom: histogramFlags, ...nameSet, kept: true },
  histzoom: { atom: histogramViews, encode: encodeViews, decode: decodeViews },
  curves: { atom: curveFlags, ...nameSet, kept: true },
  figurecolors: { atom: ownColors, ...flag, kept: true },
  tables: { atom: tableViews, encode: encodeTableViews, decode: decodeTableViews },
  confusion: { atom: confusionWords, ...nameSet },
  confusionbase: { atom: confusionBase, ...plain },
  text: { atom: textViews, encode: encodeTextViews, decode: decodeTextViews },
  pictures: { atom: imageLayout, ...oneOf(["runs", "steps"]) },
  levels: { atom: imageLevels, encode: encodeLevels, decode: decodeLevels },
  actual: { atom: actualSize, ...flag },
  sample: { atom: imageSample, encode: String, decode: (text) => Math.max(0, Number.parseInt(text, 10) || 0) },
  look: { atom: viewedCard, ...plain },
  lookat: { atom: imageSight, encode: encodeSight, decode: decodeSight },
  compare: { atom: comparison, encode: encodeComparison, decode: decodeComparison },
  graph: { atom: graph.graphChoice, encode: encodeGraph, decode: decodeGraph },
  gopen: { atom: graph.openGroupIds, ...groupSet },
  gunfold: { atom: graph.unfoldedIds, encode: encodeIds, decode: decodeIds },
  gbox: { atom: graph.selectedBox, ...plain },
  gcolor: { atom: graph.graphColor, ...plain },
  gfold: { atom: graph.foldRepeats, ...flag, kept: true },
  gtree: { atom: graph.treeShown, ...flag, kept: true },
  gtreewidth: { atom: graph.treeWidth, ...number(200, 720), kept: true },
  gsight: { atom: graph.graphSight, encode: graph.encodeSight, decode: graph.decodeSight },
  e: { atom: projector.embeddingChoice, encode: encodeEmbedding, decode: decodeEmbedding },
  pviews: { atom: projector.pointViews, encode: encodePointViews, decode: decodePointViews },
  pfront: { atom: projector.activeView, ...number(0, 99) },
  pcolor: { atom: projector.colorBy, ...plain },
  pscale: { atom: projector.colorScale, ...oneOf(["linear", "log", "quantile"]) },
  psize: { atom: projector.sizeBy, ...plain },
  plabel: { atom: projector.labelBy, ...plain },
  pdraw: { atom: projector.drawnExtras, ...nameSet },
  pimage: { atom: projector.imageSize, ...number(8, 256) },
  pmatch: { atom: projector.matchBy, ...plain },
  psteps: { atom: projector.allSteps, ...flag },
  pcamera: { atom: projector.cameras, encode: encodeCameras, decode: decodeCameras },
  pselect: { atom: projector.chosenRows, encode: encodeFewRows, decode: decodeRows },
  palone: { atom: projector.loneRows, ...fewRowsOrAll },
  pfilter: { atom: projector.filters, encode: encodeBrushes, decode: decodeBrushes },
  pk: { atom: projector.neighborCount, ...number(1, 1000) },
  pmetric: { atom: projector.neighborMetric, ...plain },
  pmark: { atom: projector.bookmarkName, ...plain },
  pmethod: { atom: projector.methodShown, ...flag, kept: true },
  pinspect: { atom: projector.inspectorShown, ...flag, kept: true },
  trace: { atom: profile.profileChoice, ...plain },
  tview: { atom: profile.profileTab, ...plain },
  trank: { atom: profile.profileRank, encode: (rank) => (rank === null ? "" : String(rank)), decode: (text) => finiteOr(text, null) },
  twindow: { atom: profile.profileWindow, encode: profile.encodeWindow, decode: profile.decodeWindow },
  tlspan: { atom: timeline.timelineSpan, encode: profile.encodeWindow, decode: profile.decodeWindow },
  tlslice: { atom: timeline.timelineSlice, ...plain },
  tlpin: { atom: timeline.timelinePins, ...nameSet },
  tlfold: { atom: timeline.timelineFolds, ...nameSet },
  tlranks: { atom: timeline.timelineRanks, ...nameSet },
  tlcolor: { atom: timeline.timelineColors, ...oneOf(["kind", "name"]), kept: true },
  tlrange: { atom: timeline.timelineRange, encode: timeline.encodeRange, decode: timeline.decodeRange },
  tlmarks: { atom: timeline.timelineMarks, encode: String, decode: (text) => text.split(",").filter(Boolean).map(Number).filter(Number.isFinite) },
  tlpath: { atom: timeline.timelinePath, ...flag },
  tlfind: { atom: timeline.timelineSearch, ...plain },
  tlpattern: { atom: timeline.timelinePattern, ...flag },
  toperators: { atom: profileViews.operatorsBy, ...plain },
  tkernels: { atom: profileViews.kernelsBy, ...plain },
  tflame: { atom: profileViews.flameOf, ...plain },
  tranks: { atom: comparisons.ranksBy, ...plain },
  tmetric: { atom: comparisons.rankMetric, ...plain },
  tpath: { atom: comparisons.pathBy, ...plain },
  tdiff: { atom: comparisons.diffBy, ...plain },
  tother: { atom: comparisons.diffOther, ...plain },
  totherrank: { atom: comparisons.diffRank, encode: (rank) => (rank === null ? "" : String(rank)), decode: (text) => finiteOr(text, null) },
  tframes: { atom: profileViews.flameFrames, ...plain },
  at: { atom: store.cursor, encode: (value) => (value === null ? "" : String(value)), decode: (text) => finiteOr(text, null) },
};

const DEFAULTS = new Map(Object.entries(FIELDS).map(([key, { atom, encode }]) => [key, { value: atom.get(), text: encode(atom.get()) }]));

/** The pages there are; an unknown one leads to the first. */
const PAGES = ["scalars", "runs", "views", "hparams", "media", "distributions", "graph", "projector", "profile"];

/** @param {(key: string) => boolean} [wanted] fields it is about @returns {string} "#scalars", or "#scalars?x=wall&…" */
export function encodeHash(wanted = () => true) {
  const parts = [];
  for (const [key, { atom, encode }] of Object.entries(FIELDS)) {
    const text = wanted(key) ? encode(atom.get()) : DEFAULTS.get(key)?.text;
    if (text !== undefined && text !== DEFAULTS.get(key)?.text) parts.push(`${key}=${escapeValue(text)}`);
  }
  const page = `#${store.page.get()}`;
  return parts.length ? `${page}?${parts.join("&")}` : page;
}

/** Sets every atom: to what the hash says, else to its default. @param {string} hash @param {(key: string) => boolean} [wanted] fields it is about */
export function decodeHash(hash, wanted = () => true) {
  store.page.set(pageOf(hash));
  const given = new URLSearchParams(hash.replaceAll("+", "%2B").split("?").slice(1).join("?"));
  for (const [key, { atom, encode, decode }] of Object.entries(FIELDS).filter(([key]) => wanted(key))) {
    const text = given.get(key);
    if (text === encode(atom.get())) continue;
    atom.set(text === null ? DEFAULTS.get(key)?.value : safely(decode, text, DEFAULTS.get(key)?.value));
  }
}

/** @param {string} hash @returns {string} */
export function pageOf(hash) {
  const id = hash.slice(1).split("?")[0];
  return PAGES.includes(id) ? id : PAGES[0];
}

/** A link may be cut off or mistyped: what cannot be read counts as not given. @param {(text: string) => any} decode @param {string} text @param {any} fallback */
function safely(decode, text, fallback) {
  try {
    return decode(text);
  } catch {
    return fallback;
  }
}

/** "tag:x0,x1,y0,y1;…", an axis that is not zoomed left empty. @param {ReadonlyMap<string, View>} views */
function encodeViews(views) {
  const ends = (/** @type {Range | null} */ range) => (range ? range.map((end) => Number(end.toPrecision(12))).join(",") : ",");
  return [...views].map(([tag, { x, y }]) => `${escapeName(tag)}:${ends(x)},${ends(y)}`).join(";");
}

/** @param {string} text @returns {Map<string, View>} */
function decodeViews(text) {
  const views = new Map();
  for (const part of text.split(";").filter(Boolean)) {
    const [tag, ends] = part.split(":");
    const [x0, x1, y0, y1] = (ends ?? "").split(",").map((end) => finiteOr(end, NaN));
    const range = (/** @type {number} */ lo, /** @type {number} */ hi) => (lo < hi ? [lo, hi] : null);
    views.set(decodeURIComponent(tag), { x: range(x0, x1), y: range(y0, y1) });
  }
  return views;
}

/** "tag:x0,x1;…", nothing behind the colon for what the chart shows. @param {ReadonlyMap<string, Range | null>} ranges */
function encodeRanges(ranges) {
  return [...ranges].map(([tag, range]) => `${escapeName(tag)}:${range ? range.map((end) => Number(end.toPrecision(12))).join(",") : ""}`).join(";");
}

/** @param {string} text @returns {Map<string, Range | null>} */
function decodeRanges(text) {
  return new Map(text.split(";").filter(Boolean).map((part) => {
    const [tag, ends = ""] = part.split(":");
    const [lo, hi] = ends.split(",").map((end) => finiteOr(end, NaN));
    return [decodeURIComponent(tag), lo < hi ? /** @type {Range} */ ([lo, hi]) : null];
  }));
}

/** "card:at;…", nothing behind the colon for the latest value. @param {ReadonlyMap<string, number | null>} places */
function encodePlaces(places) {
  return [...places].map(([card, at]) => `${escapeName(card)}:${at === null ? "" : Number(at.toPrecision(16))}`).join(";");
}

/** @param {string} text @returns {Map<string, number | null>} */
function decodePlaces(text) {
  return new Map(text.split(";").filter(Boolean).map((part) => {
    const [card, at = ""] = part.split(":");
    return [decodeURIComponent(card), finiteOr(at, null)];
  }));
}

/** "lr:log,depth:linear". @param {ReadonlyMap<string, string>} scales */
function encodeScales(scales) {
  return [...scales].map(([name, scale]) => `${escapeName(name)}:${scale}`).join(",");
}

/** @param {string} text @returns {Map<string, string>} */
function decodeScales(text) {
  const pairs = text.split(",").map((part) => part.split(":")).filter(([, scale]) => ["linear", "log", "quantile"].includes(scale));
  return new Map(pairs.map(([name, scale]) => [decodeURIComponent(name), scale]));
}

/** Whether a field says what the page of embeddings shows: what its bookmarks keep. @param {string} key */
export const isOfProjector = (key) => key === "e" || key === "at" || (/^p[a-z]+$/.test(key) && !["pin", "pictures", "pmark"].includes(key));

/** A selection of many scattered points is no part of an address. @param {Uint32Array} rows */
function encodeFewRows(rows) {
  const text = rows.length < LONGEST_ROWS * 100 ? encodeRows(rows) : "";
  return text.length <= LONGEST_ROWS ? text : "";
}

/** "0:x,y,z,distance,yaw,pitch;…" by the id of a view. @param {ReadonlyMap<number, readonly number[]>} cameras */
function encodeCameras(cameras) {
  return [...cameras].map(([id, parts]) => `${id}:${parts.join(",")}`).join(";");
}

/** @param {string} text @returns {Map<number, number[]>} */
function decodeCameras(text) {
  const pairs = text.split(";").filter(Boolean).map((part) => part.split(":"));
  return new Map(pairs.map(([id, parts]) => /** @type {[number, number[]]} */ ([Number(id), parts.split(",").map(Number)])).filter(([, parts]) => parts.length === 6 && parts.every(Number.isFinite)));
}

/** @param {ReadonlyMap<string, string>} colors */
function encodeColors(colors) {
  return [...colors].map(([run, color]) => `${escapeName(run)}:${color.slice(1)}`).join(",");
}

/** @param {string} text @returns {Map<string, string>} */
function decodeColors(text) {
  const pairs = text.split(",").map((part) => part.split(":")).filter(([, color]) => /^[0-9a-f]{6}$/i.test(color ?? ""));
  return new Map(pairs.map(([run, color]) => [decodeURIComponent(run), `#${color}`]));
}

/** @template T @param {string} text @param {T} fallback @returns {number | T} */
function finiteOr(text, fallback) {
  const value = text === "" ? NaN : Number(text);
  return Number.isFinite(value) ? value : fallback;
}
