/** What the scalars page shows, as a table or as a report; and everything. */

import { wireAxis } from "../lib/axis.js";
import { compileFilter } from "../lib/search.js";
import { groupTags } from "../lib/tags.js";
import { exportAddress, fetchReport } from "../state/api.js";
import { settingsOf } from "../state/chart-settings.js";
import { grouping } from "../state/grouping.js";
import { drawnRuns } from "../state/listed-runs.js";
import * as store from "../state/store.js";
import { popover } from "../ui/controls.js";
import { h, iconButton } from "../ui/dom.js";
import { saveBlob } from "../ui/save-blob.js";
import { rowTags } from "./run-lines.js";
import { FORMATS, savePoints } from "./shown-points.js";

/** @typedef {import("../lib/view-file.js").View} View */

export function downloadMenu() {
  const message = h("p", { className: "quiet", role: "status" });
  const run = (/** @type {() => Promise<void>} */ action) => async () => {
    message.textContent = "Being made …";
    try {
      await action();
      message.textContent = "";
    } catch (error) {
      message.textContent = /** @type {Error} */ (error).message;
    }
  };
  const shown = FORMATS.map(([format, label]) => h("button", { type: "button", onclick: run(() => savePoints(shownTags(), format, null)) }, label));
  const all = FORMATS.map(([format, label]) => h("a", { href: exportAddress(format), download: "" }, label));
  const button = iconButton("download", "Download charts and points", () => panel.togglePopover());
  const panel = h("div", { className: "download-panel" },
    h("h3", {}, "Points of these charts"), h("p", { className: "row" }, ...shown),
    h("h3", {}, "Every scalar of every run"), h("p", { className: "row" }, ...all),
    h("h3", {}, "These charts in one HTML file"), h("p", { className: "row" }, h("button", { type: "button", onclick: run(saveReport) }, "Report")), message);
  popover(button, panel, { width: 280 });
  return h("span", {}, button, panel);
}

/** Tags of the cards: those of drawn runs that match the filter. */
function shownTags() {
  const { test } = compileFilter(store.tagFilter.get());
  const runs = drawnRuns();
  return store.catalog.get().tags.filter((tag) => test(tag) && store.catalog.get().runsOf(tag).some((run) => runs.has(run)));
}

async function saveReport() {
  const view = shownView();
  if (view.sections.length === 0) throw new Error("There is no chart to put into a report.");
  saveBlob(await fetchReport(view, [...drawnRuns()]), `${view.title}.html`);
}

/** The page as a view: a section for each group of tags. @returns {View} */
function shownView() {
  const sections = groupTags(shownTags()).map(({ name, tags }) => ({ title: name, charts: tags.map(chartOf) }));
  return { stepscope_view: 1, title: document.title, settings: /** @type {any} */ ({ grouping: grouping.get(), robust: store.robust.get() }), sections };
}

/** @param {string} tag @returns {import("../lib/view-file.js").Chart} */
function chartOf(tag) {
  const { axis, logX, logY, kind, amount, derivative, grouped } = settingsOf(tag);
  const { x = null, y = null } = store.views.get().get(tag) ?? {};
  return {
    type: "line", title: tag, series: rowTags(tag).map((name) => /** @type {any} */ ({ tag: name, ...(derivative ? { derivative } : {}) })), x: wireAxis(axis), log_x: logX, log_y: logY,
    smoothing: { kind, amount }, ...(grouped ? {} : { grouping: null }), ...(x || y ? { range: { x, y } } : {}),
  };
}
