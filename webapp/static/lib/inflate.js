/** Data that a page of one file carries: compressed, then in base64, whose letters can end no element. */

/** @param {string} text base64 of what zlib compressed @returns {Promise<ArrayBuffer>} */
export function inflated(text) {
  const packed = Uint8Array.from(atob(text.trim()), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}
