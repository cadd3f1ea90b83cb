/** The bar at the bottom: one cursor for all charts, moved by hand, typed, or played. In units of the page's axis. */

import { axisTag, axisTitle, formatOnAxis } from "../lib/axis.js";
import { oncePerFrame } from "../lib/atom.js";
import { drawnRuns, drawnVersion } from "../state/listed-runs.js";
import * as store from "../state/store.js";
import { h, iconButton } from "../ui/dom.js";

/** @typedef {import("../lib/types.js").Range} Range */

const NOTCHES = 10_000; // of the slider
const PLAYING = 12_000; // ms from one end to the other

/** @param {() => Range | null} chartRange what the charts show of an axis that the run list knows nothing of */
export function stepBar(chartRange) {
  const play = iconButton("play", "Play (Space)", () => toggle());
  const slider = h("input", { type: "range", min: "0", max: String(NOTCHES), step: "1", "aria-label": "Step cursor" });
  const unit = h("span", {});
  const box = h("input", { type: "text", className: "step-box", inputMode: "decimal", "aria-label": "Cursor at" });
  const whole = h("span", {});
  const hint = h("span", { className: "hint" }, "← → move · Space plays · / searches · ? keys");
  const element = h("div", { className: "step-bar" }, play, slider, h("span", { className: "step-text" }, unit, box, whole), hint);
  let frame = 0;

  const update = () => {
    const [lo, hi] = range(chartRange);
    const at = store.cursor.get();
    const axis = store.axis.get();
    if (document.activeElement !== slider || frame) slider.value = at === null ? String(NOTCHES) : String(((at - lo) / (hi - lo || 1)) * NOTCHES);
    slider.style.setProperty("--fill", `${(Number(slider.value) / NOTCHES) * 100}%`);
    slider.setAttribute("aria-valuetext", at === null ? "no cursor" : formatOnAxis(axis, at));
    unit.textContent = axis === "step" ? "step" : axisTag(axis) ?? "at";
    if (document.activeElement !== box) box.value = at === null ? "–" : formatOnAxis(axis, at);
    box.style.width = `${Math.max(3, box.value.length + 1)}ch`;
    whole.textContent = `of ${formatOnAxis(axis, hi)}`;
    element.title = axis === "step" ? "" : axisTitle(axis);
  };
  const soon = oncePerFrame(update);
  slider.addEventListener("input", () => {
    const [lo, hi] = range(chartRange);
    const at = lo + (Number(slider.value) / NOTCHES) * (hi - lo);
    store.cursor.set(store.axis.get() === "step" ? Math.round(at) : at);
  });
  box.addEventListener("focus", () => {
    const at = store.cursor.get();
    box.value = at === null ? "" : String(Number(at.toPrecision(12)));
    box.select();
  });
  box.addEventListener("change", () => {
    const at = Number(box.value.replaceAll(/[,\s]/g, ""));
    const [lo, hi] = range(chartRange);
    if (box.value.trim() !== "" && Number.isFinite(at)) store.cursor.set(Math.max(lo, Math.min(hi, at)));
    box.blur();
  });
  box.addEventListener("blur", soon);

  const stop = () => {
    cancelAnimationFrame(frame);
    frame = 0;
    play.setAttribute("aria-pressed", "false");
    update();
  };
  const toggle = () => {
    if (frame) return stop();
    play.setAttribute("aria-pressed", "true");
    const [lo, hi] = range(chartRange);
    const from = store.cursor.get() ?? lo;
    const start = from >= hi ? lo : from;
    const began = performance.now();
    const move = (/** @type {number} */ now) => {
      const at = start + ((now - began) / PLAYING) * (hi - lo);
      store.cursor.set(Math.min(hi, store.axis.get() === "step" ? Math.round(at) : at));
      if (at >= hi) return stop();
      frame = requestAnimationFrame(move);
    };
    frame = requestAnimationFrame(move);
  };
  for (const atom of [store.cursor, store.axis, store.catalog, drawnVersion]) atom.subscribe(soon);
  update();
  return { element, toggle, stop, refresh: soon };
}

/** From the first to the last place on the axis over the drawn runs. @param {() => Range | null} chartRange @returns {Range} */
function range(chartRange) {
  const axis = store.axis.get();
  if (axisTag(axis) !== null) return chartRange() ?? [0, 1];
  const { byName } = store.catalog.get();
  let lo = axis === "wall" ? Infinity : 0;
  let hi = -Infinity;
  for (const name of drawnRuns()) {
    const run = byName.get(name);
    if (!run || run.start === null || run.last === null) continue;
    lo = Math.min(lo, axis === "wall" ? run.start : 0);
    hi = Math.max(hi, axis === "step" ? run.last_step ?? 0 : axis === "wall" ? run.last : run.last - run.start);
  }
  return lo <= hi ? [lo, hi] : [0, 1];
}
