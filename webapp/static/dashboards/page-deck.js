/** The pages below the header: mounted when first seen, then kept and hidden, so that going back takes no time. */

import { h } from "../ui/dom.js";

/** @typedef {import("../state/series-store.js").SeriesStore} SeriesStore */

/**
 * @typedef {object} PageContext
 * @property {(onData: () => void) => SeriesStore} makeSeries a store of series that is kept up to date; `onData` is called as points come
 * @property {() => void} focusRunFilter
 *
 * @typedef {object} MountedPage
 * @property {() => void} [show] the page is in sight from now on (not called for the mounting itself)
 * @property {() => void} [hide] it is out of sight: no work, no keys
 * @property {() => void} [recolor] the theme changed
 *
 * @typedef {object} Page
 * @property {string} id
 * @property {string} title
 * @property {(root: HTMLElement, context: PageContext) => MountedPage} mount
 *
 * @typedef {{root: HTMLElement, mounted: MountedPage, seen: boolean}} Slot
 */

export class PageDeck {
  /** @type {Map<string, Slot>} */ #pages = new Map();
  /** @type {HTMLElement} */ #main;
  /** @type {Page[]} */ #entries;
  /** @type {PageContext} */ #context;
  #shown = "";

  /** @param {HTMLElement} main @param {Page[]} entries @param {PageContext} context */
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
    page.root.hidden = false;
    if (page.seen) page.mounted.show?.();
    page.seen = true;
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
    const slot = { root, mounted: entry.mount(root, this.#context), seen: false };
    this.#pages.set(id, slot);
    return slot;
  }
}
