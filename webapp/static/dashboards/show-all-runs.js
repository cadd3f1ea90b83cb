/** Takes away everything that keeps runs from being drawn. */

import { EVERYTHING } from "../lib/selection.js";
import { showHiddenRuns } from "../state/listed-runs.js";
import * as store from "../state/store.js";

export function showAllRuns() {
  store.runFilter.set("");
  showHiddenRuns();
  store.chosen.set(EVERYTHING);
}
