/** Run, or a part of one → colour: the link's, else the one people gave it, else one of the palette. */

import { assignSlots, slotColor } from "../lib/color.js";
import * as store from "../state/store.js";
import { runEntry } from "../state/user-state.js";
import { isDark } from "../ui/ink.js";

/** @type {{catalog: unknown, slots: Map<string, number>}} */
let assigned = { catalog: null, slots: new Map() };

/** Run → "#rrggbb" in the current theme. @returns {(name: string) => string} */
export function runColors() {
  const catalog = store.catalog.get();
  if (assigned.catalog !== catalog) assigned = { catalog, slots: assignSlots(catalog.runs) };
  const theme = isDark() ? "dark" : "light";
  const linked = store.colors.get();
  return (name) => {
    const row = catalog.lineOf(name)?.row ?? name;
    return linked.get(row) ?? runEntry(row).color ?? slotColor(assigned.slots.get(row) ?? 0, theme);
  };
}
