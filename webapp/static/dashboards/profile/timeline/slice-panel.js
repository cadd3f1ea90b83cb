/** All of the selected slice: times, arguments, what it lies in, and what it is joined to. */

import { formatCount } from "../../../lib/format.js";
import { formatNanoseconds } from "../../../lib/profile-units.js";
import { shortName } from "../../../lib/timeline-names.js";
import { exactTime } from "../../../lib/timeline-time.js";
import { h } from "../../../ui/dom.js";

/** @typedef {import("../../../state/profile-timeline.js").SliceDetails} SliceDetails */
/** @typedef {import("../../../state/profile-timeline.js").SlicePlace} SlicePlace */

const MOST_LINKS = 12; // in sight
const LINKS = /** @type {Record<string, [one: string, hint: string]>} */ ({
  launch: ["Launched by", "The call with the same correlation"],
  operator: ["Operator", "The innermost operator around the launch"],
  work: ["Launched", "Kernels, copies and fills with the correlation of a call in here"],
  forward: ["Forward", "The operator whose gradient this computes"],
  backward: ["Backward", "The operators that compute the gradient of this"],
});

/** @param {SliceDetails} slice @param {{title: string, goTo: (place: SlicePlace) => void, zoom: () => void, search: (text: string) => void, open: (tab: string, options: object) => void}} told `title`: of its row */
export function slicePanel(slice, told) {
  return h("div", { className: "prof-tl-slice" },
    h("header", {}, h("h3", { title: slice.name }, h("bdi", {}, slice.name)), tools(slice, told)),
    h("div", { className: "prof-tl-columns" }, figures(slice, told.title), joined(slice, told), stack(slice, told), argumentsOf(slice)));
}

/** @param {SliceDetails} slice @param {Parameters<typeof slicePanel>[1]} told */
function tools(slice, { zoom, search, open }) {
  const tab = { operator: "operators", kernel: "kernels" }[slice.category];
  return h("span", { className: "prof-tl-tools" },
    h("button", { type: "button", title: "Fill the view with it (f)", onclick: zoom }, "Zoom to"),
    h("button", { type: "button", title: "Every slice of this name", onclick: () => search(slice.name) }, "Find all"),
    tab && h("button", { type: "button", onclick: () => open(tab, { name: slice.name }) }, `In ${tab}`),
    h("button", { type: "button", onclick: (/** @type {MouseEvent} */ event) => void copy(slice, /** @type {HTMLElement} */ (event.currentTarget)) }, "Copy"));
}

/** @param {SliceDetails} slice @param {HTMLElement} button */
async function copy(slice, button) {
  const { row, band, lane, links, stack: around, python, ...said } = slice;
  await navigator.clipboard.writeText(JSON.stringify({ ...said, stack: around.map(({ name }) => name), python: python.map(({ name }) => name) }, null, 2));
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = "Copy"), 1500);
}

/** @param {SliceDetails} slice @param {string} title */
function figures(slice, title) {
  /** @type {[string, string, string][]} */
  const lines = [
    ["Row", title, ""],
    ["Kind", slice.category.replaceAll("_", " "), ""],
    ["Start", exactTime(slice.start), "From the trace's beginning"],
    ["Duration", formatNanoseconds(slice.duration), `${formatCount(slice.duration)} ns`],
  ];
  if (slice.self !== null) lines.push(["Self", formatNanoseconds(slice.self), "Without what lies within it"]);
  if (slice.launch_delay !== undefined) lines.push(["Launch delay", formatNanoseconds(slice.launch_delay), "From the end of the call to the start on the device: below zero where it began earlier"]);
  if (slice.launched) lines.push(["Launched", `${formatCount(slice.launched)}, ${formatNanoseconds(slice.device_time ?? 0)}`, "Kernels, copies and fills, and the sum of their durations"]);
  if (slice.reason) lines.push(["Attribution", slice.reason, ""]);
  if (slice.correlation >= 0) lines.push(["Correlation", String(slice.correlation), ""]);
  return definitions("Slice", lines);
}

/** @param {string} label @param {[string, string, string][]} lines */
function definitions(label, lines) {
  return h("section", { "aria-label": label }, h("dl", {}, ...lines.flatMap(([name, text, hint]) => [h("dt", {}, name), h("dd", { title: hint }, h("bdi", {}, text))])));
}

/** @param {SliceDetails} slice @param {Parameters<typeof slicePanel>[1]} told */
function joined(slice, { goTo }) {
  const parts = Object.entries(LINKS).flatMap(([kind, [title, hint]]) => {
    const links = slice.links.filter(({ link }) => link === kind);
    if (links.length === 0) return [];
    const total = kind === "work" ? slice.launched ?? links.length : links.length;
    const more = total - Math.min(links.length, MOST_LINKS);
    return [h("h4", { title: hint }, title, total > 1 && h("small", {}, formatCount(total))), placesList(links.slice(0, MOST_LINKS), goTo), more > 0 && h("p", { className: "quiet" }, `and ${formatCount(more)} more`)];
  });
  return parts.length ? h("section", { "aria-label": "Joined to" }, ...parts) : null;
}

/** @param {SlicePlace[]} places @param {(place: SlicePlace) => void} goTo */
function placesList(places, goTo) {
  return h("ul", {}, ...places.map((place) => h("li", {},
    h("button", { type: "button", className: "link", title: place.name, onclick: () => goTo(place) }, h("bdi", {}, shortName(place.name))), h("small", {}, formatNanoseconds(place.duration)))));
}

/** @param {SliceDetails} slice @param {Parameters<typeof slicePanel>[1]} told */
function stack(slice, { goTo }) {
  const told = slice.arguments["Call stack"];
  if (!slice.stack.length && !slice.python.length && typeof told !== "string") return null;
  return h("section", { "aria-label": "Around it" },
    slice.stack.length > 0 && h("h4", {}, "Lies in"), slice.stack.length > 0 && placesList(slice.stack, goTo),
    slice.python.length > 0 && h("h4", {}, "Python"), slice.python.length > 0 && placesList(slice.python, goTo),
    typeof told === "string" && h("h4", {}, "Call stack"), typeof told === "string" && h("pre", {}, told.replaceAll(";", "\n")));
}

/** @param {SliceDetails} slice */
function argumentsOf(slice) {
  const lines = Object.entries(slice.arguments).filter(([name]) => name !== "Call stack").map(([name, value]) => /** @type {[string, string, string]} */ ([name, String(value), ""]));
  return lines.length ? definitions("Arguments", lines) : null;
}
