/** A card of confusion matrices: a cell a run. */

import { confusionBase, confusionWords, matrixParts, pointedCell, setPart } from "../../state/confusion-settings.js";
import { readInk } from "../../ui/ink.js";
import { runCells } from "../media/run-cells.js";
import { ConfusionCell } from "./confusion-cell.js";
import { matrices } from "./confusion-store.js";

/** @typedef {import("../media/kind.js").CardHost} CardHost */

const WIDTH = 310;

/** @param {CardHost} host @returns {import("../media/kind.js").KindCard} */
export function confusionCard(host) {
  /** @type {Map<string, ConfusionCell>} */
  const cells = new Map();
  const card = runCells(host, {
    minWidth: WIDTH,
    makeCell(run, { say }) {
      const cell = new ConfusionCell(host, run, say);
      cells.set(run, cell);
      return {
        element: cell.element,
        show: (index) => cell.show(index),
        ready: () => cell.isReady,
        destroy: () => (cell.destroy(), cells.delete(run)),
      };
    },
  });
  const leave = [
    ...[confusionWords, confusionBase, matrixParts, matrices.version].map((atom) => atom.subscribe(host.redraw)),
    pointedCell.subscribe((pointed) => {
      for (const cell of cells.values()) cell.point(pointed?.card === host.key ? pointed.cell : null);
    }),
  ];
  host.menu([
    { label: "Save picture …", act: () => void savePicture(host, cells) },
    { label: "Show all classes", act: () => setPart(host.key, null) },
  ]);
  return {
    ...card,
    destroy() {
      for (const stop of leave) stop();
      card.destroy?.();
    },
  };
}

/** The map of the run that is pointed at, else of the first. @param {CardHost} host @param {Map<string, ConfusionCell>} cells */
async function savePicture(host, cells) {
  const pointed = host.body.querySelector(".cell:hover")?.getAttribute("data-run");
  const run = host.runs().find(({ name }) => (pointed ? name === pointed : cells.has(name)));
  const picture = run && cells.get(run.name)?.picture();
  if (!run || !picture) return;
  const { savePicture: save } = await import("../picture-dialog.js");
  save({ ...picture, title: `${host.tag} · ${run.label}`, name: `${host.tag}_${run.label}`, legend: [], ink: readInk() });
}
