/** Files: what is in sight as one (coordinates, metadata, a picture, a page), and those that are opened. */

import { sentenceOf } from "../../lib/sentence.js";
import { fetchProjectionPage, projectorAddress } from "../../state/projector-api.js";
import { overTime, runOf } from "../../state/projector-jobs.js";
import { layoutInAddress, layoutQuery } from "../../state/projector-layout-query.js";
import { pointViews, viewNow } from "../../state/projector-settings.js";
import { shownEmbedding, shownRef, shownStep } from "../../state/projector-shown.js";
import { h } from "../../ui/dom.js";
import { openMenu } from "../../ui/menu.js";
import { saveBlob } from "../../ui/save-blob.js";
import { methodTitle } from "./view-title.js";

/** @param {HTMLElement} button @param {(form: "png" | "svg") => Promise<Blob>} picture of the view that is picked out @param {(text: string) => void} onProblem */
export function exportMenu(button, picture, onProblem) {
  const shown = shownEmbedding.get();
  if (!shown) return;
  const view = viewNow();
  const layout = layoutQuery();
  const name = `${shown.info.name} ${methodTitle(view.method)}`;
  const step = overTime() ? shownStep.get() : null;
  const isOfStep = step === null || shown.ref === shownRef.get(); // the points of a step come after the step
  const layouts = pointViews.get().flatMap(({ id, dims }) => {
    const state = runOf(id)?.state.get();
    return state?.coordinates && isOfStep && (step === null || state.steps.includes(step)) ? [{ job: state.job ?? "", dims }] : [];
  });
  const keep = (/** @type {() => Promise<Blob>} */ make, /** @type {string} */ form) => async () => {
    try {
      saveBlob(await make(), `${name}.${form}`);
    } catch (problem) {
      onProblem(sentenceOf(problem));
    }
  };
  const fetch = (/** @type {string} */ form, /** @type {import("../../state/projector-layout-query.js").LayoutQuery | null} */ of) => () => h("a", { href: projectorAddress("download", shown.ref, { form, ...(of ? layoutInAddress(of) : {}) }), download: "" }).click();
  openMenu(button, [
    ...(layout ? [{ label: "Coordinates and metadata as CSV", act: fetch("csv", layout) }, { label: "Coordinates as NPY", act: fetch("npy", layout) }] : []),
    { label: "Metadata as TSV", act: fetch("tsv", null) },
    ...(layouts.length ? [{ label: step === null ? "Page of its own (HTML)" : "Page of its own (HTML), of this step", act: keep(() => fetchProjectionPage(shown.ref, layouts, step), "html") }] : []),
    { label: "Picture as PNG", act: keep(() => picture("png"), "png") },
    { label: "Picture as SVG", act: keep(() => picture("svg"), "svg") },
  ]);
}

/** Asks for a file; where an opened one is in sight it may also be one with its labels. @param {HTMLElement} button @param {() => void} onEmbedding @param {(of: string) => void} onLabels */
export function openMenuOf(button, onEmbedding, onLabels) {
  const ref = shownEmbedding.get()?.ref;
  if (!ref || !("file" in ref)) return onEmbedding();
  openMenu(button, [{ label: "Embedding …", act: onEmbedding }, { label: "Labels of this embedding …", act: () => onLabels(ref.file) }]);
}
