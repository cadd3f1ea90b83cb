/** Names of runs and tags inside the lists of a URL: readable, and never mistaken for a separator. */

const SEPARATORS = /[%,;:#\s]/g;
const READABLE = /%(2F|2C|3A|3B|40|3D|24)/g; // slash, comma, colon, semicolon, at, equals, dollar

/** Escapes what separates names in a list; decodeURIComponent undoes it. @param {string} name */
export function escapeName(name) {
  return name.replace(SEPARATORS, encodeURIComponent);
}

/** encodeURIComponent, less what a fragment may hold as it is. @param {string} text */
export function escapeValue(text) {
  const wellFormed = text.replace(/\p{Surrogate}/gu, "\ufffd"); // half a character cannot be encoded
  return encodeURIComponent(wellFormed).replace(READABLE, decodeURIComponent);
}
