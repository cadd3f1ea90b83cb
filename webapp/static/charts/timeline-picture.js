/** What is in sight of a timeline as a file. */

import { AXIS_HEIGHT, paintAxis } from "./timeline-axis.js";
import { paintBelow, paintFrame } from "./timeline-frame.js";
import { paintRectangles } from "./timeline-lanes.js";
import { fitting } from "./fitting.js";

/** @typedef {import("./timeline-frame.js").Frame} Frame */

const HEADS = 170; // CSS pixels

/** @param {Frame} frame @param {"png" | "svg"} form @param {string} title @param {import("./picture.js").LegendEntry[]} legend @returns {Promise<Blob>} */
export async function timelinePicture(frame, form, title, legend) {
  const { toPng, toSvg } = await import("./picture.js");
  const { scene, size } = frame;
  const paint = (/** @type {CanvasRenderingContext2D} */ context) => {
    context.save();
    context.translate(HEADS, 0);
    context.beginPath();
    context.rect(0, 0, size.width, size.height + AXIS_HEIGHT);
    context.clip();
    paintAxis(context, scene, size.width);
    paintBelow(context, AXIS_HEIGHT, () => paintFrame(context, { ...frame, scene: { ...scene, hover: null, pointer: null } }, { paint: (target, shown, lanes, width) => paintRectangles(target, shown, lanes, width) }));
    context.restore();
    paintHeads(context, frame);
  };
  const picture = { title, width: HEADS + size.width, height: size.height + AXIS_HEIGHT, paint, legend, ink: { text: scene.ink.text, muted: scene.ink.muted, surface: scene.ink.bg } };
  return form === "svg" ? new Blob([toSvg(picture)], { type: "image/svg+xml" }) : toPng(picture);
}

/** Titles of rows, on the left. @param {CanvasRenderingContext2D} context @param {Frame} frame */
function paintHeads(context, { scene, layout, size, scrollTop }) {
  context.font = "11px ui-sans-serif, system-ui, sans-serif";
  context.textAlign = "left";
  context.textBaseline = "top";
  context.fillStyle = scene.ink.text;
  const title = (/** @type {import("../lib/timeline-rows.js").Row} */ row, /** @type {number} */ offset) => {
    const top = row.top + offset;
    if (top + row.height > 0 && top < size.height - 12) context.fillText(fitting(context, row.title, HEADS - 12), 4, Math.max(0, top) + AXIS_HEIGHT + 3);
  };
  for (const row of scene.pinned) title(row, 0);
  for (const row of scene.rows) if (row.top - scrollTop >= 0) title(row, layout.pinnedHeight - scrollTop);
}
