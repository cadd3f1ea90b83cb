/** The colours a canvas needs, read from the same tokens as the page's. */

import { h } from "./dom.js";

/** @param {readonly string[]} names of tokens, without "--" @returns {string[]} colours as the browser tells them: "rgb(…)" */
export function readTokens(names) {
  const probe = h("span", { hidden: true });
  document.body.append(probe);
  const colors = names.map((token) => {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return colors;
}

/** @returns {import("../lib/types.js").Ink & {dark: boolean, bad: string, text: string, warn: string, line: string}} */
export function readInk() {
  const [grid, label, muted, surface, accent, text, warn, line, bad] = readTokens(["grid", "muted", "muted", "surface", "accent", "text", "warn", "strong-line", "bad"]);
  const dark = isDark();
  return { grid, label, muted, surface, accent, text, warn, line, bad, dark, rawAlpha: dark ? 0.3 : 0.26 };
}

export function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}
