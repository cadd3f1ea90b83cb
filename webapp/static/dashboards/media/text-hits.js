/** The way to a text that the search has found. */

import { moveCursor, stepAxis } from "../../state/step-cursor.js";
import * as store from "../../state/store.js";
import { chosenHit } from "../../state/texts.js";
import { rowOf } from "../run-lines.js";
import { cardKey } from "./kind-entries.js";

/** @typedef {import("../../state/texts.js").TextHit} TextHit */

/** Moves the step cursor to the text, and its card into the window. @param {TextHit} hit */
export function goToHit(hit) {
  chosenHit.set(hit);
  const folded = store.folded.get();
  if (folded.has("kind:text")) store.folded.set(store.toggled(folded, "kind:text"));
  moveCursor(cardKey("text", hit.tag), placeOfHit(hit));
  requestAnimationFrame(() => {
    const card = document.querySelector(`.kind-card[data-kind="text"][data-tag="${CSS.escape(hit.tag)}"]`);
    card?.scrollIntoView({ block: "nearest" });
    card?.querySelector(`.cell[data-run="${CSS.escape(hit.run)}"]`)?.scrollIntoView({ block: "nearest" });
  });
}

/** @param {TextHit} hit */
function placeOfHit({ run, step, wall_time: wall }) {
  const axis = stepAxis();
  if (axis === "step") return step;
  return axis === "wall" ? wall : wall - (store.catalog.get().byName.get(rowOf(run))?.start ?? 0);
}
