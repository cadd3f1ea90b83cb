/** Lists of choices that change while a page is open. */

import { h } from "../ui/dom.js";

/**
 * Options anew, where they are other ones: a list that is open stays open.
 *
 * @param {HTMLSelectElement} list @param {[value: string, text: string, title?: string][]} choices @param {string} chosen one that is not there is listed as "not there"
 * @param {[value: string, text: string, title?: string][]} [files] a group of their own
 */
export function fillSelect(list, choices, chosen, files = []) {
  const known = [...choices, ...files].some(([value]) => value === chosen);
  const all = known || !chosen ? choices : [...choices, /** @type {[string, string]} */ ([chosen, "not there"])];
  const key = JSON.stringify([all, files]);
  if (list.dataset.key !== key) {
    list.dataset.key = key;
    list.replaceChildren(...all.map(option), ...(files.length ? [h("optgroup", { label: "Opened files" }, ...files.map(option))] : []));
  }
  list.value = chosen;
}

/** @param {[string, string, string?]} choice */
function option([value, text, title]) {
  return h("option", { value, title }, text);
}
