/** The little Markdown a run's note may use, as plain values: headings, lists, code, emphasis, links. */

/**
 * @typedef {{kind: "text" | "strong" | "em" | "code", text: string} | {kind: "link", text: string, href: string}} Span
 * @typedef {{kind: "heading" | "paragraph" | "item" | "quote", spans: Span[]} | {kind: "code", text: string}} Block
 */

const SPAN = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)|(https?:\/\/[^\s<>)]+)/g;

/** @param {string} text @returns {Block[]} */
export function noteBlocks(text) {
  /** @type {Block[]} */
  const blocks = [];
  text.split(/^```.*$/m).forEach((part, index) => {
    if (index % 2) blocks.push({ kind: "code", text: part.replace(/^\n|\n$/g, "") });
    else blocks.push(...part.split(/\n\s*\n/).flatMap(blocksOf));
  });
  return blocks;
}

/** @param {string} paragraph @returns {Block[]} */
function blocksOf(paragraph) {
  /** @type {Block[]} */
  const blocks = [];
  for (const line of paragraph.split("\n").filter((part) => part.trim())) {
    const [kind, content] = lineKind(line);
    const last = blocks.at(-1);
    if (kind === "paragraph" && last?.kind === "paragraph") last.spans.push({ kind: "text", text: "\n" }, ...spansOf(content));
    else blocks.push({ kind, spans: spansOf(content) });
  }
  return blocks;
}

/** @param {string} line @returns {["heading" | "paragraph" | "item" | "quote", string]} */
function lineKind(line) {
  const found = /^\s*(#{1,6}\s+|[-*+]\s+|\d+[.)]\s+|>\s?)(.*)$/.exec(line);
  if (!found) return ["paragraph", line];
  if (found[1].startsWith("#")) return ["heading", found[2]];
  return [found[1].startsWith(">") ? "quote" : "item", found[2]];
}

/** @param {string} text @returns {Span[]} */
function spansOf(text) {
  /** @type {Span[]} */
  const spans = [];
  let done = 0;
  for (const found of text.matchAll(SPAN)) {
    if (found.index > done) spans.push({ kind: "text", text: text.slice(done, found.index) });
    const [all, code, strong, em, label, href, bare] = found;
    if (code) spans.push({ kind: "code", text: code });
    else if (strong) spans.push({ kind: "strong", text: strong });
    else if (em) spans.push({ kind: "em", text: em });
    else spans.push({ kind: "link", text: label ?? bare, href: href ?? bare });
    done = found.index + all.length;
  }
  if (done < text.length) spans.push({ kind: "text", text: text.slice(done) });
  return spans;
}
