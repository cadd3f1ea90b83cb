/** Pictures. */

import { genericCard } from "./other.js";

/** @type {import("./kind.js").Kind} */
export const images = {
  id: "images",
  title: "Images",
  code: 'writer.add_image("samples", image, step)',
  card: (_, host) => genericCard(host),
};
