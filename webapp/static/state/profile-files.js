/** Profiles that are opened by hand: one file, or those of several ranks at once. */

import { Atom } from "../lib/atom.js";
import { openProfileFile } from "./profile-api.js";
import { readProfiles } from "./profile-catalog.js";
import { chooseProfile } from "./profile-settings.js";

const LARGEST = 2 ** 31; // bytes: what the server takes

/** What is being opened, and what was wrong with the last files; "" for nothing. */
export const openingProfile = new Atom("");
export const openingProfileProblem = new Atom("");

/** Several files are the ranks of one capture, else each is a profile of its own. @param {FileList | File[]} files */
export async function openProfileFiles(files) {
  openingProfileProblem.set("");
  const problems = [];
  let last = "";
  for (const file of [...files].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    openingProfile.set(file.name);
    try {
      last = await openOne(file, last);
    } catch (problem) {
      problems.push(/** @type {Error} */ (problem).message);
    }
  }
  openingProfile.set("");
  openingProfileProblem.set(problems.join(" "));
  await readProfiles();
  if (last) chooseProfile(last);
}

/** @param {File} file @param {string} beside the id of the one before @returns {Promise<string>} its id */
async function openOne(file, beside) {
  if (file.size > LARGEST) throw new Error(`${file.name} has ${Math.round(file.size / 1e6)} MB; the page opens up to ${Math.round(LARGEST / 1e6)} MB. Put it into the log directory: there is no limit for those.`);
  if (beside) {
    const together = await openProfileFile(file, beside).catch(() => null);
    if (together) return together.id;
  }
  return (await openProfileFile(file)).id;
}
