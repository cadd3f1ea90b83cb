/** Texts. */

import { genericCard } from "./other.js";

/** @type {import("./kind.js").Kind} */
export const text = {
  id: "text",
  title: "Text",
  code: 'writer.add_text("notes", "**markdown**", step)',
  card: (_, host) => genericCard(host),
};
