/** What the page says where there is no embedding: nothing logged, or not read yet. */

import { embeddings, embeddingsProblem, readEmbeddings } from "../../state/projector-catalog.js";
import { retryEmbedding, shownProblem, shownRef } from "../../state/projector-shown.js";
import * as store from "../../state/store.js";
import { h } from "../../ui/dom.js";
import { nothingShown, nothingThere } from "../../ui/start-page.js";

const EXAMPLE = `from stepscope.logger import SummaryWriter

writer = SummaryWriter("runs/first-run")
writer.add_embedding(vectors, metadata=labels, tag="words", global_step=step)`;

/** @param {() => void} onOpen asks for a file @returns {HTMLElement | null} null: there is an embedding */
export function projectorMessage(onOpen) {
  const status = store.status.get();
  if (shownProblem.get()) return nothingShown("This embedding could not be opened", shownProblem.get(), "Retry", retryEmbedding);
  if (shownRef.get()) return null;
  if (embeddingsProblem.get() && !embeddings.get()) return nothingShown("The embeddings of these runs could not be read", embeddingsProblem.get(), "Retry", () => void readEmbeddings());
  if (!embeddings.get() || !status) return null;
  if (status.phase === "failed") return nothingThere(status);
  return store.complete.get() ? nothingLogged(onOpen) : null;
}

/** @param {() => void} onOpen */
function nothingLogged(onOpen) {
  return h("section", { className: "start" }, h("h1", {}, "No embeddings in these runs"),
    h("p", {}, "One line logs vectors, with a label or a row of metadata for each, and thumbnails (label_img):"),
    h("pre", {}, h("code", {}, EXAMPLE)),
    h("p", {}, "With a step, the same tag logged several times plays as an animation."),
    h("p", {}, "Vectors that are a file already open here: .tsv, .csv, .npy, .npz, .parquet, .safetensors. Drop one on this page, or"),
    h("button", { type: "button", onclick: onOpen }, "Open a file …"));
}
