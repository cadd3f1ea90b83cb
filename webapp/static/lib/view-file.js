/**
 * A view as it lies in a file: small, readable, and written by people too. What this version does not know is kept as it
 * came, so that an older page does not lose what a newer one wrote; a chart that cannot be read is kept and says why.
 */

/**
 * @typedef {{tag?: string, tag_regex?: string, formula?: string, label?: string, axis?: "left" | "right"}} SeriesSpec
 * @typedef {{value: string, lower: string, upper: string}} MarginSpec
 * @typedef {{axis: "x" | "y" | "y_right", value: number, label?: string}} MarkLine
 * @typedef {{kind: string, amount: number}} Smoothing
 * @typedef {"step" | "relative" | "wall" | {tag: string}} XSpec
 *
 * @typedef {object} Chart
 * @property {string} type "line" | "scatter" | "bar" | "text"; another one is kept and told
 * @property {string} [title]
 * @property {number} [columns] width in grid columns, 1–4
 * @property {number} [rows] height in grid rows, 1–3
 * @property {SeriesSpec[]} [series]
 * @property {MarginSpec[]} [margins]
 * @property {XSpec} [x]
 * @property {boolean} [log_x]
 * @property {boolean} [log_y]
 * @property {boolean} [log_y_right]
 * @property {number | Smoothing} [smoothing]
 * @property {any} [grouping] null: every run for itself; absent: as the view has it
 * @property {{x?: [number, number] | null, y?: [number, number] | null}} [range]
 * @property {MarkLine[]} [lines]
 * @property {string} [x_column]
 * @property {string} [y_column]
 * @property {string} [color_column]
 * @property {boolean} [regression]
 * @property {string} [column]
 * @property {"value" | "name"} [sort]
 * @property {string} [text]
 *
 * @typedef {{title: string, charts: Chart[]}} ViewSection
 * @typedef {{x?: XSpec, smoothing?: number | Smoothing, grouping?: any, runs?: string}} ViewSettings
 * @typedef {{stepscope_view: number, title: string, description?: string, settings?: ViewSettings, sections: ViewSection[]}} View
 */

export const VERSION = 1;
export const SIZES = Object.freeze({ columns: [1, 4], rows: [1, 3] });
const TYPES = ["line", "scatter", "bar", "text"];

/** @param {string} title @param {Chart[]} [charts] @returns {View} */
export function newView(title, charts = []) {
  return { stepscope_view: VERSION, title, sections: [{ title: "", charts }] };
}

/**
 * @param {string} text of a view file
 * @returns {View}
 * @throws {Error} with a sentence: where the text is no JSON, or what is missing
 */
export function parseView(text) {
  let content;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new Error(`This file is not JSON: ${/** @type {Error} */ (error).message}.`);
  }
  return readView(content);
}

/**
 * What has one clear meaning is mended: a view without sections has none, a single chart list is one section.
 *
 * @param {unknown} content decoded JSON
 * @returns {View}
 * @throws {Error} with a sentence
 */
export function readView(content) {
  if (!isObject(content)) throw new Error("A view is a JSON object with a list of sections; this file holds something else.");
  const version = content.stepscope_view;
  if (version === undefined) throw new Error('This is not a view: it lacks the line "stepscope_view": 1.');
  if (typeof version !== "number" || version > VERSION) {
    throw new Error(`This view is of version ${version}, and this page reads version ${VERSION}. A newer stepscope opens it.`);
  }
  const sections = content.sections ?? (Array.isArray(content.charts) ? [{ title: "", charts: content.charts }] : []);
  if (!Array.isArray(sections)) throw new Error('"sections" of this view is not a list.');
  const { charts: _, ...kept } = content;
  return { ...kept, stepscope_view: VERSION, title: String(content.title ?? "Untitled"), sections: sections.map(readSection) };
}

/** @param {unknown} section @param {number} index @returns {ViewSection} */
function readSection(section, index) {
  if (!isObject(section)) throw new Error(`Section ${index + 1} of this view is not an object.`);
  const charts = section.charts ?? [];
  if (!Array.isArray(charts)) throw new Error(`"charts" of section ${index + 1} is not a list.`);
  return { ...section, title: String(section.title ?? ""), charts: charts.map(readChart) };
}

/** @param {unknown} chart @returns {Chart} */
function readChart(chart) {
  return isObject(chart) ? /** @type {Chart} */ ({ ...chart, type: String(chart.type ?? "line") }) : /** @type {any} */ ({ type: "unknown", was: chart });
}

/** Two blanks deep, lists of numbers on one line: meant to be read and compared. @param {View} view */
export function writeView(view) {
  const text = JSON.stringify(view, null, 2);
  return `${text.replace(/\[\n\s+(-?[\d.e+-]+),\n\s+(-?[\d.e+-]+)\n\s+\]/g, "[$1, $2]")}\n`;
}

/**
 * Why a chart cannot be drawn; null when it can.
 *
 * @param {Chart} chart
 * @returns {string | null}
 */
export function chartProblem(chart) {
  if (!TYPES.includes(chart.type)) return `This chart has the type "${chart.type}"; this page knows ${TYPES.join(", ")}.`;
  if (chart.type === "line") return lineProblem(chart);
  if (chart.type === "scatter" && !(isName(chart.x_column) && isName(chart.y_column))) return "A scatter chart needs x_column and y_column.";
  if (chart.type === "bar" && !isName(chart.column)) return "A bar chart needs a column.";
  return null;
}

/** @param {Chart} chart */
function lineProblem({ series = [], margins = [], lines = [] }) {
  if (!Array.isArray(series) || !Array.isArray(margins) || !Array.isArray(lines)) return '"series", "margins" and "lines" of a line chart are lists.';
  if (series.length + margins.length === 0) return "This chart has no lines yet: choose tags or write a formula.";
  for (const entry of series) {
    if (!isObject(entry) || !(isName(entry.tag) || isName(entry.formula) || isName(entry.tag_regex))) return "Each series names a tag, a tag_regex or a formula.";
    const problem = isName(entry.tag_regex) ? patternProblem(entry.tag_regex) : null;
    if (problem) return problem;
  }
  for (const margin of margins) {
    if (!isObject(margin) || !(isName(margin.value) && isName(margin.lower) && isName(margin.upper))) return "Each margin names the tags of value, lower and upper.";
  }
  return null;
}

/** @param {string} pattern @returns {RegExp | null} null when it is none, or may take for ever */
export function regexOf(pattern) {
  if (repeatsRepeats(pattern)) return null;
  const flagged = /^\(\?([ims]+):(.*)\)$/s.exec(pattern); // flags of the whole pattern, which older browsers know only apart
  return compiled(pattern) ?? (flagged && compiled(flagged[2], flagged[1]));
}

/** Matches from the start of the tag, as TensorBoard does; null when it is no pattern. @param {string} pattern @param {string} [flags] */
function compiled(pattern, flags) {
  try {
    return new RegExp(`^(?:${pattern})`, flags);
  } catch {
    return null;
  }
}

/** A sentence, null where the pattern can be used. @param {string} pattern */
function patternProblem(pattern) {
  if (regexOf(pattern)) return null;
  return repeatsRepeats(pattern)
    ? `"${pattern}" repeats a group with repeats or choices in it, which can take for ever to match.`
    : `"${pattern}" is no regular expression.`;
}

/**
 * Whether a group that may match the same text in many ways is repeated, as in (a+)+: a browser cannot be told to stop.
 *
 * @param {string} pattern
 */
function repeatsRepeats(pattern) {
  let rest = pattern.replace(/\\./gs, "x").replace(/\[\^?\]?[^\]]*\]/g, "x").replace(/\(\?(?:<?[=!]|[ims]*:)/g, "(");
  for (;;) { // innermost groups first; "\0" stands for one with repeats in it
    const found = /\(([^()]*)\)([*+]|\{\d*,)?/.exec(rest);
    if (!found) return false;
    const inside = /[*+|\0]|\{\d*,/.test(found[1]);
    if (inside && found[2]) return true;
    rest = rest.slice(0, found.index) + (inside || found[2] ? "\0" : "x") + rest.slice(found.index + found[0].length);
  }
}

/**
 * The series of a line chart with regular expressions replaced by the tags they match.
 *
 * @param {Chart} chart @param {string[]} tags all there are
 * @returns {SeriesSpec[]}
 */
export function expandSeries(chart, tags) {
  return (chart.series ?? []).flatMap((entry) => {
    if (!entry.tag_regex) return [entry];
    const pattern = regexOf(entry.tag_regex);
    const { tag_regex: _, label: __, ...rest } = entry;
    return tags.filter((tag) => pattern?.test(tag)).map((tag) => ({ ...rest, tag }));
  });
}

/** What a chart is called when it has no title of its own. @param {Chart} chart */
export function chartTitle(chart) {
  if (chart.title) return chart.title;
  if (chart.type === "scatter") return `${chart.y_column ?? "?"} over ${chart.x_column ?? "?"}`;
  if (chart.type === "bar") return chart.column ?? "Bars";
  if (chart.type === "text") return "";
  const names = [...(chart.series ?? []).map(seriesName), ...(chart.margins ?? []).map(({ value }) => value)];
  return names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
}

/** @param {SeriesSpec} entry */
export function seriesName(entry) {
  return entry.label || entry.tag || entry.formula || entry.tag_regex || "";
}

/** Grid cells a chart covers. @param {Chart} chart @returns {{columns: number, rows: number}} */
export function chartSize({ columns, rows }) {
  const whole = (/** @type {unknown} */ value, /** @type {readonly number[]} */ [lo, hi]) => Math.min(hi, Math.max(lo, Math.round(Number(value)) || lo));
  return { columns: whole(columns, SIZES.columns), rows: whole(rows, SIZES.rows) };
}

/** Leaves out what says nothing: empty texts and lists, false, and what is as without it. @param {Chart} chart @returns {Chart} */
export function tidyChart(chart) {
  const says = (/** @type {unknown} */ value) => value !== undefined && value !== "" && value !== false && !(Array.isArray(value) && value.length === 0);
  const entries = Object.entries(chart).filter(([key, value]) => says(value) && !(["columns", "rows"].includes(key) && value === 1));
  return /** @type {Chart} */ (Object.fromEntries(entries));
}

/** @param {unknown} value @returns {value is Record<string, any>} */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {unknown} value @returns {value is string} */
function isName(value) {
  return typeof value === "string" && value.trim() !== "";
}
