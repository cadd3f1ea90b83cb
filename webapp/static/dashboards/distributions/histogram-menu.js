/** What the menu of a card of histograms offers: a picture, the buckets at the cursor, everything in sight again. */

import { interval } from "../../lib/buckets.js";
import { zoomHistograms } from "../../state/histogram-settings.js";
import { histogramWhenHere } from "../../state/histogram-store.js";
import { readInk } from "../../ui/ink.js";
import { saveBlob } from "../../ui/save-blob.js";
import { valueAtLevel } from "../../lib/bucket-raster.js";
import { levelText } from "./histogram-text.js";

/** @typedef {import("./histogram-plan.js").Plan} Plan */
/** @typedef {{width: number, height: number, paint: (context: CanvasRenderingContext2D, width: number, height: number) => void}} ChartPicture */
/** @typedef {{label: string, picture: ChartPicture}} LabelledPicture */

const LABEL = 20; // pixels of a run's name above its chart

/**
 * @param {import("../media/kind.js").CardHost} host @param {() => Plan | null} plan @param {() => LabelledPicture[]} pictures
 */
export function histogramMenu(host, plan, pictures) {
  return [
    {
      label: "Save picture …",
      async act() {
        const [drawn, shown] = [pictures(), plan()];
        if (!shown || drawn.length === 0) return;
        const { savePicture } = await import("../picture-dialog.js");
        savePicture({ ...stacked(drawn), title: host.tag, name: host.tag, legend: legendOf(shown), axes: axesOf(shown), ink: readInk() });
      },
    },
    { label: "Save buckets at this step as CSV", act: () => void saveBuckets(host) },
    { label: "Show all values and steps", act: () => zoomHistograms(host.key, null) },
  ];
}

/** The charts one below the other. @param {LabelledPicture[]} drawn @returns {ChartPicture} */
function stacked(drawn) {
  if (drawn.length === 1) return drawn[0].picture;
  const whole = { width: drawn[0].picture.width, height: drawn.reduce((sum, { picture }) => sum + picture.height + LABEL, 0) };
  return {
    ...whole,
    paint(context, width, height) {
      const each = height / drawn.length;
      const ink = readInk();
      drawn.forEach(({ label, picture }, i) => {
        context.save();
        context.translate(0, i * each);
        context.font = "600 12px ui-sans-serif, system-ui, sans-serif";
        context.fillStyle = ink.text;
        context.textAlign = "left";
        context.textBaseline = "alphabetic";
        context.fillText(label, 4, 13);
        context.translate(0, LABEL);
        picture.paint(context, width, each - LABEL);
        context.restore();
      });
    },
  };
}

/** @param {Plan} plan @returns {import("../../charts/picture.js").LegendEntry[]} */
function legendOf({ parts, options }) {
  if (options.mode !== "heat") return [...parts.values()].map(({ drawn }) => ({ label: drawn.label, color: drawn.color }));
  const [low, high] = [valueAtLevel(0, options.peak, options), options.peak].map((value) => levelText(value, options.how));
  return [{ label: `${options.how}: ${low} to ${high}${options.clipped ? " and more" : ""}${options.log ? ", logarithmic" : ""}`, color: options.stops[options.stops.length - 1], stops: [...options.stops] }];
}

/** @param {Plan} plan */
function axesOf({ options: { mode, axis, how } }) {
  const steps = axis === "step" ? "step" : axis === "wall" ? "time" : "time since the start";
  if (mode === "heat" || mode === "bands") return { x: steps, y: "value" };
  return { x: "value", y: mode === "ridge" ? steps : how };
}

/** Every bucket of every run at its cursor, exactly as stored. @param {import("../media/kind.js").CardHost} host */
async function saveBuckets(host) {
  const lines = ["run,step,wall_time,left,right,count"];
  for (const { name } of host.runs()) {
    const values = host.values(name);
    const index = host.at(name);
    if (!values || index < 0) continue;
    const histogram = await histogramWhenHere(host.tag, name, values, index);
    if (!histogram) continue;
    const run = `"${name.replaceAll('"', '""')}"`;
    for (let i = 0; i < histogram.counts.length; i += 1) lines.push([run, histogram.step, histogram.wall, ...interval(histogram, i), histogram.counts[i]].join(","));
  }
  saveBlob(new Blob([`${lines.join("\n")}\n`], { type: "text/csv" }), `${host.tag}.csv`);
}
