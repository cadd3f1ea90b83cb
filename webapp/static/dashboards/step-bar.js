/** The bar at the bottom: one cursor for all charts, moved by hand, typed, or played. In units of the page's axis. */

import { axisTag, axisTitle, formatOnAxis } from "../lib/axis.js";
import { oncePerFrame } from "../lib/atom.js";
import { formatCount, plural } from "../lib/format.js";
import { usualEnd } from "../lib/step-range.js";
import { drawnVersion } from "../state/listed-runs.js";
import * as store from "../state/store.js";
import { h, iconButton } from "../ui/dom.js";
import { stepOfCursor, writeNote } from "./note-dialog.js";
import { stepPlayer } from "./step-player.js";

/** @typedef {import("../lib/types.js").Range} Range */
/** @typedef {{lo: number, hi: number, last: number, beyond: number}} Way what the slider covers; `last` lies behind `hi` where a few runs go on much further */

/**
 * @typedef {object} Sight
 * @property {() => Range | null} charts the part of the axis that the charts in sight show
 * @property {() => Iterable<string>} runs those the cards are about
 * @property {() => Float64Array} [stops] places where there is something to see, rising: playing goes from one to the next
 */

const NOTCHES = 10_000; // of the slider
const LARGE = 1e9; // steps
const SLIVER = 1e-3; // charts that show less than this of so long a way have the slider for themselves

/** @param {Sight} sight */
export function stepBar(sight) {
  const play = iconButton("play", "Play (Space)", () => player.toggle());
  const slider = h("input", { type: "range", min: "0", max: String(NOTCHES), step: "1", "aria-label": "Step cursor" });
  const unit = h("span", {});
  const box = h("input", { type: "text", className: "step-box", inputMode: "decimal", "aria-label": "Cursor at" });
  const whole = h("span", {});
  const note = iconButton("edit", "Write a note at this step (n)", () => noteHere());
  const resting = sight.stops ? "latest" : "–"; // a page of cards shows each one's last value while there is no cursor
  const hint = h("span", { className: "hint" }, "← → move · Space plays · / searches · ? keys");
  const element = h("div", { className: "step-bar" }, play, slider, h("span", { className: "step-text" }, unit, box, whole), note, hint);
  const player = stepPlayer({
    way: () => wayOf(sight), stops: () => sight.stops?.(), onAxis,
    onChange: (playing) => {
      play.setAttribute("aria-pressed", String(playing));
      soon();
    },
  });

  const update = () => {
    const { lo, hi, last, beyond } = wayOf(sight);
    const at = store.cursor.get();
    const axis = store.axis.get();
    if (document.activeElement !== slider || player.playing()) slider.value = at === null ? String(NOTCHES) : String(((at - lo) / (hi - lo || 1)) * NOTCHES);
    slider.classList.toggle("resting", at === null);
    slider.setAttribute("aria-valuetext", at === null ? (sight.stops ? resting : "no cursor") : formatOnAxis(axis, at));
    unit.textContent = axis === "step" ? "step" : axisTag(axis) ?? "at";
    if (document.activeElement !== box) box.value = at === null ? resting : formatOnAxis(axis, at);
    box.style.width = `${Math.max(3, box.value.length + 1)}ch`;
    box.title = at !== null && axis === "step" ? formatCount(at) : "";
    whole.textContent = `of ${formatOnAxis(axis, hi)}${beyond ? " +" : ""}`;
    whole.title = beyond ? `${plural(beyond, "run")} ${beyond === 1 ? "goes" : "go"} on to step ${formatCount(last)}: type a step to get there` : axis === "step" ? formatCount(hi) : "";
    note.hidden = stepOfCursor() === null;
    element.title = axis === "step" ? "" : axisTitle(axis);
  };
  const soon = oncePerFrame(update);
  const noteHere = () => {
    const step = stepOfCursor();
    if (step !== null) writeNote(step);
  };
  slider.addEventListener("input", () => {
    const { lo, hi } = wayOf(sight);
    store.cursor.set(onAxis(lo + (Number(slider.value) / NOTCHES) * (hi - lo)));
  });
  box.addEventListener("focus", () => {
    const at = store.cursor.get();
    box.value = at === null ? "" : String(Number(at.toPrecision(12)));
    box.select();
  });
  box.addEventListener("change", () => {
    const at = Number(box.value.replaceAll(/[,\s]/g, ""));
    const { lo, last } = wayOf(sight);
    const least = store.axis.get() === "step" ? -Number.MAX_SAFE_INTEGER : lo; // what was logged before training began is at steps below 0
    if (box.value.trim() !== "" && Number.isFinite(at)) store.cursor.set(Math.max(least, Math.min(last, at)));
    box.blur();
  });
  box.addEventListener("blur", soon);

  for (const atom of [store.cursor, store.axis, store.catalog, store.tagFilter, drawnVersion]) atom.subscribe(soon);
  update();
  return { element, toggle: player.toggle, stop: player.stop, note: noteHere, refresh: soon };
}

/** A place the cursor can be at: steps are whole. @param {number} at */
function onAxis(at) {
  return store.axis.get() === "step" ? Math.round(at) : at;
}

/** From the first to the last place on the axis over the runs. @param {Sight} sight @returns {Way} */
function wayOf(sight) {
  const way = wayOfRuns(sight.runs());
  const seen = way && way.last < LARGE ? null : sight.charts();
  if (way && !(seen && seen[1] - seen[0] < SLIVER * (way.hi - way.lo))) return way;
  const [lo, hi] = seen ?? [0, 1];
  return { lo, hi, last: Math.max(hi, way?.last ?? hi), beyond: 0 };
}

/** @param {Iterable<string>} names @returns {Way | null} null for an axis that the run list knows nothing of */
function wayOfRuns(names) {
  const axis = store.axis.get();
  if (axisTag(axis) !== null) return null;
  const { byName } = store.catalog.get();
  let lo = axis === "wall" ? Infinity : 0;
  const ends = [];
  for (const name of names) {
    const run = byName.get(name);
    if (!run || run.start === null || run.last === null) continue;
    lo = Math.min(lo, axis === "wall" ? run.start : 0);
    ends.push(axis === "step" ? run.last_step ?? 0 : axis === "wall" ? run.last : run.last - run.start);
  }
  if (ends.length === 0) return { lo: 0, hi: 1, last: 1, beyond: 0 };
  const { end, last, beyond } = axis === "step" ? usualEnd(ends) : { end: Math.max(...ends), last: Math.max(...ends), beyond: 0 };
  return { lo, hi: end, last, beyond };
}
