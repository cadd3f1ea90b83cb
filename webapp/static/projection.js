/** A page of one file about one embedding: the dashboard's own modules, answered from data in the file. */

import { ProjectionPage } from "./dashboards/projection/page.js";
import { parseArrays } from "./lib/arrays-frame.js";
import { inflated } from "./lib/inflate.js";
import { KeptAnswers } from "./state/kept-answers.js";
import { activeView, colorBy, embeddingChoice, pointViews } from "./state/projector-settings.js";
import { h } from "./ui/dom.js";

async function start() {
  try {
    const { header, arrays } = parseArrays(await inflated(document.getElementById("page-data")?.textContent ?? ""));
    globalThis.fetch = /** @type {typeof fetch} */ (new KeptAnswers(/** @type {Record<string, Uint8Array>} */ (arrays), header.views).answer);
    pointViews.set(header.views);
    activeView.set(0);
    colorBy.set(header.color);
    embeddingChoice.set({ file: "kept" });
    document.body.append(new ProjectionPage(header).element);
  } catch (error) {
    document.body.append(h("p", { className: "card-problem" }, `This file cannot be read: ${/** @type {Error} */ (error).message}`));
  }
}

void start();
