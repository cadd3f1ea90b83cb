/** The left side: filter, table and width of the runs. */

import { formatCount } from "../lib/format.js";
import { drawnRuns as drawn, drawnVersion } from "../state/listed-runs.js";
import { firstCards } from "../state/first-cards.js";
import * as store from "../state/store.js";
import { h, icon, iconButton } from "../ui/dom.js";
import { edgeGrip } from "../ui/edge-grip.js";
import { runColors as colors } from "./run-colors.js";
import { runFilterBox } from "./run-filter-box.js";
import { runTable } from "./runs/run-table.js";

/** Names of the runs that are drawn. */
export const drawnRuns = drawn;
/** Run → "#rrggbb" in the current theme. */
export const runColors = colors;

const LEAD = 150; // least width of the names, pixels

export function runPanel() {
  const search = runFilterBox();
  const list = runTable({ who: "side", columns: store.sideColumns, compact: true, leadWidth: LEAD });
  const columns = iconButton("sliders", "Columns beside the names", async () => (await import("./runs/run-dialogs.js")).chooseColumns(list));
  const summary = h("span");
  const open = h("button", { type: "button", className: "side-open", "aria-expanded": "false" }, icon("list"), summary);
  const element = h("aside", { className: "side", "aria-label": "Runs" }, open, h("div", { className: "side-find" }, search, columns), list.element, edgeGrip("Width of the run list", { least: 180, most: 720 }, store.sidebarWidth));
  open.addEventListener("click", () => open.setAttribute("aria-expanded", String(element.classList.toggle("open"))));
  const update = () => {
    summary.textContent = `Runs · ${formatCount(drawn().size)} of ${formatCount(store.catalog.get().names.length)} shown`;
  };
  drawnVersion.subscribe(update);
  update();
  const wake = () => list.wake(store.page.get() !== "runs");
  list.wake(false);
  void firstCards().then(() => {
    store.page.subscribe(wake);
    wake();
  });
  return { element, focusFilter: () => (element.classList.add("open"), search.focusBox()), refresh: list.arrange };
}
