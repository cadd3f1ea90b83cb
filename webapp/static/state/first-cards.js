/** What the page in sight needs is asked for first: everything beside it waits. */

import { page } from "./store.js";

const LONGEST = 1000; // ms
const PAGES = ["media", "distributions", "graph"]; // they wait for several answers, one after the other

/** @type {Promise<void> | undefined} */
let cards;

/** Settled when the cards of the page that was opened are drawn, or after a moment; at once where the page has none. @returns {Promise<void>} */
export function firstCards() {
  return (cards ??= new Promise((done) => {
    if (!PAGES.includes(page.get())) return done();
    void firstDrawn().then(done);
    page.subscribe(() => done());
    setTimeout(done, LONGEST);
  }));
}

/** Settled when a page has drawn all it shows. @returns {Promise<void>} */
export function firstDrawn() {
  return new Promise((done) => {
    const root = document.documentElement;
    const look = () => {
      if (root.dataset.drawn !== "true") return;
      observer.disconnect();
      done();
    };
    const observer = new MutationObserver(look);
    observer.observe(root, { attributeFilter: ["data-drawn"] });
    look();
  });
}

/** Settled when the browser has nothing else to do. @returns {Promise<void>} */
export function idle() {
  return new Promise((done) => {
    if ("requestIdleCallback" in window) requestIdleCallback(() => done());
    else setTimeout(done, LONGEST); // Safari
  });
}
