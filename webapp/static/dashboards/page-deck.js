/**
 * The pages below the header: mounted when first seen, then kept and hidden, so that going back takes no time. A page
 * that says so is drawn before anybody asks for it, laid out where it will be and out of sight.
 */

import { h } from "../ui/dom.js";
import { nothingShown } from "../ui/start-page.js";

/** @typedef {import("../state/series-store.js").SeriesStore} SeriesStore */

/**
 * @typedef {object} PageContext
 * @property {(series: SeriesStore) => void} keepCurrent tells a store of series from now on when the log has changed
 * @property {() => void} focusRunFilter
 * @property {boolean} ahead the page is out of sight until its `show` is called: it takes no keys and draws itself once
 *
 * @typedef {object} MountedPage
 * @property {() => void} [show] the page is in sight from now on (not called for the mounting itself)
 * @property {() => void} [hide] it is out of sight: no work, no keys
 * @property {() => void} [recolor] the theme changed
 * @property {string[][]} [keys] what its keys do, where they are not those of the charts: [key, what it does]
 *
 * @typedef {object} Page
 * @property {string} id
 * @property {string} title
 * @property {(root: HTMLElement, context: PageContext) => MountedPage} mount
 * @property {() => boolean} [ahead] whether it is worth being drawn before it is asked for
 *
 * @typedef {{id: string, title: string, load: () => Promise<Page>}} PageOnDemand its modules are fetched when it is first seen, or ahead of that
 *
 * @typedef {{root: HTMLElement, mounted: MountedPage, seen: boolean}} Slot
 */

export class PageDeck {
  /** @type {Map<string, Slot>} */ #pages = new Map();
  /** @type {HTMLElement} */ #main;
  /** @type {(Page | PageOnDemand)[]} */ #entries;
  /** @type {Omit<PageContext, "ahead">} */ #context;
  /** @type {Map<string, Page>} fetched, by id */ #loaded = new Map();
  #shown = "";

  /** @param {HTMLElement} main @param {(Page | PageOnDemand)[]} entries @param {Omit<PageContext, "ahead">} context */
  constructor(main, entries, context) {
    this.#main = main;
    this.#entries = entries;
    this.#context = context;
  }

  /** @param {string} id */
  show(id) {
    if (id === this.#shown) return;
    const before = this.#pages.get(this.#shown);
    if (before) {
      before.root.hidden = true;
      before.mounted.hide?.();
    }
    delete document.documentElement.dataset.drawn;
    this.#shown = id;
    const page = this.#pages.get(id) ?? this.#mount(id);
    page.root.hidden = page.root.inert = false;
    page.root.classList.remove("ahead");
    if (page.seen) page.mounted.show?.();
    page.seen = true;
  }

  /** Fetches what a page is made of, so that showing it takes no time. @param {string} id */
  async fetch(id) {
    const entry = this.#entries.find((known) => known.id === id);
    if (entry && "load" in entry && !this.#loaded.has(id)) this.#loaded.set(id, await entry.load());
  }

  /** Draws a page that was fetched, if it wants that and nobody has seen it yet. @param {string} id */
  prepare(id) {
    const page = this.#loaded.get(id);
    if (!page?.ahead?.() || this.#pages.has(id)) return;
    const root = h("div", { className: `page page-${id} ahead`, inert: true });
    this.#main.append(root);
    this.#pages.set(id, { root, mounted: page.mount(root, { ...this.#context, ahead: true }), seen: true });
  }

  /** What the keys of the page in sight do, if it says. */
  keys() {
    return this.#pages.get(this.#shown)?.mounted.keys;
  }

  /** The theme changed. */
  recolor() {
    for (const { mounted } of this.#pages.values()) mounted.recolor?.();
  }

  /** @param {string} id @returns {Slot} */
  #mount(id) {
    const entry = this.#entries.find((known) => known.id === id) ?? this.#entries[0];
    const root = h("div", { className: `page page-${entry.id}` });
    this.#main.append(root);
    /** @type {Slot} */
    const slot = { root, mounted: {}, seen: false };
    this.#pages.set(id, slot);
    const page = "mount" in entry ? entry : this.#loaded.get(entry.id);
    if (page) slot.mounted = page.mount(root, { ...this.#context, ahead: false });
    else if ("load" in entry) this.#load(entry, slot);
    return slot;
  }

  /** @param {PageOnDemand} entry @param {Slot} slot */
  async #load(entry, slot) {
    try {
      const page = await entry.load();
      slot.root.replaceChildren();
      slot.mounted = page.mount(slot.root, { ...this.#context, ahead: false });
    } catch (error) {
      slot.root.replaceChildren(nothingShown(`${entry.title} could not be loaded`, String(error), "Retry", () => this.#load(entry, slot)));
      return;
    }
    if (this.#shown !== entry.id) slot.mounted.hide?.();
  }
}
