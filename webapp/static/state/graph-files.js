/** Graph files and tables that were opened by hand. */

import { Atom } from "../lib/atom.js";
import { isPair } from "../lib/graph-choice.js";
import { seemsTable } from "../lib/json-file.js";
import { openGraphFile, openGraphTable } from "./api.js";
import { readGraphs } from "./graph-catalog.js";
import { retryScene } from "./graph-scene.js";
import { chooseGraph, graphColor } from "./graph-settings.js";
import { shownGraph } from "./graph-shown.js";

const LARGEST = 256e6, LARGEST_TABLE = 16e6; // bytes: what the server takes
const JSON_FILE = /\.json$/i;
const TABLE = /\.(csv|tsv|txt)$/i;

/** What is being opened, and what was wrong with the last file; "" for nothing. */
export const opening = new Atom("");
export const openingProblem = new Atom("");

/** A graph, or a table of module path → number for the graph in sight. @param {FileList | File[]} files */
export async function openFiles(files) {
  openingProblem.set("");
  for (const file of files) {
    opening.set(file.name);
    try {
      if (file.size > LARGEST) throw new Error(`${file.name} has ${Math.round(file.size / 1e6)} MB; the page opens up to ${LARGEST / 1e6} MB.`);
      if (TABLE.test(file.name)) await openTable(file);
      else if (JSON_FILE.test(file.name)) await openEither(file);
      else await openGraph(file);
    } catch (problem) {
      openingProblem.set(/** @type {Error} */ (problem).message);
    }
  }
  opening.set("");
}

/** @param {File} file */
async function openGraph(file) {
  const { file: hash } = await openGraphFile(file);
  await readGraphs();
  chooseGraph({ file: hash });
}

/** JSON may hold either: what it seems to be is tried first, so that no request is sent to be refused. @param {File} file */
async function openEither(file) {
  const table = file.size <= LARGEST_TABLE && seemsTable(await file.text());
  const [open, otherwise] = table ? [openTable, openGraph] : [openGraph, openTable];
  try {
    await open(file);
  } catch (problem) {
    await otherwise(file).catch(() => Promise.reject(problem));
  }
}

/** @param {File} file */
async function openTable(file) {
  const graph = shownGraph.get();
  if (!graph || isPair(graph)) throw new Error(`${file.name} is a table; show the graph that it is about first.`);
  const { by, matched, notes = [] } = await openGraphTable(file, graph);
  openingProblem.set(notes.join(" "));
  if (matched > 0) graphColor.set(by);
  retryScene(); // its answer lists what the graph can be coloured by
}
