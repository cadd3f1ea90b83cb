/** The frame of a card: title, buttons, what is said of the whole card, and the kind's own drawing in it. */

import { formatOnAxis } from "../../lib/axis.js";
import { valueId } from "../../lib/blob-frame.js";
import { formatCount, plural } from "../../lib/format.js";
import { allPlaces } from "../../lib/nearest.js";
import { blobAddress } from "../../state/api.js";
import { blobValues, leaveBlobs } from "../../state/blob-columns.js";
import { cardPins, wideCards } from "../../state/media-settings.js";
import { cursorOf, indexAt, moveCursor, stepAxis, toggleLink } from "../../state/step-cursor.js";
import { unlinked } from "../../state/unlinked-cards.js";
import { showDialog } from "../../ui/dialog.js";
import { h, iconButton, setText } from "../../ui/dom.js";
import { openMenu } from "../../ui/menu.js";
import { showMessage } from "../../ui/message.js";
import { showMarkdown } from "../markdown.js";
import { togglePin, toggleWide } from "./card-actions.js";

/** @typedef {import("./kind.js").Kind} Kind */
/** @typedef {import("./kind.js").CardRun} CardRun */
/** @typedef {import("./kind.js").CardHost} CardHost */
/** @typedef {import("../../lib/blob-frame.js").Values} Values */

/**
 * @typedef {object} CardSpec
 * @property {Kind} kind
 * @property {string} logged the kind as the log calls it
 * @property {string} tag
 * @property {string} title
 * @property {string} key
 * @property {() => CardRun[]} runs
 * @property {() => void} redraw asks for an `update` of this card in the next frame
 */

export class KindCardFrame {
  /** @type {CardSpec} */ #spec;
  #body = h("div", { className: "kind-body" });
  #state = h("div", { className: "card-state", hidden: true });
  #controls = h("span", { className: "kind-controls" });
  #alias = h("bdi", { className: "card-caption card-alias", title: "The name the writer shows it by" });
  #caption = h("span", { className: "card-caption" });
  #notes = h("span", { className: "notes" });
  #own = h("input", { type: "range", min: "0", step: "1", className: "own-step", hidden: true });
  #ownText = h("span", { className: "own-text" });
  #link = iconButton("link", "", () => toggleLink(this.#spec.key));
  #pin = iconButton("pin", "Pin to the top (p)", () => togglePin(this.#spec.key));
  #wide = iconButton("wide", "Full width (f)", () => toggleWide(this.#spec.key));
  #more = iconButton("more", "Card menu", () => this.#openMenu());
  #resized = new ResizeObserver(() => this.#redraw());
  /** @type {{label: string, act: () => void}[]} */ #entries = [];
  /** @type {import("./kind.js").KindCard | null} */ #card = null;
  /** @type {Map<string, Set<string>>} tag → runs that were asked for */ #asked = new Map();
  /** @type {boolean | null} */ #visible = null;
  #stale = true;

  /** @param {HTMLElement} element an empty card @param {CardSpec} spec */
  constructor(element, spec) {
    this.element = element;
    this.#spec = spec;
    element.replaceChildren(
      h("div", { className: "card-head" }, h("h3", { title: spec.tag }, h("bdi", {}, spec.title)), this.#alias, this.#caption, this.#controls,
        h("div", { className: "card-actions" }, this.#link, this.#pin, this.#wide, this.#more)),
      this.#body, this.#state,
      h("div", { className: "card-foot" }, this.#notes, this.#own, this.#ownText));
    this.#own.setAttribute("aria-label", `Step of ${spec.title}`);
    this.#own.addEventListener("input", () => moveCursor(spec.key, this.#places()[Number(this.#own.value)] ?? null));
    this.#guarded(() => (this.#card = spec.kind.card(spec.tag, this.#host())));
    this.#resized.observe(this.#body);
  }

  get key() {
    return this.#spec.key;
  }

  get title() {
    return this.#spec.title;
  }

  /** Whether a part of it is in the window; null before anybody knows. */
  get visible() {
    return this.#visible;
  }

  set visible(visible) {
    if (visible === this.#visible) return;
    this.#visible = visible;
    this.#stale = true;
  }

  #redraw() {
    this.#stale = true;
    this.#spec.redraw();
  }

  /** Everything anew; cheap where nothing changed. @param {boolean} all also where the card did not ask for it */
  update(all) {
    if (!all && !this.#stale) return;
    this.#stale = false;
    this.#guarded(() => this.#card?.update());
    this.#showFoot();
    press(this.#pin, cardPins.get().includes(this.key));
    press(this.#wide, wideCards.get().has(this.key));
    const free = unlinked.get().has(this.key);
    press(this.#link, free);
    this.#link.title = free ? "Follow the page's step again (u)" : "A step of its own (u)";
    this.#link.setAttribute("aria-label", this.#link.title);
  }

  /** Whether it shows all there is, or nobody sees it. */
  ready() {
    if (this.visible === null) return false;
    return !this.visible || (this.#card?.ready?.() ?? true);
  }

  /** The values that are here, of the runs that were asked for. @returns {Values[]} */
  values() {
    const runs = new Set(this.#spec.runs().map(({ name }) => name));
    const asked = [...(this.#asked.get(this.#spec.tag) ?? [])].filter((run) => runs.has(run));
    return asked.flatMap((run) => blobValues(this.#spec.logged, this.#spec.tag, run) ?? []);
  }

  /** Its values are not kept up to date until its next update. */
  rest() {
    for (const tag of this.#asked.keys()) leaveBlobs(this.#spec.logged, tag);
  }

  destroy() {
    this.#resized.disconnect();
    this.#guarded(() => this.#card?.destroy?.());
    this.rest();
    this.element.replaceChildren();
  }

  /** @returns {CardHost} */
  #host() {
    const { key, tag, logged: kind, runs } = this.#spec;
    const values = (/** @type {string} */ run, of = tag) => {
      const asked = this.#asked.get(of) ?? new Set();
      this.#asked.set(of, asked.add(run));
      return blobValues(kind, of, run);
    };
    return {
      key, kind, tag, runs, values,
      redraw: () => this.#redraw(),
      body: this.#body,
      controls: this.#controls,
      menu: (items) => void (this.#entries = items),
      at: (run) => {
        const known = values(run);
        return known ? indexAt(key, known) : -1;
      },
      cursor: () => cursorOf(key),
      axis: stepAxis,
      moveTo: (at) => moveCursor(key, at),
      address: (form, run, index, params = {}) => {
        const known = values(run);
        if (!known) throw new Error(`the values of ${run} are not here yet`);
        const texts = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
        return blobAddress(form, { run, kind, tag, id: valueId(known, index), ...texts });
      },
      say: (message, retry) => this.#say(message, retry),
      note: (text) => void (this.#caption.textContent = text),
      visible: () => this.visible === true,
    };
  }

  /** A kind's mistake costs its own card, no other. @param {() => void} act */
  #guarded(act) {
    try {
      act();
    } catch (problem) {
      console.error(problem);
      this.#say(`This card cannot be shown: ${/** @type {Error} */ (problem).message}`, () => {
        this.#say(null);
        this.#redraw();
      });
    }
  }

  /** @param {string | null} message @param {() => void} [retry] */
  #say(message, retry) {
    this.#body.hidden = message !== null;
    showMessage(this.#state, message, retry);
  }

  #places() {
    return allPlaces(this.values(), stepAxis());
  }

  /** How much there is, and the card's own step where it has one. */
  #showFoot() {
    const known = this.values();
    const count = known.reduce((sum, { n }) => sum + n, 0);
    const named = known.find(({ displayName }) => displayName)?.displayName ?? "";
    setText(this.#alias, named === this.#spec.title ? "" : named);
    const runs = plural(this.#spec.runs().length, "run");
    setText(this.#notes, known.length ? `${runs} · ${plural(count, "value")}` : runs);
    const free = unlinked.get().has(this.key);
    this.#own.hidden = this.#ownText.hidden = !free;
    if (!free) return;
    const places = this.#places();
    const at = cursorOf(this.key);
    this.#own.max = String(Math.max(0, places.length - 1));
    const index = at === null ? places.length - 1 : nearestPlace(places, at);
    this.#own.value = String(index);
    const text = places.length ? formatOnAxis(stepAxis(), places[index]) : "–";
    this.#own.setAttribute("aria-valuetext", text);
    this.#ownText.textContent = `${stepAxis() === "step" ? "step " : ""}${text} · ${formatCount(index + 1)} of ${formatCount(places.length)}`;
  }

  /** What the writer says of the tag, in Markdown; "" where it says nothing. */
  #description() {
    return this.values().find(({ description }) => description)?.description ?? "";
  }

  #openMenu() {
    const free = unlinked.get().has(this.key);
    openMenu(this.#more, [
      ...this.#entries,
      ...(this.#description() ? [{ label: "Description …", act: () => this.#describe() }] : []),
      { label: free ? "Follow the page's step (u)" : "A step of its own (u)", act: () => toggleLink(this.key) },
      { label: cardPins.get().includes(this.key) ? "Unpin (p)" : "Pin to the top (p)", act: () => togglePin(this.key) },
      { label: wideCards.get().has(this.key) ? "As wide as its runs need (f)" : "Full width (f)", act: () => toggleWide(this.key) },
      { label: "Copy the tag", act: () => void navigator.clipboard?.writeText(this.#spec.tag) },
    ]);
  }

  #describe() {
    const text = h("div", {});
    showDialog(this.#spec.title, text);
    void showMarkdown(text, this.#description());
  }
}

/** @param {HTMLElement} button @param {boolean} on */
function press(button, on) {
  button.setAttribute("aria-pressed", String(on));
}

/** @param {Float64Array} places rising @param {number} at */
function nearestPlace(places, at) {
  let best = 0;
  for (let i = 1; i < places.length; i += 1) if (Math.abs(places[i] - at) <= Math.abs(places[best] - at)) best = i;
  return best;
}
