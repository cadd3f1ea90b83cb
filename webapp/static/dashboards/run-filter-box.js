/** The filter of the runs, kept the same beside the charts and above the table. */

import { atBestColumn, quoteName } from "../lib/column-list.js";
import { knownColumns } from "../state/run-table.js";
import { runMatch } from "../state/run-filter.js";
import * as store from "../state/store.js";
import { knownTags } from "../state/user-state.js";
import { bind } from "../ui/controls.js";
import { filterBox } from "../ui/table/filter-box.js";

const FIELDS = ["min", "max", "mean", "last", "first", "std"];

const STATES = ["running", "finished", "crashed", "stale"];

/** @type {{known: unknown, names: string[]}} */
let offered = { known: null, names: [] };

/** Names that a query may use. */
function columnNames() {
  const known = knownColumns.get();
  if (!known || offered.known === known) return offered.names;
  const scalars = known.scalars.flatMap((tag) => [tag, ...FIELDS.map((field) => `${quoteName(tag)}.${field}`)]);
  const pair = known.scalars.length > 1 ? [atBestColumn(known.scalars[0], known.scalars[1], "max")] : [];
  offered = { known, names: [...known.builtin.map(({ name }) => name), ...known.hparams.map(({ name }) => name), ...scalars, ...known.texts, ...pair] };
  return offered.names;
}

/** Texts that a column may hold, as far as they are known here. @param {string} name */
function valuesOf(name) {
  if (name === "state") return STATES;
  if (name === "tags") return knownTags();
  const known = knownColumns.get()?.hparams.find((info) => info.name === name);
  return (known?.values ?? []).filter((value) => typeof value === "string");
}

export function runFilterBox() {
  const box = filterBox("Filter runs", () => ({ names: columnNames(), valuesOf }));
  bind(box, store.runFilter);
  runMatch.subscribe(({ problem }) => box.showProblem(problem));
  return box;
}
