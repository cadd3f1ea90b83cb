/** One run's text at the cursor. */

import { nearestIndex } from "../../lib/nearest.js";
import { plural } from "../../lib/format.js";
import { fetchForm } from "../../state/api.js";
import { chosenHit, renderedTexts, textSearch, textSources } from "../../state/texts.js";
import { textView } from "../../state/text-views.js";
import { h, icon, iconButton } from "../../ui/dom.js";
import { safeHtml } from "../../ui/safe-html.js";
import { markFound, revealFirst } from "../../ui/text-marks.js";
import { differenceView } from "../../ui/text-difference.js";

/** @typedef {import("./kind.js").CardHost} CardHost */
/** @typedef {import("../../lib/blob-frame.js").Values} Values */
/** @typedef {import("../../state/text-views.js").TextView} TextView */
/** @typedef {{key: string, make: () => Node[], notes: string[]}} Drawn `key`: what is drawn, the same key is the same picture */
/** @typedef {{store: import("../../state/form-store.js").FormStore<any>, address: string}} Wanted */

const COPY = "Copy the text";

/**
 * @param {CardHost} host @param {string} run @param {(message: string | null, retry?: () => void) => void} say
 * @returns {import("./run-cells.js").RunCell}
 */
export function textCell(host, run, say) {
  const content = h("div", { className: "text-content", tabIndex: 0, role: "region", "aria-label": "Text" });
  const notes = h("p", { className: "text-notes", hidden: true });
  const copy = iconButton("copy", COPY, () => void copyText(host, run, copy));
  const download = h("a", { className: "icon-button", download: "", title: "Download the text", "aria-label": "Download the text" }, icon("download"));
  const element = h("div", { className: "text-cell" }, content, notes, h("div", { className: "text-tools" }, copy, download));
  let shown = "";
  let done = false;
  /** @type {import("../../state/texts.js").TextHit | null} */
  let revealed = null;
  return {
    element,
    ready: () => done,
    show(index, values) {
      download.href = host.address("raw", run, index);
      const drawn = drawnOf(host, run, index, values, (problem, wanted) => say(problem, () => wanted.store.retry(wanted.address)));
      done = drawn !== null;
      element.classList.toggle("waiting", !done);
      if (!drawn) return;
      if (drawn.key !== shown) {
        content.replaceChildren(...drawn.make());
        notes.textContent = drawn.notes.join(" ");
        notes.hidden = drawn.notes.length === 0;
        shown = drawn.key;
      }
      markFound(content, textSearch.get()?.query ?? null);
      const hit = chosenHit.get();
      if (hit === revealed || hit?.run !== run || hit.tag !== host.tag || hit.index !== index) return;
      revealed = hit;
      revealFirst(content);
    },
    destroy: () => markFound(content, null),
  };
}

/** What the cell shows now; null while it is on its way, or where `fail` has said why not. @param {CardHost} host @param {string} run @param {number} index @param {Values} values @param {(problem: string, wanted: Wanted) => void} fail @returns {Drawn | null} */
function drawnOf(host, run, index, values, fail) {
  const view = textView(host.key);
  if (view.mode === "diff") return difference(host, run, index, values, view, fail);
  const store = view.mode === "raw" ? textSources : renderedTexts;
  const address = host.address(view.mode === "raw" ? "source" : "html", run, index);
  const found = look({ store, address }, fail);
  if (!found) return null;
  const shape = found.shape.length ? [`${found.shape.join(" × ")} texts.`] : [];
  const make = () => (view.mode === "raw" ? [h("pre", { className: "text-raw", dir: "auto" }, found.text)] : [h("div", { className: "markdown" }, safeHtml(found.html))]);
  return { key: address, make, notes: [...shape, ...found.notes] };
}

/** @param {Wanted} wanted @param {(problem: string, wanted: Wanted) => void} fail */
function look(wanted, fail) {
  const found = wanted.store.get(wanted.address);
  if (found?.problem != null) fail(found.problem, wanted);
  return found?.value ?? null;
}

/** @param {CardHost} host @param {string} run @param {number} index @param {Values} values @param {TextView} view @param {(problem: string, wanted: Wanted) => void} fail @returns {Drawn | null} */
function difference(host, run, index, values, view, fail) {
  const base = baseOf(host, run, index, values, view);
  if (base === null) return null;
  if (typeof base === "string") return { key: base, make: () => [h("p", { className: "quiet" }, base)], notes: [] };
  const wanted = [host.address("source", base.run, base.index), host.address("source", run, index)];
  const [before, after] = wanted.map((address) => look({ store: textSources, address }, fail));
  if (!before || !after) return null;
  const notes = [...new Set([...before.notes, ...after.notes])];
  return { key: JSON.stringify([...wanted, view.beside]), make: () => [differenceView(before.text, after.text, view.beside)], notes };
}

/** The value that a run's is compared with; a sentence where there is none, null while nobody knows. @param {CardHost} host @param {string} run @param {number} index @param {Values} values @param {TextView} view @returns {{run: string, index: number} | string | null} */
function baseOf(host, run, index, values, view) {
  if (view.against === "previous") return index > 0 ? { run, index: index - 1 } : `The first of ${plural(values.n, "text")}: there is none before it.`;
  if (view.against === "step") {
    const at = nearestIndex(values, view.step, "step");
    return at === index ? "This is the text that the others are compared with." : { run, index: at };
  }
  if (view.run === run) return "This is the run that the others are compared with.";
  if (!host.runs().some(({ name }) => name === view.run)) return "The run to compare with is not shown: tick it in the list, or choose another one.";
  const other = host.values(view.run);
  if (!other) return null;
  const at = host.at(view.run);
  return at < 0 ? "The run to compare with has no text here." : { run: view.run, index: at };
}

/** The text as it was logged, whatever the cell shows of it. @param {CardHost} host @param {string} run @param {HTMLElement} button */
async function copyText(host, run, button) {
  const index = host.at(run);
  if (index < 0) return;
  try {
    await navigator.clipboard.writeText(new TextDecoder().decode(await fetchForm(host.address("raw", run, index))));
    button.title = "Copied";
  } catch (problem) {
    button.title = `Not copied: ${/** @type {Error} */ (problem).message}`;
  }
  button.setAttribute("aria-label", button.title);
  setTimeout(() => {
    button.title = COPY;
    button.setAttribute("aria-label", COPY);
  }, 2000);
}
