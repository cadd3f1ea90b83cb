/** The meshes of a tag: a cell a run, one camera for all of them. */

import { meshBox, meshOrthographic, meshShading, meshUp, pointScale, scenes } from "../../state/scenes.js";
import { h, iconButton } from "../../ui/dom.js";
import { MeshCell, onGraphicsBack } from "./mesh-cell.js";
import { viewOf } from "./mesh-view.js";
import { runCells } from "./run-cells.js";

/** @typedef {import("./kind.js").CardHost} CardHost */

/** @param {CardHost} host @returns {import("./kind.js").KindCard} */
export function meshCard(host) {
  const view = viewOf(host.key);
  /** @type {Map<string, MeshCell>} */
  const cells = new Map();
  const grid = runCells(host, {
    makeCell(run, { say }) {
      const cell = new MeshCell(host, view, run, say);
      cells.set(run, cell);
      return { element: cell.element, show: (index) => cell.show(index), ready: () => cell.ready(), destroy: () => (cell.destroy(), cells.delete(run)) };
    },
  });
  const samples = sampleChoice(host, view);
  host.controls.append(samples.element, iconButton("reset", "Reset the view (0)", () => view.reset()));
  view.onMove = () => {
    for (const cell of cells.values()) cell.draw();
  };
  onGraphicsBack(() => host.redraw());
  const stop = [scenes.version, meshShading, pointScale, meshBox, meshUp].map((atom) => atom.subscribe(() => host.redraw()));
  stop.push(meshOrthographic.subscribe((on) => view.project(on)));
  return {
    update() {
      host.runs().forEach(({ name, label }) => cells.get(name)?.name(label));
      grid.update();
      const headers = [...cells.values()].flatMap(({ header }) => header ?? []);
      samples.update(Math.max(1, ...headers.map(({ batches }) => batches)));
      const reduced = view.everything || headers.some(({ how }) => how !== "");
      host.menu(reduced ? [{ label: view.everything ? "Draw fewer points and faces" : "Draw every point and face", act: () => ((view.everything = !view.everything), host.redraw()) }] : []);
      view.onMove();
    },
    ready: grid.ready,
    destroy() {
      for (const unsubscribe of stop) unsubscribe();
      view.onMove = () => {};
      grid.destroy?.();
    },
  };
}

/** Which of the meshes that were logged together. @param {CardHost} host @param {import("./mesh-view.js").MeshView} view */
function sampleChoice(host, view) {
  const element = h("select", { className: "mesh-sample", "aria-label": "Sample", hidden: true, onchange: () => ((view.sample = Number(element.value)), host.redraw()) });
  return {
    element,
    /** @param {number} count */
    update(count) {
      element.hidden = count < 2;
      if (element.childElementCount === count) return;
      element.replaceChildren(...Array.from({ length: count }, (_, index) => h("option", { value: String(index), selected: index === view.sample }, `sample ${index + 1}`)));
    },
  };
}
