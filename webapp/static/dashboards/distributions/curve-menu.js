/** What the menu of a card of curves offers: a picture, and the figures at all thresholds. */

import { setCurveView } from "../../state/curve-settings.js";
import { readInk } from "../../ui/ink.js";
import { saveBlob } from "../../ui/save-blob.js";

/** @typedef {import("./curve-card.js").RunCurve} RunCurve */
/** @typedef {import("../../lib/threshold-curve.js").CurveMode} CurveMode */

const COLUMNS = ["thresholds", "true_positives", "false_positives", "true_negatives", "false_negatives", "precision", "recall"];

/**
 * @param {import("../media/kind.js").CardHost} host
 * @param {() => ReturnType<typeof import("../../charts/curve-chart.js").curveChart> | null} chart
 * @param {() => RunCurve[]} shown @param {() => CurveMode} mode
 */
export function curveMenu(host, chart, shown, mode) {
  return [
    {
      label: "Save picture …",
      async act() {
        const drawn = chart();
        if (!drawn) return;
        const { savePicture } = await import("../picture-dialog.js");
        const legend = shown().flatMap(({ run, curve }) => (curve ? [{ label: `${run.label} · ${areaText(curve, mode())}`, color: run.color }] : []));
        savePicture({ ...drawn.picture(), title: host.tag, name: host.tag, legend, ink: readInk() });
      },
    },
    { label: "Show all of the curves", act: () => setCurveView(host.key, { x: null, y: null }) },
    { label: "Save curves as CSV", act: () => saveBlob(new Blob([asCsv(shown())], { type: "text/csv" }), `${host.tag.replace(/[^\w.-]+/g, "_")}.csv`) },
  ];
}

/** @param {import("../../lib/threshold-curve.js").Curve} curve @param {CurveMode} mode */
function areaText({ areas, step }, mode) {
  const area = mode === "pr" ? areas.average_precision : areas.roc;
  return `step ${step}${area ? ` · ${mode === "pr" ? "AP" : "ROC AUC"} ${area[0].toFixed(4)}` : ""}`;
}

/** Every threshold of every curve at the cursor. @param {RunCurve[]} shown */
function asCsv(shown) {
  const lines = [["run", "step", "wall_time", ...COLUMNS.map((name) => name.replace(/s$/, ""))].join(",")];
  for (const { run, curve } of shown) {
    if (!curve) continue;
    const name = `"${run.name.replaceAll('"', '""')}"`;
    for (let i = 0; i < curve.columns.thresholds.length; i += 1) lines.push([name, curve.step, curve.wall, ...COLUMNS.map((column) => curve.columns[column]?.[i] ?? "")].join(","));
  }
  return `${lines.join("\n")}\n`;
}
