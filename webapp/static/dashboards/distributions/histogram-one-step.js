/** The histograms of all runs at the step of the cursor, in one chart, and what is said of each below it. */

import { histogramChart } from "../../charts/histogram-chart.js";
import { formatCount, formatTime, plural } from "../../lib/format.js";
import { zoomHistograms } from "../../state/histogram-settings.js";
import * as store from "../../state/store.js";
import { h } from "../../ui/dom.js";
import { bucketLines, countText, intervalText, uncountedText, undrawnText } from "./histogram-text.js";

/** @typedef {import("../media/kind.js").CardHost} CardHost */
/** @typedef {import("./histogram-plan.js").RunPart} RunPart */

const HEIGHT = 240;

/** @param {CardHost} host @param {import("./histogram-card.js").Shared} shared @returns {import("./histogram-card.js").Stage} */
export function histogramOneStep(host, shared) {
  const stage = h("div", { className: "histogram-stage" });
  const list = h("ul", { className: "histogram-runs" });
  stage.style.height = `${HEIGHT}px`;
  host.body.append(stage, list);
  /** @type {ReturnType<typeof histogramChart> | null} */
  let chart = null;
  let ready = false;
  return {
    update() {
      const plan = shared.plan(Math.max(180, Math.floor(host.body.clientWidth)), HEIGHT);
      if (!plan) return;
      const { parts, options } = plan;
      const all = [...parts.values()];
      ready = parts.size > 0 && all.every((part) => part.ready);
      const runs = all.map(({ drawn }) => drawn);
      if (chart) chart.update(runs, options);
      else chart = histogramChart(stage, runs, options, chartEvents(host, shared));
      const names = runs.map(({ label }) => label).join(", ");
      stage.querySelector(".chart-overlay")?.setAttribute("role", "img");
      stage.querySelector(".chart-overlay")?.setAttribute("aria-label", `Histogram of ${host.tag} at one step: ${names}; up and down go from bucket to bucket`);
      list.replaceChildren(...all.map(runLine));
      const left = host.runs().length - all.length;
      if (ready && left > 0) list.append(h("li", { className: "quiet" }, `and ${plural(left, "run")} not drawn`));
    },
    ready: () => ready,
    pictures: () => (chart ? [{ label: "", picture: chart.picture() }] : []),
    destroy() {
      shared.tip.hide();
      chart?.destroy();
    },
  };
}

/** @param {RunPart} part */
function runLine({ drawn, error }) {
  const swatch = h("span", { className: "swatch" });
  swatch.style.background = drawn.color;
  const histogram = drawn.items[0]?.histogram;
  const odd = histogram ? [undrawnText(histogram), uncountedText(histogram)].filter(Boolean).join(" · ") : "";
  const line = h("li", {}, swatch, h("bdi", {}, drawn.label),
    histogram ? h("span", { className: "quiet", title: formatTime(histogram.wall) }, `step ${formatCount(histogram.step)} · ${countText(histogram.num)} values`) : error ? h("span", { role: "alert" }, error) : "",
    odd && h("span", { className: "bad" }, odd));
  line.addEventListener("pointerenter", () => store.highlighted.set(drawn.run));
  line.addEventListener("pointerleave", () => store.highlighted.set(null));
  return line;
}

/** @param {CardHost} host @param {import("./histogram-card.js").Shared} shared @returns {import("../../charts/histogram-chart.js").HistogramEvents} */
function chartEvents(host, { tip }) {
  return {
    onHover(pointed, clientX, clientY) {
      if (pointed.length === 0) return tip.hide();
      const [{ run, item, bucket }] = pointed;
      if (pointed.length === 1) return tip.show(run.label, bucketLines(item.histogram, bucket), { clientX, clientY });
      const lines = pointed.map((one) => /** @type {[string, string]} */ ([`${one.run.label} · step ${formatCount(one.item.histogram.step)}`,
        one.bucket < 0 ? "no bucket" : `${intervalText(one.item.histogram, one.bucket)} ${countText(one.item.histogram.counts[one.bucket])}`]));
      return tip.show(host.tag, lines, { clientX, clientY });
    },
    onStep: () => undefined,
    onZoom: (part) => zoomHistograms(host.key, part && { ...part, steps: null }),
  };
}
