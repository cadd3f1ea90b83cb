/** One view of the embedding: its title, the picture, and what there is instead of one. */

import { oncePerFrame } from "../../lib/atom.js";
import { hexOf } from "../../lib/color.js";
import { drawnCoordinates } from "../../lib/point-axes.js";
import { pointsView } from "../../charts/points-view.js";
import { clusters } from "../../state/projector-clusters.js";
import { coloring } from "../../state/projector-colors.js";
import { columnsVersion } from "../../state/projector-columns.js";
import { runOf, runsVersion } from "../../state/projector-jobs.js";
import { markedRows } from "../../state/projector-marks.js";
import { emphasis, hovered, selection, selectRows, visibleMask } from "../../state/projector-points.js";
import { activeView, cameras, changeView, colorScale, drawnExtras, imageSize, labelBy, pointViews, setCamera, sizeBy } from "../../state/projector-settings.js";
import { shownEmbedding, shownStep } from "../../state/projector-shown.js";
import { layoutNow, layoutsVersion } from "../../state/projector-steps.js";
import { segmented } from "../../ui/controls.js";
import { h, iconButton, setText } from "../../ui/dom.js";
import { isDark, readTokens } from "../../ui/ink.js";
import { sharedBounds } from "./view-bounds.js";
import { drawnColors, pictureLegend } from "./drawn-colors.js";
import { pointMode } from "./point-mode.js";
import { pointLabels } from "./view-labels.js";
import { pointSizes } from "./view-sizes.js";
import { spriteAtlas } from "./view-sprites.js";
import { showViewState } from "./view-state.js";
import { axesText, methodTitle, preparedText, progressText } from "./view-title.js";
import { sequenceLines, trajectoriesOf } from "./view-lines.js";

/** @typedef {import("../../lib/point-views.js").ViewSetting} ViewSetting */

const MOST_RINGS = 1000;
const [QUICK, CALM] = [120, 450]; // ms that points take to a frame of a running job, and to another layout

/** @returns {import("../../charts/points-stage.js").PointsInk} */
function readPointsInk() {
  const [surface, text, muted, line, accent] = readTokens(["surface", "text", "muted", "line", "accent"]).map(hexOf);
  return { surface, text, muted, line, accent, dark: isDark() };
}

export class ViewCard {
  #id;
  #ink = readPointsInk();
  #title = h("h2", {});
  #told = h("span", { className: "view-told" });
  #progress = h("span", { className: "view-progress" });
  #canvas = h("div", { className: "view-canvas" });
  #state = h("div", { className: "picture-state", hidden: true });
  #dims = segmented("Dimensions", [["2", "2-D", "Two dimensions (2)"], ["3", "3-D", "Three dimensions (3)"]]);
  #turn = iconButton("loop", "Turn by itself", () => this.#toggleTurn(), { "aria-pressed": "false" });
  #close = iconButton("close", "Close this view", () => this.#remove());
  element = h("section", { className: "points-card", "aria-label": "View" },
    h("header", { className: "view-head" }, this.#title, this.#told, this.#progress, h("span", { className: "view-tools" }, this.#dims, this.#turn, iconButton("fit", "Show all points (f)", () => this.fit()), this.#close)),
    h("div", { className: "view-picture" }, this.#canvas, this.#state));
  view = pointsView(this.#canvas, {
    label: "Points", ink: () => this.#ink,
    onHover: (row) => hovered.set(row),
    onPick: (row, event) => this.#pick(row, event),
    onSelect: (rows, how) => selectRows(rows, how),
    onCamera: () => this.#touched && this.#keepCamera(),
  });
  #touched = false; // whether a person has moved the camera
  #drawn = /** @type {Record<string, unknown>} */ ({}); // what the picture was told last, by what it was
  #forget;
  soon = oncePerFrame(() => this.#update());
  #keepCamera = oncePerFrame(() => this.#tellCamera());

  /** @param {number} id of the view */
  constructor(id) {
    this.#id = id;
    this.#dims.addEventListener("input", () => this.setDims(/** @type {2 | 3} */ (Number(this.#dims.value))));
    this.element.addEventListener("pointerdown", () => activeView.set(id), { capture: true });
    for (const event of ["pointerdown", "wheel", "keydown"]) this.#canvas.addEventListener(event, () => (this.#touched = true), { passive: true });
    this.#canvas.addEventListener("pointerleave", () => hovered.set(null));
    const watched = [runsVersion, layoutsVersion, columnsVersion, shownEmbedding, shownStep, pointViews, activeView, coloring, colorScale, visibleMask, selection, hovered, emphasis, markedRows, labelBy, sizeBy, drawnExtras, imageSize, cameras, clusters, pointMode];
    const forget = watched.map((atom) => atom.subscribe(this.soon));
    this.#forget = () => forget.forEach((stop) => stop());
    this.soon();
  }

  destroy() {
    this.#forget();
    this.view.destroy();
    this.element.remove();
  }

  recolor() {
    this.#ink = readPointsInk();
    this.view.restyle();
    this.#drawn = { ...this.#drawn, colors: undefined };
    this.soon();
  }

  /** @param {ArrayLike<number>} [rows] all, where none are given */
  fit(rows) {
    if (!rows) {
      this.#touched = false;
      setCamera(this.#id, null);
    }
    this.view.fit(rows);
  }

  /** The picture as a file, with its title and what the colours mean. @param {"png" | "svg"} form @returns {Promise<Blob>} */
  picture(form) {
    return this.view.picture(form, { title: `${this.#title.textContent} · ${this.#told.textContent}`, legend: pictureLegend(coloring.get()) });
  }

  /** Other dimensions are another picture, looked at from elsewhere. @param {2 | 3} dims */
  setDims(dims) {
    this.#touched = false;
    setCamera(this.#id, null);
    changeView(this.#id, { dims });
  }

  #toggleTurn() {
    this.view.autoRotate = !this.view.autoRotate;
    this.#turn.setAttribute("aria-pressed", String(this.view.autoRotate));
  }

  #setting() {
    return pointViews.get().find(({ id }) => id === this.#id) ?? null;
  }

  #remove() {
    pointViews.set(pointViews.get().filter(({ id }) => id !== this.#id));
    setCamera(this.#id, null);
  }

  /** @param {number | null} row @param {MouseEvent | KeyboardEvent} event */
  #pick(row, event) {
    emphasis.set(row);
    if (row !== null && (event.shiftKey || event.ctrlKey || event.metaKey)) selectRows(Uint32Array.of(row), selection.get().includes(row) ? "remove" : "add");
    else selectRows(row === null ? new Uint32Array() : Uint32Array.of(row));
  }

  #tellCamera() {
    const { target, distance, yaw, pitch } = this.view.camera();
    const told = [...target, distance, yaw, pitch].map((part) => Number(part.toPrecision(5)));
    this.#drawn.camera = told.join();
    setCamera(this.#id, told);
  }

  #update() {
    const setting = this.#setting();
    const run = runOf(this.#id);
    if (!setting || !run) return;
    const state = run.state.get();
    const layout = layoutNow(this.#id);
    this.#head(setting, state);
    showViewState(this.#state, setting, state, layout !== null);
    this.#canvas.classList.toggle("away", !layout);
    if (layout) this.#draw(setting, layout);
  }

  /** @param {ViewSetting} setting @param {import("../../state/projector-run.js").RunState} state */
  #head(setting, state) {
    const several = pointViews.get().length > 1;
    setText(this.#title, methodTitle(setting.method));
    setText(this.#told, [axesText(setting, state), preparedText(setting)].filter(Boolean).join(" · "));
    this.#told.title = this.#told.textContent ?? "";
    setText(this.#progress, progressText(state));
    this.#dims.value = String(setting.dims);
    this.#close.hidden = !several;
    this.#turn.hidden = setting.dims === 2;
    this.element.classList.toggle("active", several && setting.id === activeView.get());
    this.element.setAttribute("aria-label", `View: ${methodTitle(setting.method)}`);
  }

  /** Tells the picture what is new. @param {ViewSetting} setting @param {import("../../state/projector-steps.js").Layout} layout */
  #draw(setting, layout) {
    const { view } = this;
    const points = shownEmbedding.get()?.info.points ?? 0;
    if (this.#is("points", `${points} ${setting.dims}`)) {
      view.setPoints(points, setting.dims);
      this.#drawn = { points: this.#drawn.points };
    }
    const bounds = sharedBounds(setting);
    if (this.#is("coordinates", layout.coordinates, setting.axes.join(), JSON.stringify(bounds))) {
      const first = this.#drawn.placed === undefined;
      this.#drawn.placed = true;
      const running = runOf(this.#id)?.state.get().phase === "running";
      view.setCoordinates(drawnCoordinates(layout.coordinates, layout.width, setting.dims, setting.axes), { animate: first ? 0 : running ? QUICK : CALM, bounds });
    }
    this.#look(setting);
    if (this.#is("visible", visibleMask.get())) view.setVisible(visibleMask.get());
    if (this.#is("selected", selection.get())) view.setSelected(selection.get());
    if (this.#is("emphasis", markedRows.get(), hovered.get())) view.setEmphasis(ringed());
    if (this.#is("mode", pointMode.get())) view.setMode(pointMode.get());
    this.#place();
  }

  /** Colours, sizes and what is drawn beside the points. @param {ViewSetting} setting */
  #look(setting) {
    const { view } = this;
    const extras = drawnExtras.get();
    if (this.#is("colors", coloring.get(), colorScale.get())) view.setColors(drawnColors(coloring.get(), colorScale.get()));
    if (this.#is("sizes", sizeBy.get(), columnsVersion.get())) view.setSizes(pointSizes());
    if (this.#is("labels", labelBy.get(), columnsVersion.get(), visibleMask.get(), selection.get(), emphasis.get())) view.setLabels(pointLabels());
    if (this.#is("density", extras.has("density"))) view.setDensity(extras.has("density"));
    if (this.#is("images", extras.has("images"), imageSize.get(), shownEmbedding.get()?.info.sprite)) view.setSprites(extras.has("images") ? spriteAtlas() : null, imageSize.get());
    if (this.#is("clusters", clusters.get(), extras.has("names"))) view.setClusterLabels(extras.has("names") && clusters.get()?.view === this.#id ? (clusters.get()?.clusters ?? []).map(({ x, y, z, terms, label }) => ({ x, y, z, text: terms.join(" · ") || `cluster ${label}` })) : null);
    if (this.#is("lines", extras.has("trajectories"), layoutsVersion.get(), selection.get(), shownStep.get(), columnsVersion.get())) view.setLines(extras.has("trajectories") ? trajectoriesOf(setting) : extras.has("sequences") ? sequenceLines() : null);
  }

  /** The camera is where the address says, unless it was the picture that said so. */
  #place() {
    const told = cameras.get().get(this.#id);
    if (!told || told.join() === this.#drawn.camera) return;
    this.#drawn.camera = told.join();
    this.#touched = true;
    const [x, y, z, distance, yaw, pitch] = told;
    this.view.setCamera({ ...this.view.camera(), target: [x, y, z], distance, yaw, pitch });
  }

  /** Whether it is something else than the picture was told last. @param {string} what @param {unknown[]} now */
  #is(what, ...now) {
    const before = /** @type {unknown[] | undefined} */ (this.#drawn[what]);
    if (before && now.every((one, place) => Object.is(one, before[place]))) return false;
    this.#drawn[what] = now;
    return true;
  }
}

/** Points with a ring: the one under the pointer, then those that are marked, as far as rings help. */
function ringed() {
  const [row, marked] = [hovered.get(), markedRows.get() ?? []];
  return [...(row === null ? [] : [row]), ...marked.slice(0, MOST_RINGS)];
}
