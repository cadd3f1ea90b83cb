/** The views of the page of profiles, in the order of its tabs. */

/** @typedef {import("../../state/profile-api.js").Shown} Shown */

/**
 * @typedef {object} ViewContext
 * @property {(tab: string, options?: object) => void} goTo shows another view, and something in it: see `reveal`
 * @property {(window: [from: number, to: number] | null) => void} setWindow the stretch of time that all views look at, ns
 * @property {() => boolean} kept whether all there is, is in the file of the page
 * @property {(text: string) => void} tell a line at the lower edge of the page; "" takes it away
 *
 * @typedef {object} MountedView
 * @property {HTMLElement} element
 * @property {(shown: Shown) => void | Promise<void>} show once it is in sight, and whenever profile, rank or window are others; settled when it is drawn
 * @property {(options: any) => void} [reveal] what `goTo` was told, after `show`
 * @property {(on: boolean) => void} [wake] it is in sight, or no more: keys, timers
 * @property {() => void} [recolor] the theme changed
 * @property {() => void} [search] "/" was pressed
 * @property {string[][]} [keys] for the help: [key, what it does]
 * @property {() => void} [destroy]
 *
 * @typedef {object} ViewEntry
 * @property {string} id
 * @property {string} title
 * @property {readonly string[]} [kinds] of files that it is about; by default those with a timeline
 * @property {() => Promise<{view: (context: ViewContext) => MountedView}>} load
 */

export const TRACES = ["kineto", "xplane", "execution_trace", "stacks"];

/** @type {readonly ViewEntry[]} */
export const VIEWS = [
  { id: "overview", title: "Overview", load: () => import("./overview/view.js") },
  { id: "timeline", title: "Timeline", load: () => import("./timeline/view.js") },
  { id: "operators", title: "Operators", load: () => import("./operators.js") },
  { id: "kernels", title: "Kernels", load: () => import("./kernels.js") },
  { id: "modules", title: "Modules", load: () => import("./modules.js") },
  { id: "memory", title: "Memory", kinds: ["kineto", "snapshot", "memory_timeline"], load: () => import("./memory/view.js") },
  { id: "flame", title: "Flame graph", load: () => import("./flame.js") },
  { id: "distributed", title: "Distributed", load: () => import("./distributed.js") },
  { id: "path", title: "Critical path", load: () => import("./critical-path.js") },
  { id: "diff", title: "Diff", load: () => import("./diff.js") },
];
