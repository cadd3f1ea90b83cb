/**
 * HTML that the server made of Markdown, as elements: the one place where markup from outside is looked at.
 *
 * The server keeps harmless tags only (media/markdown.py). Nothing depends on that alone: the HTML is parsed in a
 * document of its own, where nothing runs and nothing is fetched, and each element is made anew by the list below;
 * what is not on it is left out, its text stays.
 */

import { h } from "./dom.js";

/** @typedef {(element: Element) => Record<string, unknown>} Props what an element keeps */

const MOST = 30_000; // elements of one text
const PLAIN = "b br code dd del dl dt em hr i ins kbd mark q s samp small strong sub summary sup tbody tfoot thead tr u ul var".split(" ");
const WITHOUT_TEXT = new Set(["script", "style", "template", "iframe", "object", "noscript", "svg", "math", "title", "textarea"]);
const PICTURE = /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+$/;

/** @type {Map<string, {as?: keyof HTMLElementTagNameMap, props?: Props}>} */
const ALLOWED = new Map([
  ...PLAIN.map((tag) => /** @type {const} */ ([tag, {}])),
  // A text's headings are below those of the page.
  ...["h1", "h2", "h3", "h4", "h5", "h6"].map((tag, level) => /** @type {const} */ ([tag, {
    as: /** @type {"h4" | "h5" | "h6"} */ (level < 2 ? "h4" : level < 4 ? "h5" : "h6"), props: () => ({ className: `md-heading md-${tag}`, dir: "auto" }),
  }])),
  ...["p", "li", "blockquote"].map((tag) => /** @type {const} */ ([tag, { props: () => ({ dir: "auto" }) }])),
  ...["td", "th"].map((tag) => /** @type {const} */ ([tag, { props: (/** @type {Element} */ cell) => ({ dir: "auto", className: sideOf(cell) }) }])),
  ["pre", { props: () => ({ tabIndex: 0 }) }],
  ["abbr", { props: (/** @type {Element} */ element) => ({ title: element.getAttribute("title") }) }],
  ["details", { props: (/** @type {Element} */ element) => ({ open: element.hasAttribute("open") }) }],
  ["ol", { props: (/** @type {Element} */ element) => ({ start: Math.trunc(Number(element.getAttribute("start") ?? 1)) || 0 }) }],
  ["a", { props: linkProps }],
]);

/** @param {string} html @returns {DocumentFragment} */
export function safeHtml(html) {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  const made = document.createDocumentFragment();
  const left = { count: MOST };
  copyChildren(body, made, left);
  if (left.count <= 0) made.append(h("p", { className: "quiet" }, "The rest has too many parts to be shown; raw shows all."));
  return made;
}

/** @param {Element} from @param {Element | DocumentFragment} to @param {{count: number}} left */
function copyChildren(from, to, left) {
  for (const node of from.childNodes) {
    if (left.count <= 0) return;
    left.count -= 1;
    if (node.nodeType === Node.TEXT_NODE) to.append(node.textContent ?? "");
    else if (node instanceof Element) copyElement(node, to, left);
  }
}

/** @param {Element} element @param {Element | DocumentFragment} to @param {{count: number}} left */
function copyElement(element, to, left) {
  const tag = element.localName;
  if (WITHOUT_TEXT.has(tag)) return;
  if (tag === "img") return to.append(pictureOf(element));
  if (tag === "table") return to.append(tableOf(element, left));
  const allowed = ALLOWED.get(tag);
  if (!allowed) return copyChildren(element, to, left);
  const made = h(allowed.as ?? /** @type {keyof HTMLElementTagNameMap} */ (tag), allowed.props?.(element) ?? {});
  to.append(made);
  return copyChildren(element, /** @type {Element} */ (made), left);
}

/** A wide table scrolls in a box of its own. @param {Element} element @param {{count: number}} left */
function tableOf(element, left) {
  const table = h("table", {});
  copyChildren(element, table, left);
  return h("div", { className: "md-table", tabIndex: 0, role: "group", "aria-label": "Table" }, table);
}

/** @param {Element} element @returns {Node} */
function pictureOf(element) {
  const source = element.getAttribute("src") ?? "";
  const alt = element.getAttribute("alt") ?? "";
  return PICTURE.test(source) ? h("img", { src: source, alt, loading: "lazy" }) : document.createTextNode(alt);
}

/** @type {Props} */
function linkProps(element) {
  const address = element.getAttribute("href") ?? "";
  if (!/^(?:https?:\/\/|mailto:)/i.test(address)) return {};
  return { href: address, title: element.getAttribute("title"), target: "_blank", rel: "noopener noreferrer nofollow" };
}

/** @param {Element} cell */
function sideOf(cell) {
  const side = cell.getAttribute("align") ?? "";
  return side === "right" || side === "center" ? `md-${side}` : null;
}
