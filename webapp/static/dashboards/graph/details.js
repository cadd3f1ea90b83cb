/** What there is to know of the selected box, at the right of the picture. */

import { isMade, nameOf } from "../../lib/graph-paths.js";
import { graphAddress } from "../../state/api.js";
import { changeOf, graphDiff } from "../../state/graph-diff.js";
import { graphForms } from "../../state/graph-forms.js";
import { goTo, reveal, shownScene } from "../../state/graph-scene.js";
import { selectedBox } from "../../state/graph-settings.js";
import { shownGraph } from "../../state/graph-shown.js";
import { beginPath, clearTrace, pathStart, startTrace, trace } from "../../state/graph-trace.js";
import { h, iconButton } from "../../ui/dom.js";
import { madeParts, partsOf } from "./details-parts.js";
import { traceResult } from "./trace-result.js";

/** @typedef {import("./details-parts.js").BoxFacts} BoxFacts */

export function boxDetails() {
  const body = h("div", { className: "details-body" });
  const title = h("h2", {});
  const element = h("aside", { className: "graph-details", "aria-label": "Details", hidden: true },
    h("div", { className: "panel-head" }, title, iconButton("eye", "Show in the picture", () => reveal(selectedBox.get())), iconButton("close", "Close details", () => selectedBox.set(""))),
    body);
  let key = "";
  const update = () => {
    const [id, graph] = [selectedBox.get(), shownGraph.get()];
    element.hidden = id === "" || !graph;
    if (!graph || id === "") return void (key = "");
    const address = graphAddress("node", graph, { node: id });
    const made = isMade(id) ? boxOf(id) : null;
    const found = isMade(id) ? null : graphForms.get(address);
    const next = [address, found || made ? `there ${made?.open}` : "", JSON.stringify(trace.get()), pathStart.get(), Boolean(graphDiff())].join("\n");
    if (next === key) return;
    const scrolled = next.split("\n")[0] === key.split("\n")[0] ? body.scrollTop : 0;
    key = next;
    title.replaceChildren(h("bdi", {}, made?.label || nameOf(id) || "model"));
    title.title = id;
    if (made) body.replaceChildren(...traceButtons(id), ...traceResult(goTo), ...madeParts(made, goTo));
    else if (!found) body.replaceChildren(h("p", { className: "quiet", role: "status" }, "Reading …"));
    else if (found.problem !== null) body.replaceChildren(h("p", { className: "bad", role: "alert" }, found.problem), h("button", { type: "button", onclick: () => graphForms.retry(address) }, "Retry"));
    else body.replaceChildren(...traceButtons(id), ...traceResult(goTo), ...partsOf(/** @type {BoxFacts} */ (found.value), changeOf(id), goTo));
    body.scrollTop = scrolled;
  };
  for (const atom of [selectedBox, shownGraph, shownScene, graphForms.version, trace, pathStart]) atom.subscribe(update);
  update();
  return element;
}

/** What the picture says of a box that was made for it. @param {string} id */
function boxOf(id) {
  const boxes = shownScene.get()?.scene.boxes;
  const box = boxes?.id.indexOf(id) ?? -1;
  if (!boxes || box < 0) return null;
  return { id, label: boxes.label[box], sub: boxes.sub?.[box] ?? "", nodes: boxes.nodes?.[box] ?? 0, open: boxes.kind[box] === "open" };
}

/** @param {string} id */
function traceButtons(id) {
  const start = pathStart.get();
  const asked = trace.get()?.asked;
  const button = (/** @type {string} */ text, /** @type {string} */ hint, /** @type {() => void} */ onclick, on = false) =>
    h("button", { type: "button", className: "toggle", title: hint, "aria-pressed": String(on), onclick }, text);
  const isOn = (/** @type {string} */ direction) => asked?.question === "trace" && asked.id === id && asked.direction === direction;
  const direct = (/** @type {"up" | "down" | "both"} */ direction) => () => (isOn(direction) ? clearTrace() : void startTrace({ question: "trace", id, direction }));
  return [h("div", { className: "trace-buttons", role: "group", "aria-label": "Trace" },
    button("↑ Upstream", "Mark everything that leads here (u)", direct("up"), isOn("up")),
    button("↓ Downstream", "Mark everything that this leads to (d)", direct("down"), isOn("down")),
    start && start !== id
      ? button("Path to here", `The way from ${nameOf(start)}`, () => void startTrace({ question: "path", from: start, to: id }))
      : button("Path from here", "Then select where it leads", () => beginPath(start ? "" : id), start === id)),
  start === id && h("p", { className: "quiet", role: "status" }, "Select the box where the path ends.")].filter((part) => part !== false);
}
