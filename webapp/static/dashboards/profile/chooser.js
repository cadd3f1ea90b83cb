/** Which profile is looked at, which of its ranks, and which of its steps. */

import { formatBytes, formatTime, plural } from "../../lib/format.js";
import { formatNanoseconds } from "../../lib/profile-units.js";
import { profiles } from "../../state/profile-catalog.js";
import { chooseProfile, chooseRank, profileWindow } from "../../state/profile-settings.js";
import { shownEntry, shownProfile } from "../../state/profile-shown.js";
import { h } from "../../ui/dom.js";
import { fillSelect } from "../fill-select.js";

/** @typedef {import("../../state/profile-api.js").ProfileEntry} ProfileEntry */
/** @typedef {import("../../state/profile-api.js").Step} Step */

const OWN = "own"; // a stretch of time that is no range of steps

export function profileChooser() {
  const profile = h("select", { "aria-label": "Profile", title: "Profile", className: "prof-profile" });
  const rank = h("select", { "aria-label": "Rank", title: "Rank", className: "prof-rank" });
  const first = h("select", { "aria-label": "From step", title: "From step", className: "prof-step" });
  const last = h("select", { "aria-label": "To step", title: "To step", className: "prof-step" });
  const dash = h("span", { className: "quiet", "aria-hidden": "true" }, "–");
  const element = h("span", { className: "prof-chooser", role: "group", "aria-label": "What is shown" }, profile, rank, first, dash, last);
  profile.addEventListener("input", () => chooseProfile(profile.value));
  rank.addEventListener("input", () => chooseRank(Number(rank.value)));
  const chooseSteps = (/** @type {number} */ from, /** @type {number} */ to) => profileWindow.set(windowOf(stepsShown(), from, to));
  first.addEventListener("input", () => chooseSteps(Number(first.value || NaN), Math.max(Number(first.value), Number(last.value || first.value))));
  last.addEventListener("input", () => chooseSteps(Math.min(Number(first.value), Number(last.value)), Number(last.value)));
  const update = () => {
    fillProfiles(profile);
    fillRanks(rank);
    fillSteps(first, last, dash);
  };
  for (const atom of [profiles, shownEntry, shownProfile, profileWindow]) atom.subscribe(update);
  update();
  return element;
}

/** @returns {Step[]} */
const stepsShown = () => shownProfile.get()?.info.steps ?? [];

/** @param {Step[]} steps @param {number} from @param {number} to places; NaN: all @returns {[number, number] | null} */
function windowOf(steps, from, to) {
  return steps[from] && steps[to] ? [steps[from].start, steps[to].end] : null;
}

/** @param {HTMLSelectElement} list */
function fillProfiles(list) {
  const answer = profiles.get();
  list.hidden = !answer || answer.profiles.length + answer.files.length === 0;
  const named = (/** @type {ProfileEntry[]} */ entries) => entries.map((entry) => /** @type {[string, string, string]} */ ([entry.id, titleOf(entry), hintOf(entry)]));
  const newestFirst = [...(answer?.profiles ?? [])].sort((a, b) => b.wall_time - a.wall_time);
  fillSelect(list, named(newestFirst), shownEntry.get()?.id ?? "", named(answer?.files ?? []));
}

/** @param {ProfileEntry} entry */
function titleOf({ run, name, ranks, problem }) {
  const several = ranks.length > 1; // then the name ends with "and 7 more"
  const file = several ? name.replace(/ and \d+ more$/, "") : name;
  const place = (problem ? "⚠ " : "") + (run === "." ? file : `${run} · ${file}`);
  return several ? `${place} · ${plural(ranks.length, "rank")}` : place;
}

/** @param {ProfileEntry} entry */
const hintOf = ({ wall_time, size, kind, problem }) => problem || `${formatTime(wall_time)} · ${kind.replaceAll("_", " ")} · ${formatBytes(size)}`;

/** @param {HTMLSelectElement} list */
function fillRanks(list) {
  const info = shownProfile.get()?.info;
  const files = info?.files ?? [];
  list.hidden = files.length < 2;
  fillSelect(list, files.map(({ rank, worker, problem }) => [String(rank), `${problem ? "⚠ " : ""}Rank ${rank}`, problem || worker]), String(info?.rank ?? ""));
}

/** @param {HTMLSelectElement} first @param {HTMLSelectElement} last @param {HTMLElement} dash */
function fillSteps(first, last, dash) {
  const steps = stepsShown();
  const window = profileWindow.get();
  const from = steps.findIndex(({ start }) => start === window?.[0]);
  const to = steps.findIndex(({ end }) => end === window?.[1]);
  const own = window !== null && (from < 0 || to < 0);
  first.hidden = steps.length === 0 && !window;
  for (const each of [last, dash]) each.hidden = window === null || own;
  const listed = steps.map(({ name, start, end }, place) => /** @type {[string, string, string]} */ ([String(place), stepTitle(name), formatNanoseconds(end - start)]));
  /** @type {[string, string, string][]} */
  const all = [["", steps.length > 1 ? `All ${steps.length} steps` : "The whole trace", "The whole trace"]];
  if (own) all.push([OWN, `${formatNanoseconds(window[1] - window[0])} chosen`, "A stretch of time that was chosen in the timeline"]);
  fillSelect(first, [...all, ...listed], window === null ? "" : own ? OWN : String(from));
  fillSelect(last, listed, String(to));
}

/** "ProfilerStep#12" → "Step 12". @param {string} name */
const stepTitle = (name) => name.replace(/^ProfilerStep#/, "Step ");
