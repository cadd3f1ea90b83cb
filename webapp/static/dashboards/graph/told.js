/** What the page of the graph says where there is none. */

import { graphs, graphsProblem, readGraphs } from "../../state/graph-catalog.js";
import { offeredGraphs, shownGraph } from "../../state/graph-shown.js";
import { drawnRuns } from "../../state/listed-runs.js";
import * as store from "../../state/store.js";
import { h } from "../../ui/dom.js";
import { nothingShown, nothingThere } from "../../ui/start-page.js";
import { showAllRuns } from "../show-all-runs.js";

const EXAMPLE = `from stepscope.logger import SummaryWriter

with SummaryWriter("runs/first-run") as writer:
    writer.add_graph(model, inputs)`;

const OTHERS = [
  ["ONNX", "writer.add_onnx_graph(path)"],
  ["JAX", "writer.add_jax_graph(function, *arguments)"],
  ["Keras", "writer.add_keras_graph(model)"],
];

/** @param {() => void} onOpen asks for a file @returns {HTMLElement | null} null: there is a graph */
export function messageOf(onOpen) {
  const status = store.status.get();
  if (shownGraph.get()) return null;
  if (status?.phase === "failed") return nothingThere(status);
  if (graphsProblem.get() && !graphs.get()) return nothingShown("The graphs of these runs could not be read", graphsProblem.get(), "Retry", () => void readGraphs());
  if (!graphs.get() || !status || !store.complete.get()) return null;
  const others = graphs.get()?.runs.length ?? 0;
  if (others > 0 && offeredGraphs.get()?.length === 0) {
    const text = drawnRuns().size ? "Other runs have one: tick them in the list." : "Tick runs in the list, or change its filter.";
    return nothingShown(drawnRuns().size ? "No run that is shown has a graph" : "No run is shown", text, "Show all runs", showAllRuns);
  }
  return nothingLogged(onOpen);
}

/** @param {() => void} onOpen */
function nothingLogged(onOpen) {
  return h("section", { className: "start" }, h("h1", {}, "No model graph in these runs"),
    h("p", {}, "One line logs the graph of a PyTorch model, run once on sample inputs: a tensor, several, or a dict."),
    h("pre", {}, h("code", {}, EXAMPLE)),
    h("p", {}, "Other models:"),
    h("dl", { className: "kind-codes" }, ...OTHERS.flatMap(([title, code]) => [h("dt", {}, title), h("dd", {}, h("code", {}, code))])),
    h("p", {}, "A graph that is a file already opens here: .onnx, .pt2, .pbtxt, .pb or a Keras model's .json."),
    h("button", { type: "button", onclick: onOpen }, "Open a file …"));
}
