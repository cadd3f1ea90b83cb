/** Which profiles there are in the log, and which were opened by hand. */

import { profilesVersion } from "./follow.js";
import { fetchProfiles } from "./profile-api.js";
import { WatchedAnswer } from "./watched-answer.js";

const watched = new WatchedAnswer(fetchProfiles, profilesVersion);

/** null before the first answer. */
export const profiles = watched.answer;
/** Why they could not be read; "" when all is well. */
export const profilesProblem = watched.problem;
/** Reads them now. */
export const readProfiles = watched.read;
/** The page is in sight, or no more. */
export const wakeProfiles = watched.wake;

/** @returns {import("./profile-api.js").ProfileEntry[]} of the log and opened by hand */
export const allProfiles = () => [...(profiles.get()?.profiles ?? []), ...(profiles.get()?.files ?? [])];
