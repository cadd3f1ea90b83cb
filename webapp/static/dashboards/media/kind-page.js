/** A page of cards: a section a kind, a card a tag, over all drawn runs and at one step. */

import { oncePerFrame, oncePerTask } from "../../lib/atom.js";
import { formatCount, plural } from "../../lib/format.js";
import { allPlaces, nextPlace } from "../../lib/nearest.js";
import { compileFilter } from "../../lib/search.js";
import { blobVersion } from "../../state/blob-columns.js";
import { kindsCatalog, kindsKnown, kindsProblem, wakeKinds } from "../../state/kinds-catalog.js";
import { drawnRuns, drawnVersion } from "../../state/listed-runs.js";
import { cardPins, cellWidth, shownKinds, wideCards } from "../../state/media-settings.js";
import { cursorOf, moveCursor, stepAxis, toggleLink } from "../../state/step-cursor.js";
import { unlinked } from "../../state/unlinked-cards.js";
import * as store from "../../state/store.js";
import { userState } from "../../state/user-state.js";
import { h } from "../../ui/dom.js";
import { runColors } from "../run-colors.js";
import { lineName } from "../run-lines.js";
import { clearFocus } from "../scalar-keys.js";
import { stepBar } from "../step-bar.js";
import { togglePin, toggleWide } from "./card-actions.js";
import { CardFlow } from "./card-flow.js";
import { KindCardFrame } from "./kind-card.js";
import { entriesOf, sectionsOf } from "./kind-entries.js";
import { KIND_KEY_HELP, listenToKindKeys } from "./kind-keys.js";
import { kindToolbar } from "./toolbar.js";
import { messageOf } from "./told.js";

/** @typedef {import("./kind.js").Kind} Kind */
/** @typedef {import("./kind.js").CardRun} CardRun */
/** @typedef {import("./card-flow.js").FlowCard} FlowCard */
/** @typedef {import("./kind-entries.js").Entry} Entry */

const FEW = 12; // runs whose cards are drawn before anybody asks for them

/** @param {{id: string, title: string, kinds: Kind[], ahead?: boolean}} spec `ahead`: its first cards are cheap enough to be drawn before anybody asks @returns {import("../page-deck.js").Page} */
export function kindPage({ id, title, kinds, ahead = false }) {
  return {
    id,
    title,
    ahead() {
      const runs = ahead ? drawnRuns() : new Set();
      return runs.size > 0 && runs.size <= FEW && kinds.some((kind) => kindsCatalog.get().tagsOf(kind.id, runs).length > 0);
    },
    mount(root, context) {
      return new KindPage(root, context, { id, title, kinds });
    },
  };
}

class KindPage {
  #id;
  /** @type {Kind[]} */ #kinds;
  /** @type {Map<string, HTMLElement>} by kind, made when it is first shown */ #toolbars = new Map();
  #toolbar;
  #notice = h("div", { className: "page-notice" });
  /** @type {Map<string, Entry>} cards by key */ #entries = new Map();
  /** @type {Set<string>} sections that show everything */ #unfolded = new Set();
  /** @type {KindCardFrame | null} under the pointer or in focus */ #active = null;
  /** @type {Map<import("../../lib/kinds-index.js").KindLine[], CardRun[]>} */ #runs = new Map();
  /** @type {CardFlow} */ #flow;
  #bar;
  #stopListening = () => {};
  #target;
  #ahead; // it is being drawn although nobody sees it
  keys = KIND_KEY_HELP;
  soon = oncePerTask(() => this.#arrange());
  #all = true; // every card is to be updated, not only those that asked for it
  #redraw = oncePerFrame(() => this.#update());
  #redrawAll = () => {
    this.#all = true;
    this.#redraw();
  };
  #answered = oncePerTask(() => this.#update()); // drawn with the next frame, not one later

  /** @param {HTMLElement} root @param {import("../page-deck.js").PageContext} context @param {{id: string, title: string, kinds: Kind[]}} spec */
  constructor(root, { focusRunFilter, ahead }, { id, title, kinds }) {
    this.#id = id;
    this.#ahead = ahead;
    this.#kinds = kinds;
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
    this.#watch();
    this.#target = this.#keyTarget(focusRunFilter);
    if (ahead) this.soon();
    else this.show();
  }

  /** What the page shows depends on these. */
  #watch() {
    for (const atom of [kindsCatalog, kindsProblem, kindsKnown, store.catalog, store.complete, drawnVersion, store.tagFilter, store.folded, shownKinds, cardPins, wideCards, cellWidth]) atom.subscribe(this.soon);
    let phase = "";
    store.status.subscribe((status) => {
      if (phase !== (phase = JSON.stringify([status?.phase, status?.logdirs, status?.runs === 0]))) this.soon(); // not for mere figures
    });
    for (const atom of this.#kinds.flatMap(({ reshaped = [] }) => reshaped)) atom.subscribe(this.soon);
    for (const atom of [store.cursor, store.axis, unlinked, blobVersion]) atom.subscribe(this.#redrawAll);
    for (const atom of [blobVersion, ...this.#kinds.flatMap(({ answers = [] }) => answers)]) atom.subscribe(this.#answered);
    for (const atom of [store.colors, userState]) atom.subscribe(() => this.recolor());
    new ResizeObserver(this.soon).observe(this.#flow.element);
  }

  /** @param {() => void} focusRunFilter @returns {import("./kind-keys.js").KindKeyTarget} */
  #keyTarget(focusRunFilter) {
    return {
      focusTagFilter: () => this.#toolbar.focusFilter(),
      focusRunFilter,
      moveCursor: (direction, count) => this.#step(direction, count),
      play: () => this.#bar.toggle(),
      note: () => this.#bar.note(),
      onCard: (action) => this.#act(action),
      clear: () => clearFocus(() => store.cursor.set(null)),
    };
  }

  show() {
    if (this.#ahead) this.#rest();
    wakeKinds(true);
    this.#stopListening = listenToKindKeys(this.#target);
    this.soon();
  }

  hide() {
    wakeKinds(false);
    this.#bar.stop();
    this.#stopListening();
  }

  recolor() {
    this.#runs.clear();
    this.#redrawAll();
  }

  /** Controls for all cards of a kind. @param {Kind} kind @returns {HTMLElement | null} */
  #toolbarOf({ id, toolbar }) {
    if (!this.#toolbars.has(id) && toolbar) this.#toolbars.set(id, toolbar());
    return this.#toolbars.get(id) ?? null;
  }

  #isDrawing() {
    return this.#ahead || store.page.get() === this.#id;
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

  /** Drawn runs of a card. @param {string} key @returns {CardRun[]} */
  #runsOf(key) {
    const lines = this.#entries.get(key)?.lines ?? [];
    let runs = this.#runs.get(lines);
    if (!runs) {
      const color = runColors();
      this.#runs.set(lines, (runs = lines.map(({ name }) => ({ name, label: lineName(name), color: color(name) }))));
    }
    return runs;
  }

  #arrange() {
    if (!this.#isDrawing()) return;
    this.#runs.clear();
    const runs = drawnRuns();
    const columns = this.#flow.columns(cellWidth.get());
    this.#flow.element.style.setProperty("--cell", `${cellWidth.get()}px`);
    const all = entriesOf(this.#kinds, runs, columns);
    const filter = compileFilter(store.tagFilter.get());
    const chosen = shownKinds.get();
    const some = all.some(({ kind }) => chosen.has(kind.id));
    const shown = all.filter(({ kind }) => !some || chosen.has(kind.id))
      .map(({ kind, entries }) => ({ kind, entries: entries.filter(({ card }) => filter.test(card.tag)) })).filter(({ entries }) => entries.length > 0);
    this.#entries = new Map(shown.flatMap(({ entries }) => entries.map((entry) => [entry.card.key, entry])));
    const made = this.#flow.arrange(sectionsOf(shown, this.#unfolded, (kind) => this.#toolbarOf(kind)), columns);
    const [count, total] = [shown, all].map((list) => list.reduce((sum, { entries }) => sum + entries.length, 0));
    this.#toolbar.update(count === total ? "" : `${formatCount(count)} of ${plural(total, "tag")}`, all.map(({ kind }) => kind));
    const message = messageOf(this.#kinds, { shown: count, total, runs });
    this.#notice.replaceChildren(...(message ? [message] : []));
    this.#all = true;
    if (made) this.#update(); // new cards ask for what they show now, not a frame later
    else this.#redraw();
  }

  #update() {
    if (!this.#isDrawing()) return;
    const frames = this.#flow.frames();
    const all = this.#all;
    this.#all = false;
    for (const frame of frames) frame.update(all);
    const done = kindsKnown.get() && store.complete.get() && this.#flow.settled() && frames.every((frame) => frame.ready());
    if (this.#ahead) return void (done && this.#rest());
    if (done) document.documentElement.dataset.drawn = "true";
    else delete document.documentElement.dataset.drawn;
  }

  /** What was drawn ahead stays as it is until somebody sees it. */
  #rest() {
    this.#ahead = false;
    for (const frame of this.#flow.frames()) frame.rest();
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
