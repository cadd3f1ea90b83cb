/** Keeps URL and browser storage in step with the atoms, and the atoms in step with back and forward. */

import { decodeHash, encodeHash, FIELDS, pageOf } from "./url.js";
import { page, theme } from "./store.js";

const KEY = "stepscope";
const SETTLE = 250; // a slider being dragged is one entry of the history, ms
const SAME_GESTURE = 2000; // changes of the same thing within this time replace each other, ms

/** Reads the URL, or what this browser remembers when the URL says nothing; then writes every change back. */
export function keepSettings() {
  const saved = readStorage();
  if (["light", "dark"].includes(saved.theme)) theme.set(/** @type {"light" | "dark"} */ (saved.theme));
  if (location.hash.includes("?")) decodeHash(location.hash);
  else restore(saved);
  page.set(pageOf(location.hash));
  let written = encodeHash();
  let lastKeys = "";
  let lastTime = 0;
  let timer = 0;
  const write = () => {
    saveStorage();
    const hash = encodeHash();
    if (hash === written) return;
    const keys = changedKeys(written, hash);
    const replace = keys !== "" && keys === lastKeys && performance.now() - lastTime < SAME_GESTURE;
    history[replace ? "replaceState" : "pushState"](null, "", hash);
    [written, lastKeys, lastTime] = [hash, keys, performance.now()];
  };
  history.replaceState(null, "", written);
  for (const { atom } of [...Object.values(FIELDS), { atom: theme }, { atom: page }]) {
    atom.subscribe(() => {
      clearTimeout(timer);
      timer = window.setTimeout(write, SETTLE);
    });
  }
  addEventListener("popstate", () => {
    clearTimeout(timer);
    decodeHash(location.hash);
    [written, lastKeys] = [location.hash, ""];
  });
}

/** @param {Record<string, string>} saved */
function restore(saved) {
  for (const [key, { atom, decode, kept }] of Object.entries(FIELDS)) {
    if (kept && typeof saved[key] === "string") atom.set(decode(saved[key]));
  }
}

/** @param {string} before @param {string} after @returns {string} the fields that differ */
function changedKeys(before, after) {
  const parts = (/** @type {string} */ hash) => new Map((hash.split("?")[1] ?? "").split("&").map((part) => /** @type {[string, string]} */ (part.split(/=(.*)/s))));
  const [a, b] = [parts(before), parts(after)];
  return [...new Set([...a.keys(), ...b.keys()])].filter((key) => a.get(key) !== b.get(key)).join();
}

/** @returns {Record<string, string>} */
function readStorage() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") ?? {};
  } catch {
    return {};
  }
}

function saveStorage() {
  const kept = Object.entries(FIELDS).filter(([, { kept }]) => kept).map(([key, { atom, encode }]) => [key, encode(atom.get())]);
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...Object.fromEntries(kept), theme: theme.get() }));
  } catch {
    // Storage is full or switched off: the URL still holds everything.
  }
}
