/** What people wrote in Markdown, as it was rendered when the report was made. */

import { safeHtml } from "../../ui/safe-html.js";

/** @typedef {(element: HTMLElement, text: string) => void} ShowText */

/** @param {import("./report-file.js").Report} report @returns {ShowText} shows a text that was not rendered as it was written */
export function textsOf({ rendered }) {
  return (element, text) => {
    const html = Object.hasOwn(rendered, text) ? rendered[text] : null;
    element.classList.toggle("markdown", html !== null);
    element.replaceChildren(html === null ? text : safeHtml(html));
  };
}
