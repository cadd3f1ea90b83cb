/** What the page of hyperparameters shows where nobody chose: metric, axes, cells of the matrix. */

import { betterDirection } from "../../lib/best.js";
import { leadingScalars, quoteName, scalarColumn } from "../../lib/column-list.js";

/** @typedef {import("../../lib/column-list.js").ColumnsAnswer} ColumnsAnswer */

const MOST_AXES = 10;
const MOST_CELLS = 5;
export const STATISTICS = /** @type {const} */ (["max", "min", "last", "mean", "first"]);

/** A hyperparameter as a column: in the long form where a scalar or a column of our own has its name. @param {ColumnsAnswer} known @param {string} name */
export function hparamColumn(known, name) {
  return known.scalars.includes(name) || known.builtin.some((column) => column.name === name) ? quoteName(`hparams.${name}`) : quoteName(name);
}

/** The column that says how good a run is, "" where there is no scalar. @param {ColumnsAnswer} known */
export function defaultMetric(known) {
  const own = known.scalars.filter((tag) => /^hparam\//.test(tag)); // what add_hparams calls its metrics
  const [tag] = leadingScalars(own.some((name) => betterDirection(name)) ? own : known.scalars, 1);
  return tag === undefined ? "" : scalarColumn(tag, defaultStatistic(tag));
}

/** @param {string} tag */
export function defaultStatistic(tag) {
  return { "1": "max", "-1": "min", 0: "last" }[betterDirection(tag)] ?? "last";
}

/** "val/acc.max" → its tag and statistic. @param {ColumnsAnswer} known @param {string} column */
export function splitMetric(known, column) {
  for (const tag of known.scalars) {
    for (const field of STATISTICS) if (scalarColumn(tag, field) === column) return { tag, field };
  }
  return null;
}

/** Hyperparameters that have several values, and the metric at the right; of very many, those that most runs have. @param {ColumnsAnswer} known @param {string} metric */
export function defaultAxes(known, metric) {
  const varied = variedHparams(known);
  const most = new Set([...varied].sort((a, b) => a.missing - b.missing).slice(0, MOST_AXES - 1));
  return [...varied.filter((info) => most.has(info)).map(({ name }) => hparamColumn(known, name)), ...(metric ? [metric] : [])];
}

/** Those with the most values to scatter, and the metric. @param {ColumnsAnswer} known @param {string} metric */
export function defaultMatrix(known, metric) {
  const varied = [...variedHparams(known)].sort((a, b) => Number(b.kind === "number") - Number(a.kind === "number") || b.distinct - a.distinct);
  return [...varied.slice(0, MOST_CELLS - 1).map(({ name }) => hparamColumn(known, name)), ...(metric ? [metric] : [])];
}

/** An axis of one value says nothing; where there are no others, it is better than no axis. @param {ColumnsAnswer} known */
function variedHparams({ hparams }) {
  const varied = hparams.filter(({ distinct }) => distinct > 1);
  return varied.length ? varied : hparams;
}

/** "epochs 3": hyperparameters with one value. @param {ColumnsAnswer} known @returns {string[]} */
export function constants({ hparams }) {
  return hparams.filter(({ distinct }) => distinct === 1).map(({ name, values }) => `${name} ${values?.[0] ?? ""}`.trim());
}
