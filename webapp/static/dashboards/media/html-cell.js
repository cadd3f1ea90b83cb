/** One run's HTML page at the cursor: a frame without origin, scripts or network, and what can be done with it. */

import { formatCount, plural } from "../../lib/format.js";
import { paneInfos, runningPanes } from "../../state/panes.js";
import { toggled } from "../../state/store.js";
import { h, iconButton } from "../../ui/dom.js";
import { measuredHeight, stillFrame } from "../../ui/pane-frame.js";

/** @typedef {import("./kind.js").CardHost} CardHost */
/** @typedef {import("../../state/panes.js").PaneInfo} PaneInfo */

const MOST_MEASURED = 2e6; // characters of a page that is laid out twice to learn its height

export class HtmlCell {
  #stage = h("div", { className: "pane-stage" });
  #notes = h("span", { className: "pane-notes" });
  #scripts = h("button", { type: "button", className: "link", hidden: true, onclick: () => this.#toggleScripts() });
  #download = h("a", { className: "link", download: "" }, "Download");
  /** @type {CardHost} */ #host;
  #run;
  #say;
  #index = -1;
  #shown = "";
  #loaded = false;
  element = h("div", { className: "pane-cell" }, this.#stage, h("div", { className: "pane-foot" }, this.#notes, this.#scripts,
    iconButton("code", "Source", () => void this.#showSource()), iconButton("wide", "Full screen", () => void this.#showLarge()), this.#download));

  /** @param {CardHost} host @param {string} run @param {(message: string | null, retry?: () => void) => void} say */
  constructor(host, run, say) {
    this.#host = host;
    this.#run = run;
    this.#say = say;
  }

  ready() {
    return this.#loaded;
  }

  /** @param {number} index */
  show(index) {
    this.#index = index;
    const address = this.#host.address("info", this.#run, index);
    const info = paneInfos.get(address);
    if (info?.problem != null) return this.#say(info.problem, () => paneInfos.retry(address));
    if (!info || this.#shown === this.#address()) return;
    this.#shown = this.#address();
    this.#download.href = this.#host.address("file", this.#run, index);
    this.#tell(info.value);
    this.#load(info.value);
  }

  get #key() {
    return `${this.#host.key}\n${this.#run}`;
  }

  get #running() {
    return runningPanes.get().has(this.#key);
  }

  /** @param {string} [as] see the server's form */
  #address(as = this.#running ? "scripts" : "") {
    return this.#host.address("pane", this.#run, this.#index, as ? { as } : {});
  }

  /** The page before stays until this one is there. @param {PaneInfo} info */
  #load(info) {
    const before = [...this.#stage.children];
    const frame = stillFrame(this.#shown, `${this.#host.tag} of ${this.#run}`, this.#running);
    const wanted = this.#shown;
    this.#loaded = false;
    frame.addEventListener("load", () => {
      if (wanted !== this.#shown) return;
      if (this.#loaded) return this.#wentElsewhere(info);
      this.#loaded = true;
      for (const old of before) old.remove();
      frame.classList.remove("coming");
      this.#host.redraw();
    });
    this.#stage.append(frame);
    if (info.characters > MOST_MEASURED) return;
    void measuredHeight(this.#address("measure"), this.#stage.clientWidth).then((height) => wanted === this.#shown && this.#stage.style.setProperty("--pane", `${height}px`));
  }

  /** Somebody clicked on a link, or a script led the frame away: the frame may not follow. @param {PaneInfo} info */
  #wentElsewhere(info) {
    if (this.#running) return this.#toggleScripts(); // it would do so again
    this.#load(info);
    this.#notes.textContent = "A link in it leads elsewhere; it was not followed.";
  }

  #toggleScripts() {
    runningPanes.set(toggled(runningPanes.get(), this.#key));
    this.#host.redraw();
  }

  async #showSource() {
    (await import("./html-dialogs.js")).showPaneSource(this.#host, this.#run, this.#index);
  }

  async #showLarge() {
    (await import("./html-dialogs.js")).showLargePane(this.#host, this.#run, this.#address(), this.#running);
  }

  /** What the frame leaves out. @param {PaneInfo} info */
  #tell({ scripts, elsewhere }) {
    this.#scripts.hidden = scripts === 0;
    this.#scripts.textContent = this.#running ? "Stop its scripts" : "Run its scripts";
    this.#scripts.title = this.#running ? "" : "They run without an origin: they cannot see this page, and can fetch nothing. They can make it slow.";
    const said = [];
    if (scripts && this.#running) said.push("Its scripts run; they cannot see this page, and can fetch nothing.");
    else if (scripts) said.push(`${plural(scripts, "script")} ${scripts === 1 ? "does" : "do"} not run.`);
    if (elsewhere) said.push(`${formatCount(elsewhere)} ${elsewhere === 1 ? "address" : "addresses"} elsewhere not loaded.`);
    this.#notes.textContent = said.join(" ");
  }
}
