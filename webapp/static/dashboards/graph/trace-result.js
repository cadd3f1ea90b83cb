/** What a trace or a path found, in words, with its steps to follow. */

import { plural } from "../../lib/format.js";
import { nameOf } from "../../lib/graph-paths.js";
import { clearTrace, trace } from "../../state/graph-trace.js";
import { h } from "../../ui/dom.js";

const MOST = 200; // steps listed

/** @param {(id: string) => void} goTo @returns {HTMLElement[]} */
export function traceResult(goTo) {
  const shown = trace.get();
  if (!shown) return [];
  const { asked, answer, problem } = shown;
  const clear = h("button", { type: "button", className: "link", onclick: clearTrace }, "Clear (Esc)");
  const line = (/** @type {import("../../ui/dom.js").Child[]} */ ...words) => h("p", { className: "trace-said", role: "status" }, ...words, " ", clear);
  if (problem) return [h("p", { className: "bad", role: "alert" }, problem)];
  if (!answer) return [line("Following the edges …")];
  if (asked.question === "trace") {
    const words = { up: "before", down: "behind", both: "before or behind" };
    return [line(`${plural(answer.nodes, "operation")} ${words[asked.direction]} `, h("bdi", {}, nameOf(asked.id)))];
  }
  const ends = [h("bdi", {}, nameOf(asked.from)), " → ", h("bdi", {}, nameOf(asked.to))]; // the way back is shown where there is no other
  if (answer.boxes.length === 0) return [line("No path ", ...ends, ".")];
  const steps = answer.steps ?? [];
  const rest = steps.length - MOST;
  return [line(...(answer.direction === "up" ? ends.toReversed() : ends), `: ${plural(answer.nodes, "operation")} on the way`),
    h("ol", { className: "trace-steps" }, ...steps.slice(0, MOST).map(({ id }) => h("li", {}, link(id, id.replaceAll("%2F", "/"), goTo))),
      ...(rest > 0 ? [h("li", { className: "quiet" }, `and ${plural(rest, "step")} more`)] : []))];
}

/** A name that leads to its box. @param {string} id @param {string} text @param {(id: string) => void} goTo */
export function link(id, text, goTo) {
  return h("button", { type: "button", className: "link", title: id, onclick: () => goTo(id) }, h("bdi", {}, text));
}
