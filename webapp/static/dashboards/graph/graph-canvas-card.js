/** The canvas of the graph page: a view of the graph in the colours of the theme, with buttons to zoom. */

import { hexOf } from "../../lib/color.js";
import { graphView } from "../../charts/graph-view.js";
import { theme } from "../../state/store.js";
import { h, iconButton } from "../../ui/dom.js";
import { isDark, readTokens } from "../../ui/ink.js";

/** @typedef {import("../../charts/graph-view.js").GraphEvents} GraphEvents */
/** @typedef {import("../../charts/graph-look.js").LookOptions} LookOptions */
/** @typedef {import("../../lib/graph-scene.js").SceneAnswer} SceneAnswer */

const STEP = 1.4; // of the buttons

/** @returns {import("../../charts/graph-look.js").GraphInk} */
function readGraphInk() {
  const [bg, surface, text, muted, faint, line, strongLine, accent, ok, warn, bad] =
    readTokens(["bg", "surface", "text", "muted", "faint", "line", "strong-line", "accent", "ok", "warn", "bad"]).map(hexOf);
  return { bg, surface, text, muted, faint, line, strongLine, accent, ok, warn, bad, dark: isDark() };
}

/**
 * A graph that follows the theme. Its methods are those of the view.
 *
 * @param {HTMLElement} element positioned and with a size, which the graph fills
 * @param {Omit<GraphEvents, "ink">} events
 */
export function graphCanvas(element, events) {
  let ink = readGraphInk();
  /** @type {[SceneAnswer, LookOptions] | null} */
  let shown = null;
  const view = graphView(element, { ...events, ink: () => ink });
  const buttons = h("div", { className: "graph-zoom", role: "group", "aria-label": "Zoom" },
    iconButton("plus", "Zoom in (+)", () => view.zoomBy(STEP)),
    iconButton("minus", "Zoom out (−)", () => view.zoomBy(1 / STEP)),
    iconButton("fit", "Show all of it (0)", () => view.fit()));
  element.append(buttons);
  const recolor = () => {
    ink = readGraphInk();
    if (shown) view.update(...shown);
  };
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", recolor);
  const forget = theme.subscribe(() => queueMicrotask(recolor)); // once the page has its other colours
  return {
    /** @param {SceneAnswer} scene @param {LookOptions} [look] */
    update(scene, look = {}) {
      shown = [scene, look];
      view.update(scene, look);
    },
    start: () => view.start(),
    fit: () => view.fit(),
    zoomTo: (/** @type {string} */ id) => view.zoomTo(id),
    view: () => view.view(),
    setView: (/** @type {import("../../lib/graph-camera.js").Camera} */ camera) => view.setView(camera),
    picture: (/** @type {"svg" | "png"} */ form, /** @type {import("../../charts/graph-view.js").PictureWish} */ wish = {}) => view.picture(form, wish),
    destroy() {
      forget();
      system.removeEventListener("change", recolor);
      buttons.remove();
      view.destroy();
    },
  };
}
