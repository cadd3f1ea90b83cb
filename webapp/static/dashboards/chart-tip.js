/** The tooltip of a page with charts: a pinned one opens groups, and writes and deletes notes. */

import { removeAnnotation } from "../state/events.js";
import { tooltip } from "../ui/tooltip.js";
import { toggleMembers } from "./group-legend.js";
import { writeNote } from "./note-dialog.js";

/** @typedef {import("../lib/types.js").PointRow} PointRow */

export function chartTip() {
  const tip = tooltip({
    onGroup: toggleMembers,
    onNote: noteOn,
    onForget: (note) => removeAnnotation(note).then(() => tip.unpin()),
  });
  return tip;
}

/** A note about a point: of its run, unless that is a group. @param {PointRow} row */
export function noteOn(row) {
  writeNote(row.step, row.count == null ? { run: row.run, wall: row.wall } : {});
}
