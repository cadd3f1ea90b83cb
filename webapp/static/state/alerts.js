/** Alerts that the server raised, and the rules it raises them by. */

import { Atom } from "../lib/atom.js";
import { fetchAlerts } from "./api.js";
import { firstCards } from "./first-cards.js";

/**
 * @typedef {object} Alert
 * @property {string} run
 * @property {string | null} tag null: about the run itself
 * @property {string} rule id of the rule
 * @property {string} kind "nan" | "divergence" | "plateau" | "stall" | "threshold"
 * @property {number | null} step
 * @property {number | null} wall_time seconds since 1970
 * @property {string} message
 * @property {boolean} active
 *
 * @typedef {object} Rule
 * @property {string} id
 * @property {string} kind
 * @property {boolean} enabled
 * @property {string} tags regular expression; "" is every tag
 * @property {string} runs regular expression; "" is every run
 * @property {Record<string, number | string>} options
 *
 * @typedef {object} OptionInfo a number of a rule that can be chosen
 * @property {string} name
 * @property {string} title
 * @property {number | string} default
 * @property {string[]} [choices]
 *
 * @typedef {{name: string, title: string, about: string, takes_tags: boolean, options: OptionInfo[]}} KindInfo
 * @typedef {{version: number, rules: Rule[], kinds: KindInfo[], problems: string[], alerts: Alert[], left_out: number, tells: string[]}} AlertsAnswer
 */

/** Newest first, active ones before the others. */
export const alerts = new Atom(/** @type {readonly Alert[]} */ ([]));
/** The whole last answer; null before the first. */
export const alertsAnswer = new Atom(/** @type {AlertsAnswer | null} */ (null));

/** @type {Map<string, Alert[]>} */
let byRun = new Map();
let version = -1;

/** @param {string} run @returns {readonly Alert[]} of one run, newest first */
export function alertsOf(run) {
  return byRun.get(run) ?? [];
}

/** How many go on. */
export const activeCount = () => alerts.get().filter(({ active }) => active).length;

/** Reads the alerts if the server has others than those known here. @param {number} [told] their version */
export async function loadAlerts(told) {
  if (told !== undefined && told === version) return;
  await firstCards();
  try {
    const answer = await fetchAlerts();
    if (answer.version === version) return;
    ({ version } = answer);
    byRun = new Map();
    for (const alert of answer.alerts) {
      const list = byRun.get(alert.run);
      if (list) list.push(alert);
      else byRun.set(alert.run, [alert]);
    }
    alertsAnswer.set(answer);
    alerts.set(answer.alerts);
  } catch {
    // The connection says that the server is away; the next message brings them.
  }
}
