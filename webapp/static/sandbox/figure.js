// Runs beside Plotly in the frame of a figure (see routes/figures.py): draws what the page around it sends. The frame has
// no origin and no network, so nothing in a figure can reach further than this file. A script, no module: a frame without
// an origin may not load modules.
(() => {
  const stage = /** @type {any} */ (document.getElementById("figure"));
  const { Plotly } = /** @type {any} */ (window);
  const CONFIG = { displaylogo: false, responsive: false, showSendToCloud: false, plotlyServerURL: "", modeBarButtonsToRemove: ["toImage", "sendDataToCloud"] };
  const CLEAR = "rgba(0,0,0,0)";
  const USUAL = 360; // pixels high
  const FROM_NETWORK = /^(scatter|density|choropleth)map(box)?$|geo$|^choropleth$/;
  // Those that every version of Plotly has: to ask it takes as long as drawing a figure.
  const USUAL_TYPES = new Set(
    "scatter scattergl bar pie box violin histogram histogram2d histogram2dcontour heatmap contour table image indicator scatter3d surface mesh3d scatterpolar parcoords splom sankey sunburst treemap icicle funnel waterfall candlestick ohlc".split(" "),
  );
  /** @type {Set<string> | null} */
  let known = null;
  let shown = 0; // number of the figure that is drawn
  /** @type {string[]} what was said of it */
  let told = [];
  let backdrop = ""; // what is behind it on the page; a file has no page behind it

  /** @param {Record<string, unknown>} message */
  const tell = (message) => parent.postMessage(message, "*"); // a frame without an origin is not told its parent's

  /** @param {any} target @param {any} more */
  function merged(target, more) {
    const plain = (/** @type {any} */ value) => typeof value === "object" && value !== null && !Array.isArray(value);
    if (!plain(target) || !plain(more)) return more;
    const result = { ...target };
    for (const key of Object.keys(more)) result[key] = key in target ? merged(target[key], more[key]) : more[key];
    return result;
  }

  /** What the page looks like, as a template: whatever the figure itself says counts more. @param {any} look */
  function templateOf({ text, grid, line, font }) {
    const axis = { gridcolor: grid, zerolinecolor: line, linecolor: line, color: text, tickcolor: line };
    const walls = { ...axis, backgroundcolor: CLEAR, showbackground: false };
    return {
      font: { color: text, family: font, size: 12 }, paper_bgcolor: CLEAR, plot_bgcolor: CLEAR, xaxis: axis, yaxis: axis,
      scene: { xaxis: walls, yaxis: walls, zaxis: walls }, polar: { bgcolor: CLEAR, angularaxis: axis, radialaxis: axis },
      ternary: { bgcolor: CLEAR, aaxis: axis, baxis: axis, caxis: axis }, geo: { bgcolor: CLEAR }, legend: { bgcolor: CLEAR },
      annotationdefaults: { arrowcolor: text }, margin: { l: 48, r: 16, t: 36, b: 40 }, modebar: { bgcolor: CLEAR, color: line, activecolor: text },
    };
  }

  /** @param {any} layout @param {any} message */
  function layoutOf(layout, { look, width, height }) {
    const own = typeof layout.height === "number" && layout.height > 0 ? layout.height : USUAL;
    const sized = { ...layout, width, height: height ?? Math.min(900, Math.max(120, own)), autosize: false, uirevision: layout.uirevision ?? "kept" };
    if (!look) return sized;
    const template = typeof layout.template === "object" && layout.template !== null ? layout.template : {};
    return { ...sized, template: { ...template, layout: merged(template.layout ?? {}, templateOf(look)) } };
  }

  /** Traces of types that this Plotly has, and what to say of the others. @param {any[]} data */
  function drawable(data) {
    const rare = [...new Set(data.map(({ type = "scatter" }) => String(type)))].filter((type) => !USUAL_TYPES.has(type));
    if (rare.length) known ??= new Set(Object.keys(Plotly.PlotSchema.get().traces));
    const unknown = new Set(rare.filter((type) => !known?.has(type)));
    const notes = [...unknown].map((type) => `Traces of type “${type.slice(0, 60)}” are unknown to this version of Plotly and left out.`);
    if (rare.some((type) => FROM_NETWORK.test(type) && known?.has(type))) notes.push("Maps need pictures or shapes from the network, which figures from logs do not get.");
    return { traces: data.filter(({ type = "scatter" }) => !unknown.has(String(type))), notes };
  }

  /** Pictures within the figure stay, others would be broken ones. @param {any} layout @param {string[]} notes */
  function withoutLinked(layout, notes) {
    if (!Array.isArray(layout.images)) return layout;
    const images = layout.images.filter((/** @type {any} */ image) => String(image?.source ?? "").startsWith("data:"));
    if (images.length < layout.images.length) notes.push("Pictures from the network are left out: figures from logs do not get any.");
    return { ...layout, images };
  }

  /** @param {any} message */
  async function show(message) {
    const { data, layout, frames } = JSON.parse(message.text);
    const { traces, notes } = drawable(data);
    const sized = layoutOf(withoutLinked(layout ?? {}, notes), message);
    told = notes;
    backdrop = message.look?.surface ?? "";
    await Plotly.react(stage, { data: traces, layout: sized, frames: frames ?? [], config: CONFIG });
    tell({ type: "shown", id: message.id, height: sized.height, notes });
  }

  /** @param {any} message */
  async function picture({ id, format }) {
    const { data, layout } = stage;
    const { width, height } = layout;
    const drawn = backdrop && !layout.paper_bgcolor ? { data, layout: { ...layout, paper_bgcolor: backdrop } } : stage;
    tell({ type: "picture", id, url: await Plotly.toImage(drawn, { format, width, height, scale: format === "png" ? 2 : 1 }) });
  }

  /** @param {number} id @param {unknown} problem */
  const failed = (id, problem) => tell({ type: "failed", id, message: [problem instanceof Error ? problem.message : String(problem), ...told].join(". ") });

  addEventListener("message", ({ source, data: message }) => {
    if (source !== parent || typeof message !== "object" || message === null) return;
    if (message.type === "show") {
      shown = message.id;
      show(message).catch((problem) => failed(message.id, problem));
    } else if (message.type === "picture") {
      picture(message).catch((problem) => failed(message.id, problem));
    }
  });
  document.addEventListener("securitypolicyviolation", ({ blockedURI }) => tell({ type: "blocked", id: shown, what: blockedURI }));
  addEventListener("error", ({ message }) => failed(shown, message));
  addEventListener("unhandledrejection", ({ reason }) => failed(shown, reason));
  tell(Plotly ? { type: "ready" } : { type: "failed", id: 0, message: "Plotly could not be loaded." });
})();
