/** Notifications of the browser about new alerts, for those who asked for them here. */

import { displayName } from "../../state/user-state.js";
import { h } from "../../ui/dom.js";

/** @typedef {import("../../state/alerts.js").Alert} Alert */

const KEY = "stepscope-notifications";
const MOST = 3; // at once; more are one notification

/** @type {Set<string> | null} alerts seen already; null before the first list */
let seen = null;

const supported = () => "Notification" in window;
const wanted = () => supported() && Notification.permission === "granted" && localStorage.getItem(KEY) === "on";

/** @param {Alert} alert */
const keyOf = ({ run, tag, rule, step }) => JSON.stringify([run, tag, rule, step]);

/** Says what is new since the last list; the first list is history. @param {readonly Alert[]} list */
export function tellNewAlerts(list) {
  const fresh = seen === null ? [] : list.filter((alert) => alert.active && !seen?.has(keyOf(alert)));
  seen = new Set(list.map(keyOf));
  if (!wanted() || fresh.length === 0) return;
  if (fresh.length > MOST) {
    show(`${fresh.length} new alerts`, [...new Set(fresh.map(({ run }) => displayName(run)))].slice(0, 5).join(", "));
    return;
  }
  for (const alert of fresh) show(`${displayName(alert.run)}${alert.tag ? ` · ${alert.tag}` : ""}`, alert.message);
}

/** @param {string} title @param {string} body */
function show(title, body) {
  try {
    const note = new Notification(title, { body });
    note.addEventListener("click", () => window.focus());
  } catch {
    // Some phones know the word but allow it to service workers only.
  }
}

/** A switch; the browser asks for permission when it is first turned on. */
export function notificationSwitch() {
  if (!supported()) return null;
  const note = h("span", { className: "quiet" });
  const box = h("input", { type: "checkbox", checked: wanted() });
  box.addEventListener("change", async () => {
    const granted = box.checked && (Notification.permission === "granted" || (await Notification.requestPermission()) === "granted");
    localStorage.setItem(KEY, granted ? "on" : "off");
    note.textContent = box.checked && !granted ? "This browser does not allow notifications from here." : "";
    box.checked = granted;
  });
  return h("p", { className: "row" }, h("label", { className: "check" }, box, "Notify me in this browser while the page is open"), note);
}
