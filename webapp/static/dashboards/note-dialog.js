/** A note at a step: written in a dialog, for one run or for all, and drawn on the axis of the charts. */

import { formatCount } from "../lib/format.js";
import { addAnnotation } from "../state/events.js";
import { drawnRuns } from "../state/listed-runs.js";
import * as store from "../state/store.js";
import { displayName, stateMessage } from "../state/user-state.js";
import { dropDown } from "../ui/controls.js";
import { showDialog } from "../ui/dialog.js";
import { h } from "../ui/dom.js";

const MOST = 500; // runs to choose from; the one that was pointed at is always among them

/** @param {number} at a step @param {{run?: string, wall?: number}} [about] the run that was pointed at, and when it was there */
export function writeNote(at, { run, wall } = {}) {
  const step = Math.round(at);
  const text = h("input", { type: "text", className: "wide-box", "aria-label": "Note", placeholder: "learning rate lowered", autofocus: true, required: true });
  const names = [...new Set([...(run ? [run] : []), ...[...drawnRuns()].slice(0, MOST)])];
  const of = dropDown("On the charts of", [["", "all runs"], ...names.map((name) => /** @type {[string, string]} */ ([name, displayName(name)]))]);
  const problem = h("p", { className: "bad", role: "alert", hidden: true });
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const note = { text: text.value.trim(), step, ...(of.value ? { run: of.value } : {}), ...(wall !== undefined && of.value === (run ?? "") ? { wall_time: wall } : {}) };
    if (!note.text) return;
    if (await addAnnotation(note)) return dialog.close();
    problem.hidden = false;
    problem.textContent = stateMessage.get();
  };
  const dialog = showDialog(`Note at step ${formatCount(step)}`, h("form", { className: "note-form", onsubmit: save }, text, of, problem, h("button", { type: "submit" }, "Save")));
}

/** Where the shared cursor is, if that is at a step. */
export function stepOfCursor() {
  return store.axis.get() === "step" ? store.cursor.get() : null;
}
