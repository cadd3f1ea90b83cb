/** Saves a chart as SVG or PNG: the dialog that asks how, loaded when somebody wants it. */

import { toPng, toSvg } from "../charts/picture.js";
import { h } from "../ui/dom.js";
import { showDialog } from "../ui/dialog.js";
import { saveBlob } from "../ui/save-blob.js";

/** @typedef {import("../charts/picture.js").Picture} Picture */

const SMALLEST = 120;
const LARGEST = 8000; // CSS pixels; a browser's canvas ends at 16,384 device pixels

/**
 * @param {Picture & {name: string}} picture `name`: the tag, or what else the files are named after
 * @returns {HTMLDialogElement}
 */
export function savePicture(picture) {
  const width = sizeBox("Width", picture.width);
  const height = sizeBox("Height", picture.height);
  const transparent = h("input", { type: "checkbox" });
  const legend = h("input", { type: "checkbox", checked: picture.legend.length > 0, disabled: picture.legend.length === 0 });
  const problem = h("p", { className: "bad", role: "alert", hidden: true });
  const chosen = () => ({
    picture: { ...picture, width: sizeOf(width, picture.width), height: sizeOf(height, picture.height), legend: legend.checked ? picture.legend : [] },
    options: { transparent: transparent.checked },
  });
  const saving = (/** @type {"svg" | "png"} */ format) => async () => {
    const { picture: wanted, options } = chosen();
    try {
      const blob = format === "png" ? await toPng(wanted, options) : new Blob([toSvg(wanted, options)], { type: "image/svg+xml" });
      saveBlob(blob, `${fileName(picture.name)}.${format}`);
      dialog.close();
    } catch (error) {
      problem.hidden = false;
      problem.textContent = /** @type {Error} */ (error).message;
    }
  };
  const dialog = showDialog(`Picture of ${picture.title}`,
    h("p", { className: "row" }, h("label", {}, "Width ", width), h("label", {}, "Height ", height), h("span", { className: "quiet" }, "pixels of the chart; a PNG has twice as many")),
    h("p", { className: "row" }, h("label", {}, legend, " Legend"), h("label", {}, transparent, " Transparent background")),
    h("p", { className: "row" },
      h("button", { type: "button", onclick: saving("svg") }, "Save SVG"),
      h("button", { type: "button", onclick: saving("png") }, "Save PNG")),
    problem);
  return dialog;
}

/** @param {string} label @param {number} value */
function sizeBox(label, value) {
  return h("input", { type: "text", inputMode: "numeric", className: "number", "aria-label": label, value: String(Math.round(value)) });
}

/** @param {HTMLInputElement} box @param {number} fallback */
function sizeOf(box, fallback) {
  const size = Number(box.value);
  return box.value.trim() && Number.isFinite(size) ? Math.min(LARGEST, Math.max(SMALLEST, size)) : fallback;
}

/** Names of tags hold characters that no file system takes. @param {string} name */
function fileName(name) {
  // A name may not begin with a dot, or it is a hidden file.
  return name.replace(/[^\p{L}\p{N}._-]+/gu, "_").replace(/^[._]+|_+$/g, "").slice(0, 120) || "chart";
}
