/** From a point of a chart to the step that was captured nearest to it: scalars and traces have one clock. */

import { Atom } from "../lib/atom.js";
import { formatDuration } from "../lib/format.js";
import { fetchProfiles } from "./profile-api.js";
import { chooseProfile, profileChoice, profileTab, profileWindow } from "./profile-settings.js";
import { requestDone } from "./patient-request.js";
import { page } from "./store.js";

/** @typedef {{p: string, rank: number, step: string, from: number, to: number, seconds: number}} CapturedStep */

const TIMELINES = new Set(["kineto", "xplane"]);

/** How far the step in sight is from the point that led to it, in words; "" where it is of that step, or another one is in sight. */
export const capturedTold = new Atom("");

/** Whether any step of a run was captured. @param {string} run */
export async function isCaptured(run) {
  const { profiles } = await fetchProfiles();
  return profiles.some((profile) => TIMELINES.has(profile.kind) && (run === profile.run || run.startsWith(`${profile.run}/`)));
}

/**
 * Shows the captured step that is nearest to a point.
 *
 * @param {{run: string, wall: number}} point
 * @param {(waiting: import("./patient-request.js").Waiting) => void} onWaiting
 */
export async function showCapturedStep({ run, wall }, onWaiting) {
  const query = new URLSearchParams({ run, wall: String(wall) });
  const answer = await requestDone(`api/profile/nearest?${query}`, {}, onWaiting);
  /** @type {CapturedStep} */
  const { p, from, to, seconds } = await answer.json();
  chooseProfile(p);
  profileWindow.set([from, to]);
  profileTab.set("overview"); // says what the step was spent with
  page.set("profile");
  capturedTold.set(awayText(seconds));
}

for (const atom of [profileChoice, profileWindow]) atom.subscribe(() => capturedTold.set(""));

/** @param {number} seconds from the step to the point; 0 within it */
function awayText(seconds) {
  if (seconds === 0) return "";
  return `No step was captured at that point. The nearest one ${seconds > 0 ? "ended" : "began"} ${formatDuration(Math.abs(seconds))} ${seconds > 0 ? "before" : "after"} it.`;
}
