/** Which embedding is in sight: lists of runs and opened files, of tags, and of steps. */

import { formatCount } from "../../lib/format.js";
import { embeddings } from "../../state/projector-catalog.js";
import { embeddingChoice } from "../../state/projector-settings.js";
import { moveToStep, shownEmbedding, shownRef, shownSeries, shownStep } from "../../state/projector-shown.js";
import { h } from "../../ui/dom.js";
import { fillSelect } from "../fill-select.js";

/** @typedef {import("../../state/projector-catalog.js").EmbeddingSeries} EmbeddingSeries */

export function embeddingChooser() {
  const run = h("select", { "aria-label": "Run", title: "Run, or a file that was opened" });
  const tag = h("select", { "aria-label": "Embedding", title: "Embedding" });
  const step = h("select", { "aria-label": "Step", title: "Step", className: "short" });
  const size = h("span", { className: "quiet projector-size" });
  const element = h("span", { className: "projector-chooser", role: "group", "aria-label": "Embedding shown" }, run, tag, step, size);
  run.addEventListener("input", () => choose(run.value));
  tag.addEventListener("input", () => embeddingChoice.set({ run: run.value.slice(1), tag: tag.value }));
  step.addEventListener("input", () => moveToStep(Number(step.value)));
  const update = () => {
    const [answer, series, ref] = [embeddings.get(), shownSeries.get(), shownRef.get()];
    const all = answer?.embeddings ?? [];
    const runs = [...new Set(all.map((one) => one.run))].map((name) => /** @type {[string, string]} */ ([`r${name}`, name]));
    const files = (answer?.files ?? []).map(({ file, name }) => /** @type {[string, string]} */ ([`f${file}`, name]));
    fillSelect(run, runs, ref && "file" in ref ? `f${ref.file}` : series ? `r${series.run}` : "", files);
    tag.hidden = !series;
    step.hidden = !series || series.steps.length < 2;
    size.textContent = sizeText();
    if (!series) return;
    fillSelect(tag, all.filter((one) => one.run === series.run).map((one) => [one.tag, one.tag || "embedding"]), series.tag);
    fillSelect(step, series.steps.map(({ step: at, broken }) => [String(at), `step ${formatCount(at)}${broken ? " (broken)" : ""}`]), String(shownStep.get()));
  };
  for (const atom of [embeddings, shownRef, shownSeries, shownStep, shownEmbedding]) atom.subscribe(update);
  update();
  return element;
}

/** The same tag in another run where it has it. @param {string} value "r" and a run, or "f" and a file */
function choose(value) {
  const name = value.slice(1);
  if (value.startsWith("f")) return embeddingChoice.set({ file: name });
  const there = (embeddings.get()?.embeddings ?? []).filter((one) => one.run === name);
  const tag = shownSeries.get()?.tag;
  const found = there.find((one) => one.tag === tag) ?? there[0];
  if (found) embeddingChoice.set({ run: name, tag: found.tag });
}

/** "10,000 × 128" */
function sizeText() {
  const info = shownEmbedding.get()?.info;
  return info ? `${formatCount(info.points)} × ${formatCount(info.dimensions)}` : "";
}
