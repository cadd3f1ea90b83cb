/** The box that is being drawn with the pointer. */

/**
 * @param {CanvasRenderingContext2D} context @param {{accent: string}} ink
 * @param {{x: number, y: number}} from @param {{x: number, y: number}} to pixels
 */
export function drawBox(context, { accent }, from, to) {
  context.fillStyle = accent;
  context.strokeStyle = accent;
  context.lineWidth = 1;
  context.globalAlpha = 0.12;
  context.fillRect(from.x, from.y, to.x - from.x, to.y - from.y);
  context.globalAlpha = 0.8;
  context.strokeRect(Math.round(from.x) + 0.5, Math.round(from.y) + 0.5, Math.round(to.x - from.x), Math.round(to.y - from.y));
  context.globalAlpha = 1;
}
