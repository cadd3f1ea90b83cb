/** The steps of the embedding in sight, at the bottom: moved by hand or played. Where the axis is that of steps, it is the cursor of the whole page. */

import { formatCount } from "../../lib/format.js";
import { oncePerFrame } from "../../lib/atom.js";
import { overTime, runOf, runsVersion } from "../../state/projector-jobs.js";
import { activeView, allSteps, viewNow } from "../../state/projector-settings.js";
import { moveToStep, shownSeries, shownStep } from "../../state/projector-shown.js";
import { layoutOf } from "../../state/projector-steps.js";
import { h, iconButton, setText } from "../../ui/dom.js";

const [FASTEST, SLOWEST, PLAYING] = [250, 900, 10_000]; // ms at one step, at least and at most; ms from one end to the other

export function stepsBar() {
  const play = iconButton("play", "Play the steps (p)", () => toggle());
  const slider = h("input", { type: "range", min: "0", step: "1", "aria-label": "Step of the embedding" });
  const text = h("span", { className: "step-text" });
  const told = h("span", { className: "hint" });
  const element = h("div", { className: "step-bar projector-steps", hidden: true }, play, slider, text, told);
  let timer = 0;
  const steps = () => shownSeries.get()?.steps.map(({ step }) => step) ?? [];
  const place = () => Math.max(0, steps().indexOf(shownStep.get() ?? NaN));
  const move = (/** @type {number} */ to) => steps()[to] !== undefined && moveToStep(steps()[to]);
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    play.setAttribute("aria-pressed", "false");
  };
  const toggle = () => {
    if (timer) return stop();
    const count = steps().length;
    if (count < 2) return;
    play.setAttribute("aria-pressed", "true");
    if (place() === count - 1) move(0);
    timer = window.setInterval(() => {
      if (place() >= steps().length - 1) return stop();
      if (isThere(steps()[place() + 1])) move(place() + 1); // one that is on its way is waited for
    }, Math.min(SLOWEST, Math.max(FASTEST, PLAYING / count)));
  };
  const update = () => {
    const all = steps();
    element.hidden = all.length < 2;
    if (element.hidden) return stop();
    slider.max = String(all.length - 1);
    slider.value = String(place());
    const now = all[place()];
    slider.setAttribute("aria-valuetext", `step ${formatCount(now)}`);
    setText(text, `step ${formatCount(now)} of ${formatCount(all[all.length - 1])}`);
    setText(told, toldOf(all.length));
  };
  slider.addEventListener("input", () => move(Number(slider.value)));
  const soon = oncePerFrame(update);
  for (const atom of [shownSeries, shownStep, runsVersion, activeView, allSteps]) atom.subscribe(soon);
  update();
  return { element, toggle, stop, move: (/** @type {1 | -1} */ by) => move(place() + by) };
}

/** Whether the picture of a step can be shown; asks for it. @param {number} step */
function isThere(step) {
  const state = runOf(viewNow().id)?.state.get();
  if (!overTime() || !state?.job) return true;
  return state.steps.includes(step) ? layoutOf(state.job, step) !== null : !["running", "waiting"].includes(state.phase);
}

/** "12 steps, aligned", "7 of 12 steps laid out". @param {number} count */
function toldOf(count) {
  const state = runOf(viewNow().id)?.state.get();
  if (!overTime()) return `${count} steps, each laid out for itself`;
  const done = state?.steps.length ?? 0;
  if (!state?.job) return `${count} steps`;
  return done < count ? `${done} of ${count} steps laid out` : `${count} steps, aligned`;
}
