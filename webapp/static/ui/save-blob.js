/** Hands bytes to the browser as a file to keep. */

import { h } from "./dom.js";

/** @param {Blob} blob @param {string} name with its ending; what a file system may trip over is replaced */
export function saveBlob(blob, name) {
  const address = URL.createObjectURL(blob);
  h("a", { href: address, download: name.replace(/[^\p{L}\p{N} ._-]+/gu, "-") }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
