/** Plotly figures. */

import { genericCard } from "./other.js";

/** @type {import("./kind.js").Kind} */
export const plotly = {
  id: "plotly",
  title: "Figures",
  code: 'writer.add_plotly("embedding", figure, step)',
  card: (_, host) => genericCard(host),
};
