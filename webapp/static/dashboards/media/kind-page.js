/** A page of cards: a section a kind, a card a tag, over all drawn runs and at one step. */

import { oncePerFrame, oncePerTask } from "../../lib/atom.js";
import { formatCount, plural } from "../../lib/format.js";
import { allPlaces, nextPlace } from "../../lib/nearest.js";
import { compileFilter } from "../../lib/search.js";
import { loggedKind } from "../../lib/kinds-index.js";
import { blobVersion } from "../../state/blob-columns.js";
import { followKinds, kindsCatalog, kindsProblem, kindsKnown } from "../../state/kinds-catalog.js";
import { drawnRuns, drawnVersion } from "../../state/listed-runs.js";
import { cardPins, cellWidth, shownKinds, wideCards } from "../../state/media-settings.js";
import { cursorOf, moveCursor, stepAxis, toggleLink, unlinked } from "../../state/step-cursor.js";
import * as store from "../../state/store.js";
import { userState } from "../../state/user-state.js";
import { h } from "../../ui/dom.js";
import { runColors } from "../run-colors.js";
import { lineName } from "../run-lines.js";
import { clearFocus } from "../scalar-keys.js";
import { stepBar } from "../step-bar.js";
import { togglePin, toggleWide } from "./card-actions.js";
import { CardFlow } from "./card-flow.js";
import { cardKey, KindCardFrame } from "./kind-card.js";
import { listenToKindKeys } from "./kind-keys.js";
import { kindToolbar } from "./toolbar.js";
import { messageOf } from "./told.js";

/** @typedef {import("./kind.js").Kind} Kind */
/** @typedef {import("./kind.js").CardRun} CardRun */
/** @typedef {import("./card-flow.js").FlowCard} FlowCard */
/** @typedef {{card: FlowCard, kind: Kind, logged: string}} Entry a card of the page */

const PINNED = "\u0000pinned";
const FRAME = 62; // pixels of a card around its body; see media.css
const HEIGHT = 240; // of a body nobody has seen, unless the kind says
const MOST = 400; // cards of a section before "Show more"
/** Kinds of the other page, which "other" must not take. */
const ELSEWHERE = ["histograms", "pr_curves", "roc_curves", "confusion_matrices"];

/** @param {{id: string, title: string, kinds: Kind[]}} spec @returns {import("../page-deck.js").Page} */
export function kindPage({ id, title, kinds }) {
  return {
    id,
    title,
    mount(root, context) {
      return new KindPage(root, context, { id, title, kinds });
    },
  };
}

class KindPage {
  #id;
  /** @type {Kind[]} */ #kinds;
  /** @type {Map<string, HTMLElement>} */ #toolbars;
  #toolbar;
  #notice = h("div", { className: "page-notice" });
  /** @type {Map<string, Entry>} cards by key */ #entries = new Map();
  /** @type {Set<string>} sections that show everything */ #unfolded = new Set();
  /** @type {KindCardFrame | null} under the pointer or in focus */ #active = null;
  /** @type {Map<string, CardRun[]>} */ #runs = new Map();
  /** @type {CardFlow} */ #flow;
  #bar;
  #stopListening;
  #keys;
  soon = oncePerTask(() => this.#arrange());
  #redraw = oncePerFrame(() => this.#update());

  /** @param {HTMLElement} root @param {import("../page-deck.js").PageContext} context @param {{id: string, title: string, kinds: Kind[]}} spec */
  constructor(root, { focusRunFilter }, { id, title, kinds }) {
    this.#id = id;
    this.#kinds = kinds;
    this.#toolbars = new Map(kinds.flatMap((kind) => (kind.toolbar ? [[kind.id, kind.toolbar()]] : [])));
    this.#toolbar = kindToolbar(title);
    this.#flow = new CardFlow({
      make: (element, card) => this.#make(element, card),
      onSight: () => this.#redraw(),
      onFold: (key) => store.folded.set(store.toggled(store.folded.get(), key)),
      onMore: (key) => (this.#unfolded.add(key), this.soon()),
    });
    this.#bar = stepBar({ charts: () => null, runs: () => drawnRuns(), stops: () => this.#places() });
    this.#flow.element.prepend(this.#notice);
    root.append(this.#toolbar.element, this.#flow.element, this.#bar.element);
    for (const atom of [kindsCatalog, kindsProblem, kindsKnown, store.catalog, store.complete, store.status, drawnVersion, store.tagFilter, store.folded, shownKinds, cardPins, wideCards, cellWidth]) atom.subscribe(this.soon);
    for (const atom of kinds.flatMap(({ reshaped = [] }) => reshaped)) atom.subscribe(this.soon);
    for (const atom of [store.cursor, store.axis, unlinked, blobVersion]) atom.subscribe(this.#redraw);
    for (const atom of [store.colors, userState]) atom.subscribe(() => this.recolor());
    new ResizeObserver(this.soon).observe(this.#flow.element);
    this.#keys = {
      focusTagFilter: () => this.#toolbar.focusFilter(),
      focusRunFilter,
      moveCursor: (/** @type {1 | -1} */ direction, /** @type {number} */ count) => this.#step(direction, count),
      play: () => this.#bar.toggle(),
      note: () => this.#bar.note(),
      onCard: (/** @type {"pin" | "wide" | "link"} */ action) => this.#act(action),
      clear: () => clearFocus(() => store.cursor.set(null)),
    };
    this.#stopListening = listenToKindKeys(this.#keys);
    followKinds();
    this.soon();
  }

  show() {
    this.#stopListening = listenToKindKeys(this.#keys);
    this.soon();
  }

  hide() {
    this.#bar.stop();
    this.#stopListening();
  }

  recolor() {
    this.#runs.clear();
    this.#redraw();
  }

  #inSight() {
    return store.page.get() === this.#id;
  }

  /** @param {HTMLElement} element @param {FlowCard} card */
  #make(element, card) {
    const { kind, logged } = /** @type {Entry} */ (this.#entries.get(card.key));
    const frame = new KindCardFrame(element, {
      kind, logged, tag: card.tag, title: card.title, key: card.key, redraw: this.#redraw,
      runs: () => this.#runsOf(card.key),
    });
    for (const event of ["pointerenter", "focusin"]) element.addEventListener(event, () => (this.#active = frame));
    return frame;
  }

  /** Drawn runs of a card. @param {string} key */
  #runsOf(key) {
    let runs = this.#runs.get(key);
    const entry = this.#entries.get(key);
    if (!runs && entry) {
      const drawn = drawnRuns();
      const color = runColors();
      const lines = kindsCatalog.get().linesOf(entry.kind.id === "other" ? entry.logged : entry.kind.id, entry.card.tag);
      runs = lines.filter(({ row }) => drawn.has(row)).map(({ name }) => ({ name, label: lineName(name), color: color(name) }));
      this.#runs.set(key, runs);
    }
    return runs ?? [];
  }

  #arrange() {
    if (!this.#inSight()) return;
    this.#runs.clear();
    const runs = drawnRuns();
    const columns = this.#flow.columns(cellWidth.get());
    const all = this.#kinds.map((kind) => ({ kind, entries: this.#entriesOf(kind, runs, columns) })).filter(({ entries }) => entries.length > 0);
    const filter = compileFilter(store.tagFilter.get());
    const chosen = shownKinds.get();
    const some = all.some(({ kind }) => chosen.has(kind.id));
    const shown = all.filter(({ kind }) => !some || chosen.has(kind.id))
      .map(({ kind, entries }) => ({ kind, entries: entries.filter(({ card }) => filter.test(card.tag)) })).filter(({ entries }) => entries.length > 0);
    this.#flow.arrange(this.#sectionsOf(shown), columns);
    const [count, total] = [shown, all].map((list) => list.reduce((sum, { entries }) => sum + entries.length, 0));
    this.#toolbar.update(count === total ? "" : `${formatCount(count)} of ${plural(total, "tag")}`, all.map(({ kind }) => kind));
    const message = messageOf(this.#kinds, { shown: count, total, runs });
    this.#notice.replaceChildren(...(message ? [message] : []));
    this.#redraw();
  }

  /** @param {{kind: Kind, entries: Entry[]}[]} shown @returns {import("./card-flow.js").FlowSection[]} */
  #sectionsOf(shown) {
    this.#entries = new Map(shown.flatMap(({ entries }) => entries.map((entry) => [entry.card.key, entry])));
    const folded = store.folded.get();
    const pins = cardPins.get().flatMap((pin) => this.#entries.get(pin)?.card ?? []);
    const pinned = new Set(pins.map(({ key }) => key));
    const sections = shown.map(({ kind, entries }) => {
      const key = `kind:${kind.id}`;
      const cards = entries.map(({ card }) => card).filter((card) => !pinned.has(card.key));
      const most = this.#unfolded.has(key) ? cards.length : MOST;
      return { key, title: kind.title, collapsed: folded.has(key), toolbar: this.#toolbars.get(kind.id) ?? null, cards: cards.slice(0, most), hidden: Math.max(0, cards.length - most) };
    });
    return pins.length ? [{ key: PINNED, title: "Pinned", collapsed: folded.has(PINNED), toolbar: null, cards: pins, hidden: 0 }, ...sections] : sections;
  }

  /** The cards of a kind. @param {Kind} kind @param {Set<string>} runs @param {number} columns @returns {Entry[]} */
  #entriesOf(kind, runs, columns) {
    const catalog = kindsCatalog.get();
    const own = new Set([...this.#kinds.map(({ id }) => id), ...ELSEWHERE]);
    const sources = kind.id === "other" ? catalog.kinds.filter((name) => !own.has(name)) : [kind.id];
    return sources.flatMap((source) => {
      const tags = catalog.tagsOf(source, runs);
      const cards = kind.cards ? kind.cards(tags) : tags.map((tag) => ({ tag, title: tag }));
      return cards.map(({ tag, title = tag }) => {
        const logged = loggedKind(source);
        const key = cardKey(kind.id, logged, tag);
        const count = catalog.linesOf(source, tag).filter(({ row }) => runs.has(row)).length;
        const wanted = wideCards.get().has(key) ? columns : (kind.width ?? 1) * (kind.layout === "card" ? 1 : count);
        const card = { key, kind: kind.id, tag, title, span: Math.min(columns, Math.max(1, wanted)), height: (kind.height ?? HEIGHT) + FRAME };
        return { card, kind, logged };
      });
    });
  }

  #update() {
    if (!this.#inSight()) return;
    const frames = this.#flow.frames();
    for (const frame of frames) frame.update();
    const done = kindsKnown.get() && store.complete.get() && frames.every((frame) => frame.ready());
    if (done) document.documentElement.dataset.drawn = "true";
    else delete document.documentElement.dataset.drawn;
  }

  #activeFrame() {
    return this.#active?.element.isConnected && this.#flow.frames().includes(this.#active) ? this.#active : null;
  }

  /** Where the cards in sight have values. */
  #places() {
    return allPlaces(this.#flow.frames().filter(({ visible }) => visible).flatMap((frame) => frame.values()), stepAxis());
  }

  /** Moves the cursor to the next value of the active card, or of any card in sight. @param {1 | -1} direction @param {number} count */
  #step(direction, count) {
    const frame = this.#activeFrame();
    const axis = stepAxis();
    const places = frame ? allPlaces(frame.values(), axis) : this.#places();
    if (places.length === 0) return;
    let at = (frame ? cursorOf(frame.key) : store.cursor.get()) ?? places[places.length - 1];
    for (let i = 0; i < count; i += 1) at = nextPlace(places, at, direction) ?? at;
    if (frame) moveCursor(frame.key, at);
    else store.cursor.set(at);
  }

  /** @param {"pin" | "wide" | "link"} action */
  #act(action) {
    const frame = this.#activeFrame();
    if (!frame) return;
    if (action === "pin") togglePin(frame.key);
    if (action === "link") toggleLink(frame.key);
    if (action === "wide") {
      toggleWide(frame.key);
      requestAnimationFrame(() => requestAnimationFrame(() => this.#flow.reveal(frame.key)));
    }
  }
}
