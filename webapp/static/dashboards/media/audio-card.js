/** The sounds of a tag: a cell a run, one clock for all of them. */

import { formatDuration } from "../../lib/format.js";
import { soundInfos, soundSpeed, soundVersion, soundView, soundVolume } from "../../state/sounds.js";
import { h, icon, iconButton } from "../../ui/dom.js";
import { SoundCell } from "./audio-cell.js";
import { soundKeys } from "./audio-pointer.js";
import { runCells } from "./run-cells.js";
import { deckOf } from "./sound-deck.js";

/** @typedef {import("./kind.js").CardHost} CardHost */

const WIDTH = 300; // pixels of a cell, at least
const COMPARABLE = 4; // sounds up to so many times as long as another one share its scale

/** @param {CardHost} host @returns {import("./kind.js").KindCard} */
export function audioCard(host) {
  const deck = deckOf(host.key);
  /** @type {Map<string, SoundCell>} */
  const cells = new Map();
  const grid = runCells(host, {
    minWidth: WIDTH,
    makeCell(run, { say }) {
      const cell = new SoundCell(host, deck, run, say);
      cells.set(run, cell);
      return { element: cell.element, show: (index) => cell.show(index), ready: () => cell.ready(), destroy: () => (cell.destroy(), cells.delete(run)) };
    },
  });
  const controls = soundControls(host, deck);
  host.menu([{ label: "Download the sound that is heard", act: () => cells.get(deck.heard)?.save() }]);
  const onKey = (/** @type {KeyboardEvent} */ event) => soundKeys(event, deck);
  host.body.addEventListener("keydown", onKey);
  deck.onChange = () => {
    for (const cell of cells.values()) cell.move();
    controls.move(longest(cells));
  };
  // Functions of their own: all cards of the page have the same `redraw`.
  const stop = [soundInfos.version, soundVersion, soundView].map((atom) => atom.subscribe(() => host.redraw()));
  stop.push(...[soundSpeed, soundVolume].map((atom) => atom.subscribe(() => deck.adjust())));
  return {
    update() {
      const end = longest(cells);
      host.runs().forEach(({ name, label }, index) => cells.get(name)?.name(label, index + 1));
      for (const cell of cells.values()) cell.seconds = secondsOf(cell, end);
      grid.update();
      controls.enable(longest(cells) > 0);
      controls.update([...cells.values()].map(({ info }) => info));
      if (longest(cells) !== end) host.redraw();
      deck.onChange();
    },
    ready: grid.ready,
    destroy() {
      for (const unsubscribe of stop) unsubscribe();
      host.body.removeEventListener("keydown", onKey);
      grid.destroy?.();
      deck.onChange = () => {};
    },
  };
}

/** Seconds of the longest sound. @param {Map<string, SoundCell>} cells */
function longest(cells) {
  return Math.max(0, ...[...cells.values()].map(({ duration }) => duration ?? 0));
}

/** What the width of a cell is in seconds: the same for sounds that can be compared. @param {SoundCell} cell @param {number} end */
function secondsOf({ duration }, end) {
  const own = duration ?? 0;
  return (own > 0 && end > COMPARABLE * own ? own : end) || 1;
}

/** Play, time, loop and sample of a card. @param {CardHost} host @param {import("./sound-deck.js").SoundDeck} deck */
function soundControls(host, deck) {
  const play = iconButton("play", "Play", () => deck.toggle());
  const time = h("span", { className: "sound-time" });
  const loop = iconButton("loop", "Loop (l); Shift and drag over a sound chooses the part", () => deck.loop(!deck.looping));
  const sample = h("select", { className: "sound-sample", "aria-label": "Sample", hidden: true, onchange: () => ((deck.sample = Number(sample.value)), host.redraw()) });
  host.body.prepend(h("div", { className: "sound-bar" }, play, loop, time, sample));
  let shown = false;
  return {
    /** @param {boolean} able whether there is anything to be heard */
    enable(able) {
      play.disabled = loop.disabled = !able;
    },
    /** @param {number} end seconds */
    move(end) {
      if (deck.playing !== shown) {
        shown = deck.playing;
        play.replaceChildren(icon(shown ? "pause" : "play"));
        play.title = shown ? "Pause" : "Play";
        play.setAttribute("aria-label", play.title);
      }
      loop.setAttribute("aria-pressed", String(deck.looping));
      time.textContent = `${clock(deck.position)} / ${clock(end)}`;
      time.title = formatDuration(deck.position);
    },
    /** @param {(import("../../state/sounds.js").SoundInfo | null)[]} infos */
    update(infos) {
      const most = infos.reduce((best, info) => ((info?.samples ?? 0) > (best?.samples ?? 0) ? info : best), null);
      sample.hidden = (most?.samples ?? 1) < 2;
      const names = Array.from({ length: most?.samples ?? 0 }, (_, index) => most?.labels[index] || `sample ${index + 1}`);
      if (sample.hidden || names.join("\n") === sample.dataset.names) return;
      sample.dataset.names = names.join("\n");
      sample.replaceChildren(...names.map((name, index) => h("option", { value: String(index), selected: index === deck.sample }, name)));
    },
  };
}

/** 83.25 → "1:23.3". @param {number} seconds */
function clock(seconds) {
  const tenths = Math.round(seconds * 10);
  return `${Math.floor(tenths / 600)}:${String(Math.floor((tenths % 600) / 10)).padStart(2, "0")}.${tenths % 10}`;
}
