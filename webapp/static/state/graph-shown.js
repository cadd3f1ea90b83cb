/** The graph in sight: the one that was chosen where its run is drawn, else the newest of the drawn runs. */

import { Atom, oncePerTask } from "../lib/atom.js";
import { isFile, isPair, sameGraph } from "../lib/graph-choice.js";
import { graphs } from "./graph-catalog.js";
import { graphChoice } from "./graph-settings.js";
import { drawnRuns, drawnVersion } from "./listed-runs.js";
import * as store from "./store.js";

/** @typedef {import("../lib/graph-choice.js").GraphChoice} GraphChoice */
/** @typedef {import("../lib/graph-choice.js").LoggedGraph} LoggedGraph */
/** @typedef {import("./graph-catalog.js").GraphSeries} GraphSeries */

/** Graphs of the drawn runs; null before the first answer. */
export const offeredGraphs = new Atom(/** @type {{run: string, graphs: GraphSeries[]}[] | null} */ (null));
/** null: there is none. */
export const shownGraph = new Atom(/** @type {GraphChoice | null} */ (null));

function resolve() {
  const answer = graphs.get();
  if (!answer) return;
  const [drawn, { byName }] = [drawnRuns(), store.catalog.get()];
  const offered = answer.runs.filter(({ run }) => drawn.has(run) || !byName.has(run));
  offeredGraphs.set(offered);
  const found = chosenAmong(offered) ?? newestOf(offered);
  if (!sameGraph(found, shownGraph.get())) shownGraph.set(found);
}

/** @param {{run: string, graphs: GraphSeries[]}[]} offered @returns {GraphChoice | null} */
function chosenAmong(offered) {
  const [choice, shown] = [graphChoice.get(), shownGraph.get()];
  if (choice && (isFile(choice) || isPair(choice))) return choice;
  const wanted = choice ?? (shown && !isFile(shown) && !isPair(shown) ? shown : null); // a newer graph does not push away the one in sight
  const series = wanted && seriesOf(offered, wanted);
  if (!series) return null;
  const kept = shown && !isPair(shown) && !isFile(shown) && shown.run === wanted.run && shown.tag === wanted.tag ? shown.id : undefined;
  return { run: wanted.run, tag: wanted.tag, id: wanted.id ?? kept ?? series.values.at(-1)?.id };
}

/** The graph that says most, of the run that logged one last. @param {{run: string, graphs: GraphSeries[]}[]} offered @returns {LoggedGraph | null} */
function newestOf(offered) {
  let [newest, when] = [/** @type {LoggedGraph | null} */ (null), -Infinity];
  for (const { run, graphs: [best] } of offered) {
    const last = best?.values.at(-1);
    if (!last || last.wall <= when) continue;
    [newest, when] = [{ run, tag: best.tag, id: last.id }, last.wall];
  }
  return newest;
}

/** @param {{run: string, graphs: GraphSeries[]}[]} offered @param {LoggedGraph} graph */
export function seriesOf(offered, graph) {
  return offered.find(({ run }) => run === graph.run)?.graphs.find(({ tag }) => tag === graph.tag) ?? null;
}

const soon = oncePerTask(resolve);
for (const atom of [graphs, graphChoice, drawnVersion]) atom.subscribe(soon);
