/** What the cards in sight need is asked for first: everything beside them waits until they are drawn, for a moment. */

import { page } from "./store.js";

const LONGEST = 1000; // ms
const PAGES = ["media", "distributions", "graph"]; // they wait for several answers, one after the other

/** @type {Promise<void> | undefined} */
let drawn;

/** Settled when the cards of the page that was opened are drawn; at once where the page has none. @returns {Promise<void>} */
export function firstCards() {
  return (drawn ??= new Promise((done) => {
    if (!PAGES.includes(page.get())) return done();
    const root = document.documentElement;
    new MutationObserver((_, observer) => {
      if (root.dataset.drawn !== "true") return;
      observer.disconnect();
      done();
    }).observe(root, { attributeFilter: ["data-drawn"] });
    page.subscribe(() => done());
    setTimeout(done, LONGEST);
  }));
}
