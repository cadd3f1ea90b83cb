/** Marks what is found in texts that are shown, without touching their elements (CSS custom highlights, see text.css). */

/** @typedef {{query: string, mode: "literal" | "case" | "regex"}} Query */

const MOST = 500; // marks in one text
const NAME = "found";

/** @type {WeakMap<Element, {key: string, nodes: Node | null, ranges: Range[]}>} */
const marked = new WeakMap();

/** Marks a query in an element, null takes the marks away. @param {Element} element @param {Query | null} query */
export function markFound(element, query) {
  if (!("highlights" in CSS)) return; // the list of hits says as much
  const known = marked.get(element);
  const key = query ? `${query.mode} ${query.query}` : "";
  if ((known?.key ?? "") === key && known?.nodes === element.firstChild) return;
  let highlight = CSS.highlights.get(NAME);
  if (!highlight) CSS.highlights.set(NAME, (highlight = new Highlight()));
  for (const range of known?.ranges ?? []) highlight.delete(range);
  const ranges = query ? rangesOf(element, query) : [];
  for (const range of ranges) highlight.add(range);
  marked.set(element, { key, nodes: element.firstChild, ranges });
}

/** Scrolls an element to its first mark. @param {Element} element */
export function revealFirst(element) {
  const range = marked.get(element)?.ranges[0];
  if (!range) return;
  const [mark, box] = [range.getBoundingClientRect(), element.getBoundingClientRect()];
  if (mark.top < box.top || mark.bottom > box.bottom) element.scrollTop += mark.top - box.top - box.height / 3;
}

/** @param {Element} element @param {Query} query */
function rangesOf(element, query) {
  const pattern = patternOf(query);
  /** @type {Range[]} */
  const ranges = [];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (pattern && walker.nextNode() && ranges.length < MOST) {
    const node = walker.currentNode;
    for (const { index, 0: text } of (node.textContent ?? "").matchAll(pattern)) {
      if (!text || ranges.length >= MOST) continue;
      const range = new Range();
      range.setStart(node, index);
      range.setEnd(node, index + text.length);
      ranges.push(range);
    }
  }
  return ranges;
}

/** What the server searches for, as this browser's pattern; null for what only the server understands, or what takes long. @param {Query} query */
function patternOf({ query, mode }) {
  try {
    if (mode !== "regex") return new RegExp(query.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"), mode === "case" ? "gu" : "giu");
    return /\)[*+{]/.test(query) ? null : new RegExp(query, "gimu"); // repeats of repeats may run for ever, and nothing stops a browser
  } catch {
    return null;
  }
}
