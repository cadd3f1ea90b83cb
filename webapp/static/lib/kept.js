/** What is made for a key when it is first asked for, and stays: a card that comes back into sight finds it as it was. */

/** @template T @param {() => T} make @returns {(key: string) => T} */
export function keptByKey(make) {
  /** @type {Map<string, T>} */
  const kept = new Map();
  return (key) => {
    if (!kept.has(key)) kept.set(key, make());
    return /** @type {T} */ (kept.get(key));
  };
}
