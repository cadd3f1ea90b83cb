/** The films of a tag: a cell a run, one clock and one bar of controls for all of them. */

import { formatCount } from "../../lib/format.js";
import { frameAt, frameFrom, frameStart } from "../../lib/film-time.js";
import { FILM_SPEEDS, filmInfos, filmLoop, filmSpeed } from "../../state/films.js";
import { bindNumber, dropDown } from "../../ui/controls.js";
import { h, icon, iconButton } from "../../ui/dom.js";
import { filmDeckOf } from "./video-deck.js";
import { runCells } from "./run-cells.js";
import { FilmCell } from "./video-cell.js";

/** @typedef {import("./kind.js").CardHost} CardHost */
/** @typedef {import("./video-deck.js").FilmDeck} FilmDeck */

/** @param {CardHost} host @returns {import("./kind.js").KindCard} */
export function videoCard(host) {
  const deck = filmDeckOf(host.key);
  /** @type {Map<string, FilmCell>} */
  const cells = new Map();
  const leading = () => longest(cells)?.ends ?? new Float64Array(1);
  const step = (/** @type {number} */ by) => {
    deck.pause();
    const ends = leading();
    deck.seek(frameStart(ends, frameFrom(ends, deck.position, by)));
  };
  const bar = filmBar(deck, step);
  host.body.append(bar.element);
  const grid = runCells(host, {
    makeCell(run, { say }) {
      const cell = new FilmCell(host, deck, run, say);
      cells.set(run, cell);
      return { element: cell.element, show: (index, values) => cell.show(index, values), ready: () => cell.ready(), destroy: () => (cell.destroy(), cells.delete(run)) };
    },
  });
  const onKey = (/** @type {KeyboardEvent} */ event) => filmKeys(event, deck, step);
  host.body.addEventListener("keydown", onKey);
  deck.onChange = () => {
    if (deck.playing && !host.visible()) return deck.pause();
    for (const cell of cells.values()) cell.move();
    return bar.move(leading());
  };
  // Functions of their own: all cards of the page have the same `redraw`.
  const stop = [filmInfos.version, filmLoop].map((atom) => /** @type {import("../../lib/atom.js").Atom<unknown>} */ (atom).subscribe(() => host.redraw()));
  return {
    update() {
      grid.update();
      const ends = leading();
      deck.end = ends[ends.length - 1];
      if (deck.position > deck.end) deck.position = deck.end;
      bar.update(ends, Math.max(1, ...[...cells.values()].map(({ info }) => info?.samples ?? 1)), host);
      bar.move(ends);
    },
    ready: grid.ready,
    destroy() {
      for (const unsubscribe of stop) unsubscribe();
      bar.destroy();
      host.body.removeEventListener("keydown", onKey);
      deck.onChange = () => {};
      deck.pause();
      grid.destroy?.();
    },
  };
}

/** The cell whose film lasts longest. @param {Map<string, FilmCell>} cells @returns {FilmCell | undefined} */
function longest(cells) {
  const end = (/** @type {FilmCell} */ { ends }) => ends?.at(-1) ?? -1;
  return [...cells.values()].reduce((best, cell) => (best === undefined || end(cell) > end(best) ? cell : best), /** @type {FilmCell | undefined} */ (undefined));
}

/** Play, frame by frame, place in time, speed, loop. @param {FilmDeck} deck @param {(by: number) => void} step */
function filmBar(deck, step) {
  const play = iconButton("play", "Play", () => deck.toggle(), { title: "Play (Space)" });
  const back = iconButton("frameBack", "One frame back (←)", () => step(-1));
  const on = iconButton("frameOn", "One frame on (→)", () => step(1));
  const place = h("input", { type: "range", min: "0", step: "any", value: "0", className: "film-place", "aria-label": "Place in the film", oninput: () => deck.seek(Number(place.value)) });
  const time = h("output", { className: "film-time" });
  const speed = dropDown("Speed", FILM_SPEEDS.map((value) => [String(value), `${value} ×`]));
  const unbind = bindNumber(speed, filmSpeed);
  const loop = iconButton("loop", "Loop (l)", () => filmLoop.set(!filmLoop.get()));
  const sample = h("select", { className: "film-sample", "aria-label": "Sample", hidden: true });
  speed.title = "Speed (< and >)";
  const element = h("div", { className: "film-bar", role: "group", "aria-label": "Player" }, back, play, on, time, speed, loop, sample, place);
  let shown = false;
  return {
    element,
    destroy: unbind,
    /** @param {Float64Array} ends of the frames of the longest film @param {number} samples @param {CardHost} host */
    update(ends, samples, host) {
      for (const button of [play, back, on, place]) button.disabled = ends.length < 2;
      place.max = String(ends[ends.length - 1]);
      loop.setAttribute("aria-pressed", String(filmLoop.get()));
      sample.hidden = samples < 2;
      if (sample.hidden || sample.options.length === samples) return;
      sample.replaceChildren(...Array.from({ length: samples }, (_, index) => h("option", { value: String(index), selected: index === deck.sample }, `sample ${index + 1}`)));
      sample.onchange = () => ((deck.sample = Number(sample.value)), host.redraw());
    },
    /** @param {Float64Array} ends */
    move(ends) {
      if (deck.playing !== shown) {
        shown = deck.playing;
        play.replaceChildren(icon(shown ? "pause" : "play"));
        play.title = `${shown ? "Pause" : "Play"} (Space)`;
        play.setAttribute("aria-label", shown ? "Pause" : "Play");
      }
      place.value = String(deck.position);
      const frame = frameAt(ends, deck.position);
      const text = `${formatCount(frame + 1)} / ${formatCount(ends.length)}`;
      time.textContent = text;
      time.title = `frame ${text}, ${(deck.position / 1000).toFixed(2)} of ${(ends[ends.length - 1] / 1000).toFixed(2)} s`;
      place.setAttribute("aria-valuetext", time.title);
    },
  };
}

/** Keys anywhere in the card. @param {KeyboardEvent} event @param {FilmDeck} deck @param {(by: number) => void} step */
function filmKeys(event, deck, step) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLSelectElement) return;
  const far = event.shiftKey ? 10 : 1;
  if (event.key === "ArrowLeft" || event.key === ",") step(-far);
  else if (event.key === "ArrowRight" || event.key === ".") step(far);
  else if (event.key === "Home") deck.seek(0);
  else if (event.key === "End") deck.seek(deck.end);
  else if (event.key === "l") filmLoop.set(!filmLoop.get());
  else if (event.key === "<" || event.key === ">") changeSpeed(event.key === "<" ? -1 : 1);
  else if (event.key === " " && !(event.target instanceof HTMLButtonElement)) deck.toggle();
  else return;
  event.preventDefault();
  event.stopPropagation(); // the page must not act on it, too
}

/** @param {number} by */
function changeSpeed(by) {
  const place = FILM_SPEEDS.indexOf(filmSpeed.get()) + by;
  filmSpeed.set(FILM_SPEEDS[Math.max(0, Math.min(FILM_SPEEDS.length - 1, place))]);
}
