/** What else is done with the selected points: kept by name, saved as a file. */

import { formatCount } from "../../../lib/format.js";
import { shownJob } from "../../../state/projector-jobs.js";
import { selection, selectRows, visibleMask } from "../../../state/projector-points.js";
import { downloadRows } from "../../../state/projector-questions.js";
import { keepSelection, namedSelections } from "../../../state/projector-saved.js";
import { pointCount } from "../../../state/projector-selection.js";
import { shownEmbedding } from "../../../state/projector-shown.js";
import { inverted, NO_ROWS, rowsOf } from "../../../lib/row-sets.js";
import { openMenu } from "../../../ui/menu.js";
import { askText } from "../../../ui/questions.js";
import { saveBlob } from "../../../ui/save-blob.js";

/** @param {HTMLElement} button @param {(problem: string) => void} tell @param {boolean} mayKeep whether selections are kept by name */
export function selectionMenu(button, tell, mayKeep) {
  const count = selection.get().length;
  openMenu(button, [
    { label: "Select all in sight", act: selectAllInSight },
    ...(count === 0 ? [] : [
      ...(mayKeep ? [{ label: "Keep the selection as …", act: nameSelection }] : []),
      { label: `Metadata of ${formatCount(count)} as CSV`, act: () => void save("csv", tell) },
      { label: `Metadata of ${formatCount(count)} as TSV`, act: () => void save("tsv", tell) },
    ]),
  ]);
}

function selectAllInSight() {
  const mask = visibleMask.get();
  selectRows(mask ? rowsOf(mask) : inverted(NO_ROWS, pointCount(), null));
}

/** Asks for a name and keeps the selection under it. */
export function nameSelection() {
  const names = namedSelections().map(([name]) => name);
  askText({ title: "Keep the selection", label: "Name", value: "", action: "Keep", complaint: (text) => (names.includes(text) ? `There is a selection "${text}" already.` : null) }, (name) => void keepSelection(name));
}

/** @param {"csv" | "tsv"} form @param {(problem: string) => void} tell */
async function save(form, tell) {
  const shown = shownEmbedding.get();
  if (!shown) return;
  tell("");
  try {
    saveBlob(await downloadRows(shown.ref, selection.get(), form, shownJob.get()), `${shown.info.name} selection.${form}`);
  } catch (problem) {
    tell(/** @type {Error} */ (problem).message);
  }
}
