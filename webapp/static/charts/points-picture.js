/** A cloud of points as a file, with a title and a legend. */

import { toPng, toSvg } from "./picture.js";

/** @typedef {{title?: string, legend?: import("./picture.js").LegendEntry[], transparent?: boolean}} PictureWish */

export const SVG_POINTS = 20_000; // more of them are a picture within the file

/**
 * @param {"png" | "svg"} form @param {PictureWish} wish @param {import("../lib/points-screen.js").Size} size @param {import("./points-stage.js").PointsInk} ink
 * @param {(context: CanvasRenderingContext2D, ratio: number | null) => void} paint `ratio`: device pixels in a CSS pixel; null where points are to be vectors
 * @returns {Promise<Blob>}
 */
export async function pointsPicture(form, { title = "", legend = [], transparent = false }, { width, height }, ink, paint) {
  const picture = {
    title, legend, width, height, ink,
    paint: (/** @type {CanvasRenderingContext2D} */ context) => paint(context, form === "svg" ? null : 2),
  };
  return form === "png" ? toPng(picture, { transparent }) : new Blob([toSvg(picture, { transparent })], { type: "image/svg+xml" });
}
