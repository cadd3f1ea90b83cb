/** The leading figure of each run over all its steps, as a small line chart; a click there moves the step cursor. */

import { lineChart } from "../../charts/line-chart.js";
import { valueId } from "../../lib/blob-frame.js";
import { formatCount } from "../../lib/format.js";
import { leadingArea, thinnedPlaces } from "../../lib/threshold-curve.js";
import { curveFlags } from "../../state/curve-settings.js";
import { areasOf } from "../../state/curve-store.js";
import { h } from "../../ui/dom.js";
import { readInk } from "../../ui/ink.js";

/** @typedef {import("../media/kind.js").CardHost} CardHost */
/** @typedef {import("../media/kind.js").CardRun} CardRun */
/** @typedef {import("../../lib/threshold-curve.js").CurveMode} CurveMode */

const HEIGHT = 190;
const MOST_STEPS = 200; // of each run
const NAMES = { pr: "Average precision", roc: "ROC AUC" };

/** @param {CardHost} host */
export function areaSteps(host) {
  const title = h("div", { className: "curve-caption" });
  const stage = h("div", { className: "curve-steps-stage" });
  const element = h("div", { className: "curve-steps" }, title, stage);
  /** @type {import("../../charts/line-chart.js").LineChart | null} */
  let chart = null;
  let complete = true;
  stage.style.height = `${HEIGHT}px`;
  return {
    element,
    /** @param {CurveMode} mode */
    update(mode) {
      const several = host.runs().some(({ name }) => (host.values(name)?.n ?? 0) > 1);
      element.hidden = !several || curveFlags.get().has("still");
      complete = true;
      if (element.hidden) return;
      const found = host.runs().map((run) => stepsOf(host, run, mode));
      complete = found.every(({ missing }) => missing === 0);
      const [drawn, all] = [found.reduce((sum, { places }) => sum + places, 0), found.reduce((sum, { of }) => sum + of, 0)];
      title.textContent = `${NAMES[mode]} over steps${drawn < all ? ` · ${formatCount(drawn)} of ${formatCount(all)} values` : ""}`;
      const lines = found.flatMap(({ line }) => (line.series.value.length ? [line] : []));
      const options = { width: Math.max(160, Math.floor(element.clientWidth)), height: HEIGHT, axis: host.axis(), logX: false, logY: false, robust: false, view: { x: null, y: null }, ink: readInk() };
      if (chart) chart.update(lines, options);
      else chart = lineChart(stage, lines, options, { onCursor: () => {}, onHover: (hover) => tell(stage, hover), onView: () => {}, onClick: ({ x }) => host.moveTo(x) });
      chart.showCursor(host.cursor());
    },
    ready: () => complete,
    destroy: () => chart?.destroy(),
  };
}

/** @param {HTMLElement} stage @param {import("../../charts/line-chart.js").Hover | null} hover */
function tell(stage, hover) {
  const row = hover?.nearest;
  stage.title = row ? `${row.label}: ${row.value.toFixed(4)} at step ${formatCount(row.step)}. Click to go there` : "";
}

/** @param {CardHost} host @param {CardRun} run @param {CurveMode} mode */
function stepsOf(host, { name, label, color }, mode) {
  const values = host.values(name);
  const places = values ? thinnedPlaces(values.n, MOST_STEPS) : [];
  /** @type {[number, number][]} place, figure */
  const points = [];
  let missing = values ? 0 : 1;
  for (const place of places) {
    const found = values && areasOf(host.kind, host.tag, name, valueId(values, place));
    if (!found) missing += 1;
    else if (!("error" in found)) points.push([place, leadingArea(found.areas, mode)?.[0] ?? NaN]);
  }
  const start = values?.start ?? 0;
  const column = (/** @type {(point: [number, number]) => number} */ of) => Float64Array.from(points, of);
  const value = column(([, figure]) => figure);
  return {
    missing, places: places.length, of: values?.n ?? 0,
    line: {
      label, color,
      series: {
        tag: host.tag, run: name, segment: 0, epoch: 0, n: points.length, from: 0, start, inf: 0, smooth: null, value,
        nan: value.filter(Number.isNaN).length,
        step: column(([place]) => values?.step[place] ?? NaN), time: column(([place]) => (values?.wall[place] ?? NaN) - start),
      },
    },
  };
}
