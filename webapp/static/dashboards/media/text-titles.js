/** What tags of texts are called. */

const ENDING = "/text_summary"; // PyTorch's writer puts it behind each name

/** @param {string} tag */
export const textTitle = (tag) => (tag.endsWith(ENDING) && tag.length > ENDING.length ? tag.slice(0, -ENDING.length) : tag);

/** Names of tags without the ending that says nothing, where that leaves no two alike. @param {string[]} tags @returns {{tag: string, title: string}[]} */
export function titledTexts(tags) {
  const there = new Set(tags);
  return tags.map((tag) => ({ tag, title: there.has(textTitle(tag)) ? tag : textTitle(tag) }));
}
