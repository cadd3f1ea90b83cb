/** Canvases that fill a chart: one for what stays, one above it for what follows the pointer. */

/** @typedef {{canvas: HTMLCanvasElement, context: CanvasRenderingContext2D}} Layer */

/** @param {HTMLElement} element @param {string} name class of the canvas @param {CanvasRenderingContext2DSettings} [settings] @returns {Layer} */
export function makeLayer(element, name, settings) {
  const canvas = document.createElement("canvas");
  canvas.className = name;
  element.append(canvas);
  return { canvas, context: /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", settings)) };
}

/** Gives a canvas its place on the page; its pixels come when something is drawn. @param {Layer} layer @param {{width: number, height: number}} size CSS pixels */
export function placeLayer({ canvas }, { width, height }) {
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
}

/** Sizes a canvas in device pixels and clears it. @param {Layer} layer @param {{width: number, height: number}} size CSS pixels */
export function sizeLayer(layer, { width, height }) {
  const { canvas, context } = layer;
  const ratio = devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
    placeLayer(layer, { width, height });
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
}
