/** Plotly figures, live: each in a frame of its own that reaches neither the page nor the network. */

import { ownColors } from "../../state/figure-settings.js";
import { bind, toggle } from "../../ui/controls.js";
import { plotlyCard } from "./plotly-card.js";

/** @type {import("./kind.js").Kind} */
export const plotly = {
  id: "plotly",
  title: "Figures",
  code: 'writer.add_plotly("embedding", figure, step)',
  width: 2,
  height: 420,
  card: (_, host) => plotlyCard(host),
  toolbar() {
    const own = toggle("Own colours", "Colours as the figure was made, instead of those of this page");
    bind(own, ownColors);
    return own;
  },
};
