/** The colours a canvas needs, read from the same tokens as the page's. */

import { h } from "./dom.js";

/** @returns {import("../lib/types.js").Ink & {dark: boolean, bad: string, text: string, warn: string, line: string}} */
export function readInk() {
  const probe = h("span", { hidden: true });
  document.body.append(probe);
  const color = (/** @type {string} */ token) => {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  };
  const [grid, label, muted, surface, accent, text, warn, line, bad] = ["grid", "muted", "muted", "surface", "accent", "text", "warn", "strong-line", "bad"].map(color);
  probe.remove();
  const dark = isDark();
  return { grid, label, muted, surface, accent, text, warn, line, bad, dark, rawAlpha: dark ? 0.3 : 0.26 };
}

export function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}
