/** The list of alerts and the rules they come from, in a dialog that stays up to date. */

import { formatAge, formatCount, plural } from "../../lib/format.js";
import { alertsAnswer } from "../../state/alerts.js";
import * as store from "../../state/store.js";
import { displayName } from "../../state/user-state.js";
import { showDialog } from "../../ui/dialog.js";
import { h } from "../../ui/dom.js";
import { notificationSwitch } from "./browser-notes.js";
import { rulesEditor } from "./rules-editor.js";

/** @typedef {import("../../state/alerts.js").Alert} Alert */

const MOST = 200; // rows of one list

export function showAlerts() {
  const list = h("div", { className: "alert-lists" });
  const told = h("p", { className: "quiet" });
  const editor = rulesEditor();
  const dialog = showDialog("Alerts", list, h("h3", {}, "Rules"), editor.element, told, notificationSwitch());
  dialog.classList.add("alerts-dialog");
  const update = () => {
    const answer = alertsAnswer.get();
    list.replaceChildren(...(answer ? lists(answer, () => dialog.close()) : [h("p", {}, "Asking the server …")]));
    const tells = answer?.tells ?? [];
    told.textContent = tells.length ? `New alerts are also told to ${tells.join(" and ")}.` : "";
  };
  const unsubscribe = alertsAnswer.subscribe(update);
  dialog.addEventListener("close", () => {
    unsubscribe();
    editor.destroy();
  });
  update();
}

/** @param {import("../../state/alerts.js").AlertsAnswer} answer @param {() => void} done */
function lists({ alerts, problems, left_out: leftOut }, done) {
  const active = alerts.filter((alert) => alert.active);
  const over = alerts.filter((alert) => !alert.active);
  return [
    ...problems.map((problem) => h("p", { className: "bad", role: "alert" }, problem)),
    ...(alerts.length === 0 ? [h("p", { className: "quiet" }, "Nothing to report.")] : []),
    ...section("Going on", active, 0, done),
    ...section("Earlier", over, leftOut, done),
  ];
}

/** @param {string} title @param {Alert[]} alerts @param {number} leftOut @param {() => void} done */
function section(title, alerts, leftOut, done) {
  if (alerts.length === 0) return [];
  const alike = together(alerts);
  const more = leftOut + alike.slice(MOST).reduce((sum, { times }) => sum + times, 0);
  return [
    h("h3", {}, `${title} (${formatCount(alerts.length + leftOut)})`),
    h("ul", { className: "alert-list" }, ...alike.slice(0, MOST).map(({ alert, times }) => row(alert, times, done))),
    ...(more ? [h("p", { className: "quiet" }, `and ${plural(more, "older one")}`)] : []),
  ];
}

/** What is said again and again of the same scalar is one row: that of the newest. @param {Alert[]} alerts newest first @returns {{alert: Alert, times: number}[]} */
function together(alerts) {
  /** @type {Map<string, {alert: Alert, times: number}>} */
  const found = new Map();
  for (const alert of alerts) {
    const key = JSON.stringify([alert.run, alert.tag, alert.rule, alert.message]);
    const known = found.get(key);
    if (known) known.times += 1;
    else found.set(key, { alert, times: 1 });
  }
  return [...found.values()];
}

/** @param {Alert} alert @param {number} times @param {() => void} done */
function row(alert, times, done) {
  const { run, tag, step, wall_time: wall, message, active } = alert;
  const where = [times > 1 ? `${formatCount(times)} times` : "", step === null ? "" : `${times > 1 ? "last at " : ""}step ${formatCount(step)}`, wall === null ? "" : `${formatAge(Date.now() / 1000 - wall)} ago`];
  const time = wall === null ? "" : new Date(wall * 1000).toLocaleString();
  return h("li", {}, h("button", { type: "button", className: active ? "alert-row active" : "alert-row", title: time, onclick: () => (done(), goTo(alert)) },
    h("span", { className: "alert-name" }, h("bdi", {}, displayName(run)), tag === null ? null : h("bdi", { className: "alert-tag" }, tag)),
    h("span", { className: "alert-text" }, message),
    h("span", { className: "alert-when" }, where.filter(Boolean).join(" · "))));
}

/** Shows the scalar with the cursor at the step, or the run in the table. @param {Alert} alert */
export function goTo({ run, tag, step }) {
  if (tag === null) {
    store.runFilter.set(run);
    store.page.set("runs");
    return;
  }
  store.tagFilter.set(tag);
  store.page.set("scalars");
  store.highlighted.set(run);
  if (store.axis.get() === "step") store.cursor.set(step);
}
