/** The graph as a file: the picture as it is seen, the whole of it, or what it holds. */

import { isFile, isPair } from "../../lib/graph-choice.js";
import { graphAddress } from "../../state/api.js";
import { shownScene } from "../../state/graph-scene.js";
import { shownGraph } from "../../state/graph-shown.js";
import { openMenu } from "../../ui/menu.js";
import { saveBlob } from "../../ui/save-blob.js";
import { h } from "../../ui/dom.js";

/** @param {HTMLElement} button @param {(format: "svg" | "png", part: "scene" | "view") => Promise<Blob>} picture @param {(text: string) => void} onProblem */
export function exportMenu(button, picture, onProblem) {
  const name = fileName();
  const draw = (/** @type {"svg" | "png"} */ format, /** @type {"scene" | "view"} */ part) => async () => {
    try {
      saveBlob(await picture(format, part), `${name}.${format}`);
    } catch (problem) {
      onProblem(/** @type {Error} */ (problem).message);
    }
  };
  openMenu(button, [
    { label: "Picture as SVG", act: draw("svg", "scene") },
    { label: "Picture as PNG", act: draw("png", "scene") },
    { label: "What is in sight as SVG", act: draw("svg", "view") },
    { label: "What is in sight as PNG", act: draw("png", "view") },
    { label: "Graph as JSON", act: () => download("json", name) },
    { label: "Graph as JSON for Model Explorer", act: () => download("model_explorer", name) },
  ]);
}

/** @param {"json" | "model_explorer"} form @param {string} name */
function download(form, name) {
  const graph = shownGraph.get();
  if (graph) h("a", { href: graphAddress("export", graph, { form }), download: `${name}${form === "json" ? "" : ".model_explorer"}.json` }).click();
}

function fileName() {
  const graph = shownGraph.get();
  const title = shownScene.get()?.scene.graph.title || "graph";
  return graph && !isPair(graph) && !isFile(graph) ? `${graph.run} ${title}` : title;
}
