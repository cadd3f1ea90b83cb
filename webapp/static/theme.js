// Stands in the page itself (see pages.py of the server) and runs before the first paint, so that a chosen theme never flashes the other one. Everything else waits for main.js.
try {
  const theme = JSON.parse(localStorage.getItem("stepscope") ?? "{}").theme;
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is switched off: the system's theme is right.
}

// The script of the page that is opened, and what it asks first, come at once: see PAGES of main.js and chunks.py of the server.
{
  const id = location.hash.slice(1).split("?")[0];
  const ofCards = ["media", "distributions"].includes(id);
  const page = ["runs", "views", "hparams", "media", "distributions", "graph", "projector", "profile"].includes(id) ? id : "scalars";
  const files = new URL(document.currentScript?.dataset.files ?? "", document.baseURI);
  const root = document.documentElement;
  /** @template {HTMLElement} T @param {T} element @param {Partial<T>} properties */
  const add = (element, properties) => document.head.append(Object.assign(element, properties));
  const link = (/** @type {Partial<HTMLLinkElement>} */ properties) => add(document.createElement("link"), properties);
  const first = !/[?&]g(raph|open|unfold|color)=/.test(location.hash) && "api/graph/first"; // see state/graph-scene.js
  const sees = id === "graph" && first && !/[?&](runs|hide|runfilter|brush|g(fold|sight|box))=/.test(location.hash) && firstPicture();
  const script = document.createElement("script");
  if (!sees) script.setAttribute("blocking", "render"); // no empty page before the first frame
  add(script, { type: "module", fetchPriority: "high", src: new URL(`${page}/page.js`, files).href }); // added by a script, it would come last
  const asked = ofCards ? ["api/kinds"] : { __proto__: null, graph: ["api/graphs", first], projector: ["api/projector"], profile: ["api/profiles"] }[id] ?? [];
  for (const href of asked) if (href) link({ rel: "preload", as: "fetch", crossOrigin: "anonymous", href });

  /** The server's drawing of a graph, where the page will draw it: state/first-picture.js takes it away. */
  function firstPicture() {
    const [beside, above, below] = innerWidth <= 720 ? [0, 270, 58] : innerWidth < 1500 ? [752, 166, 80] : [752, 130, 57]; // what stands around it by default
    let [left, top, width, height] = [beside, above, innerWidth - beside, innerHeight - above - below];
    try {
      const kept = JSON.parse(sessionStorage.getItem("stepscope.graph-room") ?? "{}");
      if (kept.window === `${innerWidth} ${innerHeight}`) [left, top, width, height] = kept.room;
    } catch {
      // Storage is switched off.
    }
    if (Math.min(width, height) < 100) return false;
    const theme = root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    const picture = Object.assign(new Image(), { className: "first-picture", alt: "", fetchPriority: "high", src: `api/graph/first.svg?theme=${theme}&width=${width}&height=${height}` });
    picture.setAttribute("elementtiming", "first-picture");
    for (const [side, pixels] of Object.entries({ left, top, width, height })) picture.style.setProperty(side, `${pixels}px`);
    let over = false;
    const end = () => ((over = true), picture.remove());
    for (const event of ["pointerdown", "keydown", "wheel", "popstate", "firstpictureend"]) addEventListener(event, end, { once: true }); // it does not answer
    void picture.decode().then(() => over || root.append(picture), end);
    return true;
  }
}
