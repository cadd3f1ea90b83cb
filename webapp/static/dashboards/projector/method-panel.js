/** The panel at the left: how the view that is picked out comes by its coordinates. */

import { oncePerFrame } from "../../lib/atom.js";
import { embeddings, methodOf } from "../../state/projector-catalog.js";
import { isQuick, orderOf, overTime, runOf, runsVersion } from "../../state/projector-jobs.js";
import { selection } from "../../state/projector-points.js";
import { activeView, allSteps, changeView, matchBy, pointViews, viewNow } from "../../state/projector-settings.js";
import { shownEmbedding, shownSeries } from "../../state/projector-shown.js";
import { h, setText } from "../../ui/dom.js";
import { fillSelect } from "../fill-select.js";
import { componentsPicker } from "./components-picker.js";
import { parameterForm } from "./parameter-form.js";
import { preprocessPicker } from "./preprocess-picker.js";
import { qualityBox } from "./quality-box.js";
import { runControl } from "./run-control.js";
import { methodTitle } from "./view-title.js";

/** @typedef {import("../../lib/point-views.js").ViewSetting} ViewSetting */

const IN_SIGHT = 4; // settings; the others are folded away

/** @type {Record<string, string>} */
const SAID = {
  pca: "Straight directions of the greatest variance, exact.",
  tsne: "Keeps neighbours together; distances between groups mean little.",
  umap: "Keeps neighbours together, and more of the large shape; distances are not to scale.",
  axes: "Two directions that you choose: from some points to others.",
  random: "Random directions: what is seen here, too, is no work of the method.",
  given: "Coordinates that came with the data, or columns of it.",
};

export class MethodPanel {
  #tabs = h("div", { className: "method-tabs", role: "group", "aria-label": "Method" });
  #said = h("p", { className: "quiet" });
  #expected = h("p", { className: "panel-expected", hidden: true });
  #install = h("div", { className: "install", hidden: true });
  #preprocess = preprocessPicker();
  #components = componentsPicker();
  #fields = h("div", { className: "settings" });
  #moreFields = h("div", { className: "settings" });
  #more = h("details", { className: "panel-more" }, h("summary", {}, "More settings"), this.#moreFields);
  #run = runControl();
  #notes = h("ul", { className: "panel-notes", "aria-label": "Notes of the layout" });
  #together = h("input", { type: "checkbox", onchange: () => allSteps.set(this.#together.checked) });
  #togetherRow = h("label", { className: "setting", title: "Lays all steps out in one space, so that the step cursor moves the points" }, h("span", { className: "setting-name" }, "All steps in one space"), this.#together);
  #match = h("select", { "aria-label": "Same points by", onchange: () => matchBy.set(this.#match.value) });
  #matchRow = h("label", { className: "setting", title: "How it is known which points of two steps are the same" }, h("span", { className: "setting-name" }, "Same points by"), this.#match);
  #running = h("section", { className: "panel-section", "aria-label": "Progress" }, this.#run.element, this.#notes);
  #body = h("div", { className: "panel-body" }, this.#tabs, this.#said, this.#expected, this.#install, h("section", { className: "panel-section", "aria-label": "Settings" }, this.#components.element, this.#fields, this.#more, ...this.#preprocess.elements, this.#togetherRow, this.#matchRow),
    this.#running, qualityBox());
  element = h("div", { className: "panel-scroll" }, this.#body);
  #form = { of: "", show: /** @type {import("./parameter-form.js").ShowParameters} */ (() => {}) };
  soon = oncePerFrame(() => this.#update());

  constructor() {
    for (const atom of [embeddings, runsVersion, allSteps, matchBy, pointViews, activeView, shownEmbedding, shownSeries, selection]) atom.subscribe(this.soon);
    this.soon();
  }

  #update() {
    const view = viewNow();
    const method = methodOf(view.method);
    const state = runOf(view.id)?.state.get();
    this.#fillTabs(view);
    setText(this.#said, SAID[view.method] ?? "");
    const expected = shownEmbedding.get()?.info.expected?.[view.method]?.[view.dims] ?? "";
    setText(this.#expected, expected);
    this.#expected.hidden = expected === "";
    this.#install.hidden = method?.available ?? true;
    if (method && !method.available) this.#install.replaceChildren(h("p", {}, "Not installed where the dashboard runs:"), h("pre", {}, h("code", {}, method.install ?? "")));
    this.#components.element.hidden = view.method !== "pca" || overTime(); // steps are turned onto each other: their axes are no components
    this.#fillForm(view);
    this.#preprocess.update(view);
    this.#togetherRow.hidden = (shownSeries.get()?.steps.length ?? 0) < 2;
    this.#together.checked = allSteps.get();
    this.#matchRow.hidden = !overTime();
    if (overTime()) fillSelect(this.#match, [["", "row"], ...(shownEmbedding.get()?.info.columns ?? []).map(({ name }) => /** @type {[string, string]} */ ([name, name]))], matchBy.get());
    if (!state) return;
    this.#run.element.hidden = isQuick(view.method);
    this.#run.update(view, state);
    if (!this.#components.element.hidden) this.#components.update(view, state);
    this.#tellNotes(state);
    this.#running.hidden = this.#run.element.hidden && this.#notes.children.length === 0;
  }

  /** @param {ViewSetting} view */
  #fillTabs(view) {
    const methods = embeddings.get()?.methods ?? [];
    const key = methods.map(({ method }) => method).join();
    if (this.#tabs.dataset.key !== key) {
      this.#tabs.dataset.key = key;
      this.#tabs.replaceChildren(...methods.map(({ method, available }) => h("button", { type: "button", value: method, className: available ? "toggle" : "toggle missing", onclick: () => pickMethod(method) }, shortTitle(method))));
    }
    for (const button of this.#tabs.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.value === view.method));
      button.disabled = button.value === "given" && view.method !== "given" && !hasGiven();
    }
  }

  /** @param {ViewSetting} view */
  #fillForm(view) {
    const parameters = methodOf(view.method)?.parameters ?? [];
    if (this.#form.of !== view.method + parameters.length) {
      const form = parameterForm(parameters, changeParameter);
      this.#form = { of: view.method + parameters.length, show: form.show };
      const cut = view.method === "axes" || parameters.length <= IN_SIGHT + 1 ? parameters.length : IN_SIGHT;
      this.#fields.replaceChildren(...form.elements.slice(0, cut));
      this.#moreFields.replaceChildren(...form.elements.slice(cut), ...(["pca", "given", "axes"].includes(view.method) ? [] : [seedField()]));
      this.#more.hidden = this.#moreFields.children.length === 0;
    }
    this.#form.show(view.parameters, (name) => isAsked(view, name));
    const seed = /** @type {HTMLInputElement | null} */ (this.#moreFields.querySelector(".seed"));
    if (seed && document.activeElement !== seed) seed.value = String(view.seed);
  }

  /** @param {import("../../state/projector-run.js").RunState} state */
  #tellNotes(state) {
    const info = shownEmbedding.get()?.info;
    const notes = [...new Set([...(info?.notes ?? []), ...state.notes])];
    const key = notes.join("\n");
    if (this.#notes.dataset.key === key) return;
    this.#notes.dataset.key = key;
    this.#notes.replaceChildren(...notes.map((note) => h("li", {}, note)));
  }
}

/** Whether there are coordinates that no method has to make. */
function hasGiven() {
  const info = shownEmbedding.get()?.info;
  return Boolean(info && (info.coordinates || info.columns.filter(({ kind }) => kind === "number").length >= 2));
}

/** Axes come from points or from classes, and a third one is asked for in space only. @param {ViewSetting} view @param {string} name of a parameter */
function isAsked({ method, dims, parameters }, name) {
  if (name === "z" || name === "back" || name === "front") return dims === 3 && (method !== "axes" || !parameters.kind);
  if (method !== "axes" || name === "kind" || name === "orthogonal") return true;
  return (name === "column") === Boolean(parameters.kind);
}

/** @param {string} method */
const shortTitle = (method) => ({ axes: "Axes", random: "Random", given: "Given" })[method] ?? methodTitle(method);

/** The parameters of one method are none of another. @param {string} method */
function pickMethod(method) {
  const view = viewNow();
  if (method !== view.method) changeView(view.id, { method, parameters: {}, preprocess: null, axes: [0, 1, 2] });
}

/** @param {string} name @param {unknown} value */
function changeParameter(name, value) {
  const view = viewNow();
  const parameter = methodOf(view.method)?.parameters.find((one) => one.name === name);
  if (!parameter) return;
  const { [name]: _, ...others } = view.parameters;
  const parameters = value === "" || JSON.stringify(value) === JSON.stringify(parameter.default) ? others : { ...others, [name]: value };
  changeView(view.id, { parameters });
  const run = runOf(view.id);
  const order = orderOf({ ...view, parameters });
  if (run?.active && parameter.live && order) void run.change({ [name]: value }, order);
}

function seedField() {
  const box = h("input", { type: "text", inputMode: "numeric", className: "number seed", "aria-label": "Seed" });
  box.addEventListener("change", () => {
    changeView(viewNow().id, { seed: Math.max(0, Number.parseInt(box.value, 10) || 0) });
    box.blur();
  });
  return h("label", { className: "setting", title: "The same seed makes the same layout." }, h("span", { className: "setting-name" }, "Seed"), box);
}
