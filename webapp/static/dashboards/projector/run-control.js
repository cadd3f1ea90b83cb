/** What makes a layout run: start, pause, stop, again; how far it is; and how well it fits so far. */

import { formatCount, formatValue } from "../../lib/format.js";
import { linePlot } from "../../charts/small-plot.js";
import { isCurrent, runOf, startView } from "../../state/projector-jobs.js";
import { viewNow } from "../../state/projector-settings.js";
import { h, icon, iconButton, setText } from "../../ui/dom.js";

/** @typedef {import("../../lib/point-views.js").ViewSetting} ViewSetting */
/** @typedef {import("../../state/projector-run.js").RunState} RunState */

/** Starts, pauses or goes on, whichever comes next. */
export function toggleRun() {
  const view = viewNow();
  const run = runOf(view.id);
  const phase = run?.state.get().phase;
  if (!run) return;
  if (phase === "running" || phase === "waiting") void run.pause();
  else if (phase === "paused") void run.resume();
  else startView(view.id, phase === "done" && isCurrent(view));
}

export function runControl() {
  const main = h("button", { type: "button", className: "primary with-icon", onclick: toggleRun });
  const stop = h("button", { type: "button", onclick: () => void runOf(viewNow().id)?.stop() }, "Stop");
  const again = iconButton("reset", "Start from the beginning", () => startView(viewNow().id, true));
  const bar = h("progress", { max: 1, "aria-label": "Progress of the layout" });
  const told = h("p", { className: "run-told" });
  const curve = h("div", { className: "panel-plot" });
  const element = h("div", { className: "run-control" }, h("div", { className: "run-buttons" }, main, stop, again), bar, told, curve);
  let drawn = "";
  return {
    element,
    /** @param {ViewSetting} view @param {RunState} state */
    update(view, state) {
      const active = ["waiting", "running", "paused"].includes(state.phase);
      const key = `${state.phase} ${isCurrent(view)}`;
      if (main.dataset.key !== key) main.replaceChildren(...mainFace(state.phase, isCurrent(view)));
      main.dataset.key = key;
      stop.disabled = !active;
      again.disabled = state.phase === "idle";
      bar.hidden = !active;
      if (state.total > 0) bar.value = state.done / state.total;
      else bar.removeAttribute("value");
      setText(told, toldOf(state));
      const last = state.curve.at(-1);
      const now = `${state.curve.length} ${last}`;
      if (now === drawn) return;
      drawn = now;
      curve.replaceChildren(...(state.curve.length > 1 && last ? [h("h3", {}, "KL divergence ", h("b", {}, formatValue(last[1], 4))), linePlot(`KL divergence by iteration, now ${formatValue(last[1], 4)}`, state.curve, (value) => formatValue(value, 3))] : []));
    },
  };
}

/** @param {string} phase @param {boolean} current */
function mainFace(phase, current) {
  if (phase === "running" || phase === "waiting") return [icon("pause"), "Pause"];
  if (phase === "paused") return [icon("play"), "Go on"];
  return [icon("play"), phase === "idle" ? "Run" : current ? "Run again" : "Run with these settings"];
}

/** "Iteration 350 of 1,000 · early exaggeration · 62 frames, 8.1 a second". @param {RunState} state */
function toldOf({ phase, done, total, stage, frame, rate }) {
  if (phase === "idle") return "";
  const parts = [];
  if (total > 1) parts.push(`Iteration ${formatCount(done)} of ${formatCount(total)}`);
  if (phase === "paused" || phase === "stopped" || phase === "failed") parts.push(phase);
  else if (phase !== "done" && stage) parts.push(stage);
  if (frame > 1) parts.push(`${formatCount(frame)} frames${phase === "running" && rate > 0 ? `, ${formatValue(rate, 2)} a second` : ""}`);
  return parts.join(" · ");
}
