/** Sounds. */

import { levelColor, LEVEL_RANGE } from "../../charts/sound-picture.js";
import { soundSpeed, soundView, soundVolume } from "../../state/sounds.js";
import { bind, bindNumber, dropDown, segmented } from "../../ui/controls.js";
import { h } from "../../ui/dom.js";
import { isDark } from "../../ui/ink.js";
import { audioCard } from "./audio-card.js";

const SPEEDS = ["0.25", "0.5", "0.75", "1", "1.25", "1.5", "2", "3"];

/** @type {import("./kind.js").Kind} */
export const audio = {
  id: "audio",
  title: "Audio",
  code: 'writer.add_audio("speech", samples, step, sample_rate=16_000)',
  height: 225,
  toolbar,
  card: (_, host) => audioCard(host),
};

/** How all sounds are drawn and played. */
function toolbar() {
  const view = segmented("Picture of a sound", [["both", "Both"], ["wave", "Waveform"], ["spectrogram", "Spectrogram"]]);
  bind(view, soundView);
  const speed = dropDown("Speed", SPEEDS.map((value) => [value, `${value} ×`]));
  bindNumber(speed, soundSpeed);
  const volume = h("input", { type: "range", min: "0", max: "1", step: "0.01", value: "1", "aria-label": "Volume", oninput: () => soundVolume.set(Number(volume.value)) });
  return h("div", { className: "sound-toolbar" }, view, speed, h("label", { className: "slider" }, h("span", {}, "Volume"), volume), legend());
}

/** What the colours of a spectrogram mean. */
function legend() {
  const canvas = h("canvas", { width: 64, height: 1, className: "sound-legend" });
  const paint = () => {
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    for (let x = 0; x < 64; x += 1) {
      context.fillStyle = levelColor(x / 63, isDark());
      context.fillRect(x, 0, 1, 1);
    }
  };
  paint();
  new MutationObserver(paint).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  const element = h("span", { className: "sound-levels", title: "Strength in the spectrogram, against a sine of full scale" }, LEVEL_RANGE[0], canvas, LEVEL_RANGE[1]);
  const show = () => (element.hidden = soundView.get() === "wave");
  soundView.subscribe(show);
  return element;
}
