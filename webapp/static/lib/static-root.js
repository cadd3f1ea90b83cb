/** Where the page's own files are: from a single module and from joined ones alike. */

/** @param {string} name a file below webapp/static @returns {string} */
export function staticAddress(name) {
  return import.meta.url.replace(/(\/static\/[^/]+\/).*$/, `$1${name}`);
}
