/** From a point of a chart to the step that was captured nearest to it: scalars and traces have one clock. */

import { fetchProfiles } from "./profile-api.js";
import { chooseProfile, profileTab, profileWindow } from "./profile-settings.js";
import { requestDone } from "./patient-request.js";
import { page } from "./store.js";

/** @typedef {{p: string, rank: number, step: string, from: number, to: number, seconds: number}} CapturedStep */

const TIMELINES = new Set(["kineto", "xplane"]);

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
  const { p, from, to } = await answer.json();
  chooseProfile(p);
  profileWindow.set([from, to]);
  profileTab.set("overview"); // says what the step was spent with
  page.set("profile");
}
