// Runs before the first paint, so that a chosen theme never flashes the other one. Everything else waits for main.js.
try {
  const theme = JSON.parse(localStorage.getItem("stepscope") ?? "{}").theme;
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is switched off: the system's theme is right.
}

// The page's own file, and what it asks first, come beside main.js: see PAGES there.
{
  /** @type {Record<string, string>} */
  const files = { media: "dashboards/media/page.js", distributions: "dashboards/distributions/page.js" };
  const own = files[location.hash.slice(1).split("?")[0]];
  const here = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  const links = [{ rel: "modulepreload", href: own && new URL(own, here).href }, { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: "api/kinds" }];
  if (own) document.head.append(...links.map((link) => Object.assign(document.createElement("link"), link)));
}
