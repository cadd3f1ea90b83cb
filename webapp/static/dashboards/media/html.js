/** Pages of HTML. */

import { genericCard } from "./other.js";

/** @type {import("./kind.js").Kind} */
export const html = {
  id: "html",
  title: "HTML",
  code: 'writer.add_html("report", "<h1>Report</h1>", step)',
  card: (_, host) => genericCard(host),
};
