/** The line below the picture: what of the graph is drawn, and how many notes there are of how it was captured. */

import { formatCompact, formatCount, plural } from "../../lib/format.js";
import { sceneComing, shownScene } from "../../state/graph-scene.js";
import { popover } from "../../ui/controls.js";
import { h, setText } from "../../ui/dom.js";

/** What a graph came from, where its level does not say it. @type {Record<string, string>} */
const FORMATS = { graph_def: "GraphDef", keras: "Keras", onnx: "ONNX", pt2: "torch.export", openvino: "OpenVINO", jax: "JAX", run_metadata: "TensorFlow" };

export function graphFoot() {
  const text = h("span", { className: "graph-facts" });
  const drawn = h("span", { className: "wide-only" });
  const coming = h("span", { className: "quiet", role: "status" });
  const button = h("button", { type: "button", className: "link", hidden: true });
  const list = h("ul", { className: "graph-notes", "aria-label": "Notes of the graph" });
  popover(button, list, { width: 460 });
  button.addEventListener("click", () => list.togglePopover());
  const element = h("div", { className: "graph-foot" }, text, drawn, coming, button, list);
  const update = () => {
    const scene = shownScene.get()?.scene;
    setText(coming, sceneComing.get() && scene ? "laying out …" : "");
    setText(text, scene ? factsOf(scene) : "");
    setText(drawn, scene ? drawnOf(scene) : "");
    const notes = scene?.graph.notes ?? [];
    button.hidden = notes.length === 0;
    setText(button, plural(notes.length, "note"));
    list.replaceChildren(...notes.map((note) => h("li", {}, note)));
  };
  shownScene.subscribe(update);
  sceneComing.subscribe(update);
  return element;
}

/** "24 boxes drawn · 3 aside" @param {import("../../state/graph-scene.js").SceneAnswer} scene */
function drawnOf({ boxes, hidden }) {
  return [`${formatCount(boxes.id.length)} boxes drawn`, hidden ? `${formatCount(hidden)} aside` : ""].filter(Boolean).join(" · ");
}

/** "ATen ops · 271 nodes in 58 groups · 11.7 M parameters" @param {import("../../state/graph-scene.js").SceneAnswer} scene */
function factsOf({ graph }) {
  return [
    [FORMATS[graph.format], graph.level].filter(Boolean).join(" "),
    `${plural(graph.nodes, "node")} in ${plural(graph.groups, "group")}`,
    graph.parameters ? `${formatCompact(graph.parameters)} parameters` : "",
  ].filter(Boolean).join(" · ");
}
