/** The tooltip of a page with charts: a pinned one opens groups, writes and deletes notes, and leads to profiles. */

import { isCaptured, showCapturedStep } from "../state/captured-steps.js";
import { removeAnnotation } from "../state/events.js";
import { waitingText } from "../state/patient-request.js";
import { tooltip } from "../ui/tooltip.js";
import { toggleMembers } from "./group-legend.js";
import { writeNote } from "./note-dialog.js";

/** @typedef {import("../lib/types.js").PointRow} PointRow */

export function chartTip() {
  const tip = tooltip({
    onGroup: toggleMembers,
    onNote: noteOn,
    linkOf: capturedStep,
    onForget: (note) => removeAnnotation(note).then(() => tip.unpin()),
  });
  return tip;
}

/** To the captured step nearest to a point of a run. @param {PointRow} row */
async function capturedStep(row) {
  if (row.count != null || !(await isCaptured(row.run))) return null;
  return {
    label: "nearest captured step",
    title: "The profile of the step that was captured nearest to this point",
    act: (/** @type {(text: string) => void} */ tell) => showCapturedStep(row, (waiting) => tell(waitingText(waiting))),
  };
}

/** A note about a point: of its run, unless that is a group. @param {PointRow} row */
export function noteOn(row) {
  writeNote(row.step, row.count == null ? { run: row.run, wall: row.wall } : {});
}
