/** Tables. */

import { genericCard } from "./other.js";

/** @type {import("./kind.js").Kind} */
export const tables = {
  id: "tables",
  title: "Tables",
  code: 'writer.add_table("predictions", rows, step)',
  card: (_, host) => genericCard(host),
};
