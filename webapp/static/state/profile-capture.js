/** A training that runs is asked for a capture of its next steps; what became of it. */

import { Atom } from "../lib/atom.js";
import { askForCapture } from "./profile-api.js";
import { allProfiles, profiles, readProfiles } from "./profile-catalog.js";
import { chooseProfile } from "./profile-settings.js";

/** How far the capture is that was asked for, in words; "" without one. */
export const captureTold = new Atom("");

/** The run whose training was asked, and what it had captured before. @type {{run: string, before: Set<string>} | null} */
let waiting = null;

/** Runs whose training listens. */
export const listeningRuns = () => (profiles.get()?.listening ?? []).map(({ run }) => run);

/** @param {string} run */
const trainingOf = (run) => (run === "." ? "The training" : `The training of ${run}`);

/** @param {string} run @param {number} steps 0: as many as the training's schedule says */
export async function captureNow(run, steps) {
  const capture = { run, before: new Set(allProfiles().map(({ id }) => id)) };
  waiting = capture;
  captureTold.set(`${trainingOf(run)} is being asked for a capture …`);
  try {
    await askForCapture(run, steps);
    await readProfiles();
  } catch (problem) {
    if (waiting === capture) waiting = null;
    captureTold.set(/** @type {Error} */ (problem).message);
  }
}

/** A new profile of the run is the one that was asked for: it is shown as the newest. */
profiles.subscribe(() => {
  if (!waiting) return;
  const { run, before } = waiting;
  const training = profiles.get()?.listening?.find((each) => each.run === run);
  if (allProfiles().some((entry) => entry.run === run && !before.has(entry.id))) {
    waiting = null;
    captureTold.set("");
    chooseProfile("");
  } else if (!training) captureTold.set(`${trainingOf(run)} ends: what it captured comes now, or it did not begin.`);
  else captureTold.set(`${trainingOf(run)} ${training.asked ? "is asked for a capture" : "captures its next steps"} …`);
});
