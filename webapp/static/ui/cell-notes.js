/** What is odd about a value, below it: one sentence a line. */

import { h, icon } from "./dom.js";

export function cellNotes() {
  const element = h("ul", { className: "cell-notes", hidden: true });
  let shown = "";
  return {
    element,
    /** @param {string[]} notes */
    show(notes) {
      if (notes.join("\n") === shown) return;
      shown = notes.join("\n");
      element.hidden = notes.length === 0;
      element.replaceChildren(...notes.map((note) => h("li", {}, icon("warn"), note)));
    },
  };
}
