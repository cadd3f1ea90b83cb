/** Which runs pass the brushes, on every page: what was brushed once holds for the lists and charts of all of them. */

import { Atom, oncePerTask } from "../lib/atom.js";
import { brushTest } from "../lib/brush.js";
import { table, wantColumns } from "./run-table.js";
import { brushes } from "./store.js";

/** @typedef {import("../lib/brush.js").Brush} Brush */
/** @typedef {{empty: boolean, test: (run: string) => boolean}} BrushMatch */

/** @type {BrushMatch} */
const ALL = { empty: true, test: () => true };

/** What the brushes let through now; a column that has not come yet lets everything through. */
export const brushMatch = new Atom(ALL);

function update() {
  wantColumns("brush", [...brushes.get().keys()]);
  const { columns, rows } = table.get();
  const tests = [...brushes.get()].flatMap(([name, brush]) => {
    const column = columns.get(name);
    return column && !column.error ? [brushTest(column, brush)] : [];
  });
  if (tests.length === 0) return brushMatch.set(ALL);
  brushMatch.set({
    empty: false,
    test(run) {
      const row = rows.get(run);
      return row !== undefined && tests.every((passes) => passes(row));
    },
  });
}

const soon = oncePerTask(update);
brushes.subscribe(soon);
table.subscribe(() => {
  if (brushes.get().size) soon();
});

/** @param {string} column @param {Brush | null} brush null takes it away */
export function setBrush(column, brush) {
  const next = new Map(brushes.get());
  if (brush) next.set(column, brush);
  else next.delete(column);
  brushes.set(next);
}

export function clearBrushes() {
  if (brushes.get().size) brushes.set(new Map());
}
