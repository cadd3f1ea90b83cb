/** A card of histograms: a chart a run on shared axes, or all runs in one chart at the step of the cursor. */

import { valueAtLevel } from "../../lib/bucket-raster.js";
import { blobError } from "../../state/blob-columns.js";
import { histogramFlags, histogramMode, histogramScale, histogramViews, modeFor } from "../../state/histogram-settings.js";
import { histogramVersion, retryHistograms } from "../../state/histogram-store.js";
import { h } from "../../ui/dom.js";
import { rowTip } from "../hparams/row-tip.js";
import { chartWidth, histogramCells } from "./histogram-cells.js";
import { histogramMenu } from "./histogram-menu.js";
import { histogramOneStep } from "./histogram-one-step.js";
import { askAhead, mostSteps, planOf } from "./histogram-plan.js";
import { levelText } from "./histogram-text.js";

/** @typedef {import("../media/kind.js").CardHost} CardHost */
/** @typedef {import("../media/kind.js").KindCard} KindCard */
/** @typedef {import("./histogram-plan.js").Plan} Plan */

/**
 * @typedef {object} Shared between the card and its charts
 * @property {(width: number, height: number) => Plan | null} plan what is drawn; worked out once an update
 * @property {() => Plan | null} last
 * @property {Set<string>} runs those that have a chart
 * @property {ReturnType<typeof rowTip>} tip
 *
 * @typedef {KindCard & {pictures: () => {label: string, picture: import("./histogram-menu.js").ChartPicture}[]}} Stage
 */

/** @param {CardHost} host @returns {KindCard} */
export function histogramCard(host) {
  const legend = h("div", { className: "heat-legend", hidden: true });
  const tip = rowTip();
  document.body.append(tip.element);
  /** @type {Plan | null} */
  let plan = null;
  let worked = false; // whether the plan is of this update
  /** @type {Shared} */
  const shared = {
    tip,
    runs: new Set(),
    last: () => plan,
    plan(width, height) {
      if (!worked) plan = planOf(host, shared.runs, { width, height }, plan);
      worked = true;
      return plan;
    },
  };
  /** @type {Stage | null} */
  let stage = null;
  let together = false; // whether all runs are in one chart
  host.menu(histogramMenu(host, () => plan, () => stage?.pictures() ?? []));
  const leave = [histogramMode, histogramScale, histogramFlags, histogramViews, histogramVersion].map((atom) => atom.subscribe(() => host.redraw()));
  return {
    update() {
      const failed = host.runs().length ? blobError(host.kind, host.tag) : null;
      host.say(failed, retryHistograms);
      if (failed) return;
      const one = modeFor(mostSteps(host)) === "one";
      if (!stage || one !== together) {
        stage?.destroy?.();
        host.body.replaceChildren();
        together = one;
        stage = one ? histogramOneStep(host, shared) : histogramCells(host, shared);
        host.body.append(legend);
      }
      worked = false;
      if (!one) askAhead(host, chartWidth(host.body.clientWidth));
      stage.update();
      showLegend(legend, plan);
    },
    ready: () => stage?.ready?.() ?? true,
    destroy() {
      for (const stop of leave) stop();
      stage?.destroy?.();
      tip.element.remove();
    },
  };
}

/** The colours of a heat map, and what they stand for. @param {HTMLElement} legend @param {Plan | null} plan */
function showLegend(legend, plan) {
  const options = plan?.options;
  legend.hidden = !options || options.mode !== "heat" || !(options.peak > 0);
  if (!options || legend.hidden) return;
  const ramp = h("i", {});
  ramp.style.background = `linear-gradient(90deg, ${options.stops.join(", ")})`;
  const [low, high] = [valueAtLevel(0, options.peak, options), options.peak].map((value) => levelText(value, options.how));
  legend.title = options.how === "count" ? "Count of a bucket" : "Density: share of the values per unit of value";
  legend.replaceChildren(h("span", {}, options.how), h("span", {}, low), ramp, h("span", {}, options.clipped ? `≥ ${high}` : high));
}
