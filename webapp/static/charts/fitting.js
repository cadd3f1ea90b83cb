/** Texts on a canvas: in which font, and as much of them as there is room for. */

export const FAMILY = 'ui-sans-serif, system-ui, "Segoe UI", Inter, Roboto, sans-serif';

/** The text, cut where it would leave its place. @param {CanvasRenderingContext2D} context @param {string} text @param {number} width */
export function fitting(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  const letters = [...text];
  let [fits, fails] = [0, letters.length];
  while (fails - fits > 1) {
    const middle = (fits + fails) >> 1;
    if (context.measureText(`${letters.slice(0, middle).join("")}…`).width <= width) fits = middle;
    else fails = middle;
  }
  return `${letters.slice(0, fits).join("")}…`;
}
