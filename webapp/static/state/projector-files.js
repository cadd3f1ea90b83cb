/** Embeddings that were opened by hand, from files. */

import { Atom } from "../lib/atom.js";
import { formatBytes } from "../lib/format.js";
import { sentenceOf } from "../lib/sentence.js";
import { openEmbeddingFile } from "./projector-api.js";
import { readEmbeddings } from "./projector-catalog.js";
import { embeddingChoice } from "./projector-settings.js";

const LARGEST = 2e9; // bytes: what the server takes

/** What is being opened, and what was wrong with the last file; "" for nothing. */
export const opening = new Atom("");
export const openingProblem = new Atom("");

/** @param {FileList | File[]} files @param {string} [of] the file that these hold labels of */
export async function openEmbeddingFiles(files, of) {
  openingProblem.set("");
  for (const file of files) {
    opening.set(file.name);
    try {
      if (file.size > LARGEST) throw new Error(`${file.name} has ${formatBytes(file.size)}; the page takes up to ${formatBytes(LARGEST)}. Larger files open where they lie: dashboard project FILE -o out.html.`);
      const { file: hash, notes = [] } = await openEmbeddingFile(file, of);
      await readEmbeddings();
      embeddingChoice.set({ file: hash });
      openingProblem.set(notes.join(" "));
    } catch (problem) {
      openingProblem.set(sentenceOf(problem));
    }
  }
  opening.set("");
}
