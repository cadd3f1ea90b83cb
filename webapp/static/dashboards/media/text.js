/** Texts: rendered, as they were logged, or compared word by word; a search through all of them. */

import { textCard } from "./text-card.js";
import { textSearchBar } from "./text-search.js";
import { titledTexts } from "./text-titles.js";

/** @type {import("./kind.js").Kind} */
export const text = {
  id: "text",
  title: "Text",
  code: 'writer.add_text("notes", "**markdown**", step)',
  height: 200,
  width: 2,
  cards: titledTexts,
  toolbar: () => textSearchBar(),
  card: (_, host) => textCard(host),
};
