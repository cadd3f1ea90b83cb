/** What the colours of the boxes mean: chosen from what this graph knows. */

import { shownScene } from "../../state/graph-scene.js";
import { graphColor } from "../../state/graph-settings.js";
import { colorNow } from "../../state/graph-values.js";
import { h } from "../../ui/dom.js";

/** @type {[by: string, title: string][]} */
const COLORINGS = [
  ["none", "nothing"], ["module", "module"], ["op", "operation"], ["dtype", "data type"], ["device", "device"], ["parameters", "parameters"],
  ["flops", "FLOPs"], ["activations", "activation memory"], ["time", "time"], ["memory", "memory"],
];

/** Asked for by everyone: shown even where the server does not say what it has. */
const ALWAYS = new Set(["none", "module", "op", "parameters"]);

export function colorPicker() {
  const list = h("select", { "aria-label": "Colour by", title: "What the colours mean" });
  const element = h("label", { className: "drop-down" }, h("span", {}, "Colour"), list);
  list.addEventListener("input", () => graphColor.set(list.value));
  const update = () => {
    const [graph, now] = [shownScene.get()?.scene.graph, colorNow()];
    const known = new Set(graph?.has ?? COLORINGS.map(([by]) => by));
    const usual = COLORINGS.filter(([by]) => ALWAYS.has(by) || known.has(by) || by === now);
    if (known.has("status") || now === "status") usual.unshift(["status", "what changed"]);
    const overlays = graph?.overlays ?? [];
    if (graph && ![...usual.map(([by]) => by), ...overlays.map(({ by }) => by)].includes(now)) usual.push([now, "of another graph"]);
    const groups = [...new Set(overlays.map(groupOf))];
    const key = JSON.stringify([usual, overlays]);
    if (list.dataset.key !== key) {
      list.dataset.key = key;
      list.replaceChildren(...usual.map(([value, text]) => h("option", { value }, text)),
        ...groups.map((label) => h("optgroup", { label }, ...overlays.filter((one) => groupOf(one) === label).map(({ by, title }) => h("option", { value: by }, title)))));
    }
    list.value = now;
  };
  shownScene.subscribe(update);
  graphColor.subscribe(update);
  update();
  return element;
}

/** @param {{group?: string}} overlay */
const groupOf = ({ group }) => group ?? "Measured";
