/** What a box or an edge of a model graph is, in words: for tooltips and for those who listen. */

import { formatBytes, formatCompact, formatCount, plural } from "./format.js";
import { edgesOf, opens } from "./graph-scene.js";

/** @typedef {import("./graph-scene.js").GraphScene} GraphScene */

const KINDS = /** @type {Record<string, string>} */ ({
  op: "operation", input: "input", output: "output", constant: "constant", missing: "input that is not in the graph",
  group: "closed group", open: "open group", fold: "repeated groups", section: "section", stub: "goes on outside of this group",
});
const STATUS = /** @type {Record<string, string>} */ ({ added: "added", removed: "removed", changed: "changed" });
const MOST_NAMES = 4;

/** Lines of a tooltip, the first is the name. @param {GraphScene} scene @param {number} box */
export function boxLines(scene, box) {
  const kind = [STATUS[scene.status[box]], KINDS[scene.kind[box]] ?? scene.kind[box]].filter(Boolean).join(" ");
  const facts = [
    scene.nodes[box] > 1 ? plural(scene.nodes[box], "operation") : "",
    scene.parameters[box] > 0 ? `${formatCompact(scene.parameters[box])} parameters` : "",
  ].filter(Boolean).join(" · ");
  const badges = scene.badges[box]?.length ? `with ${someOf(scene.badges[box])}` : "";
  return [scene.label[box], scene.sub[box], pathOf(scene.id[box]), kind, facts, badges].filter((line, at) => at === 0 || (line && line !== scene.label[box]));
}

/** @param {string[]} names */
function someOf(names) {
  const shown = names.slice(0, MOST_NAMES).join(", ");
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}

/** @param {string} id */
function pathOf(id) {
  return id.replace(/\/$/, "").replaceAll("/", " / ");
}

/** @param {GraphScene} scene @param {number} edge */
export function edgeLines({ edges, label }, edge) {
  const facts = [
    edges.times[edge] > 1 ? `${formatCount(edges.times[edge])} edges` : "",
    edges.bytes[edge] >= 0 ? formatBytes(edges.bytes[edge]) : "",
    edges.control[edge] ? "an order, no tensor" : "", edges.kind[edge] === "back" ? "closes a cycle" : "", STATUS[edges.status[edge]] ?? "",
  ].filter(Boolean).join(" · ");
  return [`${label[edges.from[edge]]} → ${label[edges.to[edge]]}`, edges.label[edge], facts].filter(Boolean);
}

/** One sentence for those who listen. @param {GraphScene} scene @param {number} box */
export function boxSentence(scene, box) {
  const { into, from } = edgesOf(scene, box);
  const names = (/** @type {number[]} */ boxes) => someOf(boxes.map((other) => scene.label[other]));
  const ends = [
    into.length ? `from ${names(into.map((edge) => scene.edges.from[edge]))}` : "",
    from.length ? `to ${names(from.map((edge) => scene.edges.to[edge]))}` : "",
  ];
  const how = opens(scene, box) ? (scene.kind[box] === "open" ? "Enter closes it" : "Enter opens it") : "";
  return [...boxLines(scene, box), ...ends, how].filter(Boolean).join(", ");
}
