/** Levels put on pictures of the page by the browser itself: a filter of the document that images refer to. */

import { isAsStored, lineOf } from "../lib/levels.js";

const SVG = "http://www.w3.org/2000/svg";
const ID = "image-levels";

/** Makes the filter what the levels say; all images that refer to it follow. @param {import("../lib/levels.js").Levels} levels */
export function setLevelsFilter(levels) {
  const filter = document.getElementById(ID) ?? makeFilter();
  const { slope, intercept } = lineOf(levels);
  const [straight, bent] = ["linear", "gamma"].map((type) => [...filter.querySelectorAll(`[type="${type}"]`)]);
  for (const part of straight) setAll(part, { slope, intercept });
  for (const part of bent) setAll(part, { exponent: 1 / levels.gamma });
}

/** What `element.style.filter` is for these levels. @param {import("../lib/levels.js").Levels} levels */
export function filterFor(levels) {
  return isAsStored(levels) ? "" : `url("#${ID}")`;
}

function makeFilter() {
  const filter = make("filter", { id: ID, "color-interpolation-filters": "sRGB", x: 0, y: 0, width: 1, height: 1 });
  for (const type of ["linear", "gamma"]) {
    const transfer = make("feComponentTransfer", {});
    transfer.append(...["R", "G", "B"].map((channel) => make(`feFunc${channel}`, { type })));
    filter.append(transfer);
  }
  const svg = make("svg", { class: "spoken", "aria-hidden": "true", width: 0, height: 0 });
  svg.append(filter);
  document.body.append(svg);
  return filter;
}

/** @param {string} name @param {Record<string, string | number>} attributes */
function make(name, attributes) {
  return setAll(document.createElementNS(SVG, name), attributes);
}

/** @param {Element} element @param {Record<string, string | number>} attributes */
function setAll(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}
