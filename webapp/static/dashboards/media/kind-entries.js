/** Which cards a page has: those of its kinds, of tags that drawn runs have, in sections. */

import { loggedKind } from "../../lib/kinds-index.js";
import { kindsCatalog } from "../../state/kinds-catalog.js";
import { cardPins, wideCards } from "../../state/media-settings.js";
import * as store from "../../state/store.js";

/** @typedef {import("./kind.js").Kind} Kind */
/** @typedef {import("./card-flow.js").FlowCard} FlowCard */
/** @typedef {import("./card-flow.js").FlowSection} FlowSection */
/** @typedef {import("../../lib/kinds-index.js").KindLine} KindLine */

/**
 * @typedef {object} Entry a card of the page
 * @property {FlowCard} card
 * @property {Kind} kind
 * @property {string} logged the kind as the log calls it
 * @property {KindLine[]} lines drawn runs that have the tag; the same array for cards of the same runs
 *
 * @typedef {{kind: Kind, entries: Entry[]}} KindEntries
 */

const PINNED = "\u0000pinned";
const FRAME = 62; // pixels of a card around its body; see media.css
const HEIGHT = 240; // of a body nobody has seen, unless the kind says
const MOST = 400; // cards of a section before "Show more"
/** Kinds of the other page, which "other" must not take. */
const ELSEWHERE = ["histograms", "pr_curves", "roc_curves", "confusion_matrices"];

/** What a card is called in URLs and atoms. @param {string} kind the page's name of it @param {string} tag */
export const cardKey = (kind, tag) => `${kind}:${tag}`;

/** The cards of kinds that the runs have. @param {Kind[]} kinds @param {ReadonlySet<string>} runs that are drawn @param {number} columns @returns {KindEntries[]} */
export function entriesOf(kinds, runs, columns) {
  const catalog = kindsCatalog.get();
  const taken = new Set([...kinds.map(({ id }) => id), ...ELSEWHERE]);
  const drawn = linesDrawn(runs);
  const wide = wideCards.get();
  const entry = (/** @type {Kind} */ kind, /** @type {string} */ source, /** @type {string} */ tag, title = tag) => {
    const key = cardKey(source, tag);
    const lines = drawn(catalog.linesOf(source, tag));
    const wanted = wide.has(key) ? columns : (kind.width ?? 1) * (kind.layout === "card" ? 1 : lines.length);
    const card = { key, kind: kind.id, tag, title, span: Math.min(columns, Math.max(1, wanted)), height: (kind.height ?? HEIGHT) + FRAME };
    return { card, kind, logged: loggedKind(source), lines };
  };
  return kinds.map((kind) => {
    const sources = kind.id === "other" ? catalog.kinds.filter((name) => !taken.has(name)) : [kind.id];
    const entries = sources.flatMap((source) => {
      const tags = catalog.tagsOf(source, runs);
      return (kind.cards?.(tags) ?? tags.map((tag) => ({ tag, title: tag }))).map(({ tag, title }) => entry(kind, source, tag, title));
    });
    return { kind, entries };
  }).filter(({ entries }) => entries.length > 0);
}

/** Those of some lines that are drawn, looked up once for cards of the same runs. @param {ReadonlySet<string>} runs */
function linesDrawn(runs) {
  /** @type {Map<KindLine[], KindLine[]>} */
  const known = new Map();
  return (/** @type {KindLine[]} */ lines) => {
    let found = known.get(lines);
    if (!found) known.set(lines, (found = lines.filter(({ row }) => runs.has(row))));
    return found;
  };
}

/** The pinned cards first, then a section a kind. @param {KindEntries[]} shown @param {ReadonlySet<string>} whole sections that show everything @param {(kind: Kind) => HTMLElement | null} toolbarOf @returns {FlowSection[]} */
export function sectionsOf(shown, whole, toolbarOf) {
  const folded = store.folded.get();
  const known = new Map(shown.flatMap(({ entries }) => entries.map(({ card }) => [card.key, card])));
  const pins = cardPins.get().flatMap((pin) => known.get(pin) ?? []);
  const pinned = new Set(pins.map(({ key }) => key));
  const sections = shown.map(({ kind, entries }) => {
    const key = `kind:${kind.id}`;
    const cards = entries.map(({ card }) => card).filter((card) => !pinned.has(card.key));
    const most = whole.has(key) ? cards.length : MOST;
    return { key, title: kind.title, collapsed: folded.has(key), toolbar: toolbarOf(kind), cards: cards.slice(0, most), hidden: Math.max(0, cards.length - most) };
  });
  return pins.length ? [{ key: PINNED, title: "Pinned", collapsed: folded.has(PINNED), toolbar: null, cards: pins, hidden: 0 }, ...sections] : sections;
}
