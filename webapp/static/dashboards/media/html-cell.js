/** One run's HTML page at the cursor: a frame without origin, scripts or network, and what can be done with it. */

import { formatCount, plural } from "../../lib/format.js";
import { paneInfos, runningPanes } from "../../state/panes.js";
import { toggled } from "../../state/store.js";
import { h, iconButton } from "../../ui/dom.js";
import { measuredHeight, stillFrame } from "../../ui/pane-frame.js";

/** @typedef {import("./kind.js").CardHost} CardHost */
/** @typedef {import("../../state/panes.js").PaneInfo} PaneInfo */

const TALLEST = 2e6; // characters of a page that is laid out twice to learn its height

/**
 * @param {CardHost} host @param {string} run @param {(message: string | null, retry?: () => void) => void} say
 * @returns {import("./run-cells.js").RunCell}
 */
export function htmlCell(host, run, say) {
  const stage = h("div", { className: "pane-stage" });
  const notes = h("span", { className: "pane-notes" });
  const scripts = h("button", { type: "button", className: "link", hidden: true, onclick: () => toggleScripts() });
  const large = iconButton("wide", "Full screen", () => void open("showLargePane"));
  const source = iconButton("code", "Source", () => void open("showPaneSource"));
  const download = h("a", { className: "link", download: "" }, "Download");
  const element = h("div", { className: "pane-cell" }, stage, h("div", { className: "pane-foot" }, notes, scripts, source, large, download));
  const key = `${host.key}\n${run}`;
  let shown = "";
  let index = -1;
  let loaded = false;
  const runs = () => runningPanes.get().has(key);
  const toggleScripts = () => {
    runningPanes.set(toggled(runningPanes.get(), key));
    host.redraw();
  };
  const address = (/** @type {string} */ as) => host.address("pane", run, index, as ? { as } : {});
  const open = async (/** @type {"showLargePane" | "showPaneSource"} */ what) => {
    const dialogs = await import("./html-dialogs.js");
    if (what === "showPaneSource") dialogs.showPaneSource(host, run, index);
    else dialogs.showLargePane(host, run, address(runs() ? "scripts" : ""), runs());
  };
  const load = (/** @type {PaneInfo} */ info) => {
    const before = [...stage.children];
    const frame = stillFrame(address(runs() ? "scripts" : ""), `${host.tag} of ${run}`, runs());
    const wanted = shown;
    loaded = false;
    frame.addEventListener("load", () => {
      if (wanted !== shown) return;
      if (loaded) return wentElsewhere(info);
      loaded = true;
      for (const old of before) old.remove(); // the page before stays until this one is there
      frame.classList.remove("coming");
      host.redraw();
    });
    stage.append(frame);
    if (info.characters <= TALLEST) void measuredHeight(address("measure"), stage.clientWidth).then((height) => wanted === shown && stage.style.setProperty("--pane", `${height}px`));
  };
  /** Somebody clicked on a link, or a script led the frame away: the frame may not follow. @param {PaneInfo} info */
  const wentElsewhere = (info) => {
    if (runs()) return toggleScripts(); // it would do so again
    load(info);
    notes.textContent = "A link in it leads elsewhere; it was not followed.";
  };
  return {
    element,
    ready: () => loaded,
    show(at) {
      index = at;
      const infoAddress = host.address("info", run, index);
      const info = paneInfos.get(infoAddress);
      if (info?.problem != null) return say(info.problem, () => paneInfos.retry(infoAddress));
      if (!info) return;
      const wanted = address(runs() ? "scripts" : "");
      if (wanted === shown) return;
      shown = wanted;
      download.href = host.address("file", run, index);
      tell(info.value, runs(), notes, scripts);
      load(info.value);
    },
  };
}

/** What the frame leaves out. @param {PaneInfo} info @param {boolean} running @param {HTMLElement} notes @param {HTMLElement} button */
function tell({ scripts, elsewhere }, running, notes, button) {
  button.hidden = scripts === 0;
  button.textContent = running ? "Stop its scripts" : "Run its scripts";
  button.title = running ? "" : "They run without an origin: they cannot see this page, and can fetch nothing. They can make it slow.";
  const said = [];
  if (scripts && running) said.push("Its scripts run; they cannot see this page, and can fetch nothing.");
  else if (scripts) said.push(`${scripts > 99 ? "Its scripts do" : `${plural(scripts, "script")} ${scripts === 1 ? "does" : "do"}`} not run.`);
  if (elsewhere) said.push(`${formatCount(elsewhere)} ${elsewhere === 1 ? "address" : "addresses"} elsewhere not loaded.`);
  notes.textContent = said.join(" ");
}
