/** The profile in sight: the chosen one, else the newest; and what is known of it once it is read. */

import { Atom, oncePerTask } from "../lib/atom.js";
import { fetchProfileInfo } from "./profile-api.js";
import { allProfiles, profiles, readProfiles } from "./profile-catalog.js";
import { profileChoice, profileRank, profileWindow } from "./profile-settings.js";

/** @typedef {import("./profile-api.js").ProfileEntry} ProfileEntry */
/** @typedef {import("./profile-api.js").Shown} Shown */

/** The entry of the profile in sight; null without one. */
export const shownEntry = new Atom(/** @type {ProfileEntry | null} */ (null));
/** What views show; null while it is being read, and where it cannot be. */
export const shownProfile = new Atom(/** @type {Shown | null} */ (null));
/** Why it cannot be shown; "" when all is well. */
export const shownProblem = new Atom("");
/** How far reading is. */
export const shownWaiting = new Atom(/** @type {import("./patient-request.js").Waiting | null} */ (null));

let asked = "";
let asking = new AbortController();

/** The newest capture with a timeline, else the newest of all. @param {readonly ProfileEntry[]} listed */
function newest(listed) {
  const traces = listed.filter(({ kind }) => kind === "kineto" || kind === "xplane");
  return (traces.length ? traces : listed).reduce((best, entry) => (best && best.wall_time >= entry.wall_time ? best : entry), /** @type {ProfileEntry | null} */ (null));
}

const update = oncePerTask(() => {
  if (!profiles.get()) return;
  const chosen = profileChoice.get();
  const entry = chosen ? allProfiles().find(({ id }) => id === chosen) ?? null : newest(allProfiles());
  shownEntry.set(entry);
  if (chosen && !entry) return refuse(`There is no profile ${chosen} (any more). Choose another one.`);
  if (!entry) return refuse("");
  const rank = profileRank.get();
  const key = JSON.stringify([entry.id, entry.size, entry.ranks, rank]);
  if (key !== asked) void read(entry, rank, key);
  else if (shownProfile.get()) shownProfile.set({ ...withoutWindow(), window: profileWindow.get() });
});

/** @returns {Shown} */
const withoutWindow = () => /** @type {Shown} */ (shownProfile.get());

/** @param {string} why */
function refuse(why) {
  asking.abort();
  asked = "";
  shownProfile.set(null);
  shownWaiting.set(null);
  shownProblem.set(why);
}

/** @param {ProfileEntry} entry @param {number | null} rank @param {string} key */
async function read(entry, rank, key) {
  refuse("");
  asked = key;
  asking = new AbortController();
  const { signal } = asking;
  try {
    const info = await fetchProfileInfo({ p: entry.id, rank }, { signal, onWaiting: (waiting) => shownWaiting.set(waiting) });
    if (!signal.aborted) shownProfile.set({ p: entry.id, rank: info.rank ?? rank, window: profileWindow.get(), info });
  } catch (problem) {
    if (signal.aborted) return;
    shownProblem.set(/** @type {Error} */ (problem).message);
    void readProfiles(); // its row says so as well
  }
  if (!signal.aborted) shownWaiting.set(null);
}

/** Once more, after a problem. */
export function retryProfile() {
  refuse("");
  update();
}

for (const atom of [profiles, profileChoice, profileRank, profileWindow]) atom.subscribe(update);
