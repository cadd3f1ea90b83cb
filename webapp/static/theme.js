// Stands in the page itself (see pages.py of the server) and runs before the first paint, so that a chosen theme never flashes the other one. Everything else waits for main.js.
try {
  const theme = JSON.parse(localStorage.getItem("stepscope") ?? "{}").theme;
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is switched off: the system's theme is right.
}

// The page's own files, and what it asks first, come beside main.js: see PAGES there and chunks.py of the server.
{
  const id = location.hash.slice(1).split("?")[0];
  const ofCards = ["media", "distributions"].includes(id);
  const own = (ofCards || ["runs", "views", "hparams", "graph", "projector", "profile"].includes(id)) && `dashboards/${id}/page.js`;
  const files = new URL(document.currentScript?.dataset.files ?? "", document.baseURI);
  const add = (/** @type {Partial<HTMLLinkElement>} */ link) => document.head.append(Object.assign(document.createElement("link"), link));
  for (const file of own ? ["shared.js", own] : []) add({ rel: "modulepreload", href: new URL(file, files).href });
  const first = !/[?&]g(raph|open|unfold|color)=/.test(location.hash) && "api/graph/first"; // see state/graph-scene.js
  const asked = ofCards ? ["api/kinds"] : { graph: ["api/graphs", first], projector: ["api/projector"], profile: ["api/profiles"] }[id] ?? [];
  for (const href of asked) if (href) add({ rel: "preload", as: "fetch", crossOrigin: "anonymous", href });
}
