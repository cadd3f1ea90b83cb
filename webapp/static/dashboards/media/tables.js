/** Logged tables. */

import { tableCard } from "./table-card.js";

/** @type {import("./kind.js").Kind} */
export const tables = {
  id: "tables",
  title: "Tables",
  code: 'writer.add_table("predictions", rows, step)',
  width: 2,
  height: 420,
  card: (_, host) => tableCard(host),
};
