/** Histograms: how values are distributed, over the steps. */

import { histogramVersion } from "../../state/histogram-store.js";
import { histogramCard } from "./histogram-card.js";
import { histogramToolbar } from "./histogram-toolbar.js";

/** @type {import("../media/kind.js").Kind} */
export const histograms = {
  id: "histograms",
  title: "Histograms",
  code: 'writer.add_histogram("weights", values, step)',
  height: 250,
  answers: [histogramVersion],
  card: (_, host) => histogramCard(host),
  toolbar: () => histogramToolbar(),
};
