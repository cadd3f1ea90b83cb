/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * Creates an element: text is always text, never markup.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} [props] properties or attributes; `on*` functions become listeners
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value == null || value === false) continue;
    if (name.startsWith("on") && typeof value === "function") {
      element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else if (name in element && !name.startsWith("aria") && name !== "list") {
      Reflect.set(element, name, value);
    } else {
      element.setAttribute(name, String(value));
    }
  }
  for (const child of children.flat()) {
    if (child != null && child !== false) element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** Stroke drawings on a 16 × 16 grid. */
const ICONS = {
  play: "M5 3l7.5 5L5 13z",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  frameBack: "M11.5 3.5L6 8l5.5 4.5zM4 3.5v9",
  frameOn: "M4.5 3.5L10 8l-5.5 4.5zM12 3.5v9",
  speaker: "M2.5 6.2v3.6h2.3L8 12.5v-9L4.8 6.2zM10.3 6a2.8 2.8 0 0 1 0 4M12.2 4.2a5.4 5.4 0 0 1 0 7.6",
  loop: "M4 4.5h6.5A2.5 2.5 0 0 1 13 7v1M6 2.3L3.8 4.5 6 6.7M12 11.5H5.5A2.5 2.5 0 0 1 3 9V8M10 13.7l2.2-2.2L10 9.3",
  pin: "M9.5 2.5l4 4-2.2.6-2.6 2.6-.3 3-1.4 0-4.2-4.2 0-1.4 3-.3 2.6-2.6zM5 11l-2.5 2.5",
  wide: "M6 3H3v3M10 3h3v3M6 13H3v-3M10 13h3v-3",
  more: "M3 8h.01M8 8h.01M13 8h.01",
  download: "M8 2.5v7.5M4.8 7L8 10.2 11.2 7M3 13.3h10",
  reset: "M3 8a5 5 0 1 0 1.6-3.7M3 2.5V5.4h2.9",
  eye: "M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8zM8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z",
  fold: "M5 6.5L8 9.5l3-3",
  up: "M5 9.5l3-3 3 3",
  theme: "M8 2.2a5.8 5.8 0 1 0 0 11.6zM8 2.2a5.8 5.8 0 0 1 0 11.6",
  sun: "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9",
  moon: "M13 9.5A5.6 5.6 0 0 1 6.5 3a5.6 5.6 0 1 0 6.5 6.5z",
  close: "M4 4l8 8M12 4l-8 8",
  sliders: "M2.5 5h6M11.5 5h2M2.5 11h2M7.5 11h6M10 3.4v3.2M6 9.4v3.2",
  warn: "M8 2.5l6 10.8H2zM8 6.8v2.8M8 11.4v.01",
  edit: "M3 13l.6-2.8 7-7a1.2 1.2 0 0 1 1.7 0l.5.5a1.2 1.2 0 0 1 0 1.7l-7 7L3 13zM9.5 4.3l2.2 2.2",
  grip: "M6 3.5h.01M10 3.5h.01M6 8h.01M10 8h.01M6 12.5h.01M10 12.5h.01",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  fit: "M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3M6 6h4v4H6z",
  swap: "M2.5 5.5h10M9.8 2.8l2.7 2.7-2.7 2.7M13.5 10.5h-10M6.2 7.8l-2.7 2.7 2.7 2.7",
  undo: "M3 6.5h6.5a3.2 3.2 0 0 1 0 6.5H6M5.5 3.8L2.8 6.5 5.5 9.2",
  redo: "M13 6.5H6.5a3.2 3.2 0 0 0 0 6.5H10M10.5 3.8l2.7 2.7-2.7 2.7",
  link: "M6.8 9.2l2.4-2.4M7 5l1.4-1.4a2.5 2.5 0 0 1 3.6 0l.4.4a2.5 2.5 0 0 1 0 3.6L11 9M9 11l-1.4 1.4a2.5 2.5 0 0 1-3.6 0l-.4-.4a2.5 2.5 0 0 1 0-3.6L5 7",
  bell: "M8 2.2a3.8 3.8 0 0 0-3.8 3.8c0 3.6-1.4 4.6-1.4 4.6h10.4s-1.4-1-1.4-4.6A3.8 3.8 0 0 0 8 2.2zM6.7 13a1.4 1.4 0 0 0 2.6 0",
  copy: "M6 6h7.5v7.5H6zM10 6V2.5H2.5V10H6",
  code: "M5.5 4.5L2 8l3.5 3.5M10.5 4.5L14 8l-3.5 3.5",
  list: "M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01",
};

/** @param {keyof typeof ICONS} name @returns {SVGSVGElement} */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A square button that shows a drawing and says its name. @param {keyof typeof ICONS} drawing @param {string} label @param {(event: MouseEvent) => void} onclick @param {Record<string, unknown>} [props] */
export function iconButton(drawing, label, onclick, props = {}) {
  return h("button", { type: "button", className: "icon-button", title: label, "aria-label": label, onclick, ...props }, icon(drawing));
}

/** The order in the document is the order on the screen: for the Tab key and for screen readers. @param {Element} parent @param {Element} element @param {Element | null} before */
export function putAfter(parent, element, before) {
  if (before ? before.nextElementSibling === element : parent.firstElementChild === element) return;
  if (before) before.after(element);
  else parent.prepend(element);
}

/** Sets an element's text where it is another one: setting the same costs a layout. @param {HTMLElement} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
