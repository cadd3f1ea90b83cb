/** What people wrote about the runs of a report, and its alerts, in words. */

import { formatCount } from "../../lib/format.js";
import { h } from "../../ui/dom.js";

/** @typedef {import("./report-file.js").Report} Report */

const MOST = 100; // of each list

/** @param {Report} report @param {(run: string) => string} labelOf @param {import("./report-markdown.js").ShowText} showText @returns {HTMLElement[]} */
export function notesOf(report, labelOf, showText) {
  const noteOf = (/** @type {string} */ note) => {
    const element = h("div", { className: "report-note" });
    showText(element, note);
    return element;
  };
  const said = report.runs.filter((run) => Object.hasOwn(report.people, run)).map((run) => ({ run, ...report.people[run] }));
  const notes = said.filter(({ note, tags }) => note || tags?.length).map(({ run, note = "", tags = [] }) => (
    h("li", {}, h("b", {}, h("bdi", {}, labelOf(run))), ...tags.map((tag) => h("span", { className: "report-tag" }, tag)), note && noteOf(note))));
  const events = report.events.filter(({ kind }) => kind === "note" || kind === "alert").map(({ run, step, kind, text, tag }) => (
    h("li", {}, h("b", {}, run === null ? "all runs" : h("bdi", {}, labelOf(run))), tag ? h("bdi", {}, tag) : null, h("span", { className: "quiet" }, `${kind} · step ${formatCount(step ?? 0)}`), h("div", { className: "report-note" }, text))));
  return [...section("Notes", notes), ...section("On the axis", events)];
}

/** @param {string} title @param {HTMLElement[]} items */
function section(title, items) {
  if (items.length === 0) return [];
  const more = items.length > MOST ? [h("p", { className: "quiet" }, `and ${formatCount(items.length - MOST)} more`)] : [];
  return [h("section", { className: "report-section" }, h("h2", {}, title), h("ul", { className: "report-notes" }, ...items.slice(0, MOST)), ...more)];
}
