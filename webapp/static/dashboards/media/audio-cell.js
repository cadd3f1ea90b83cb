/** One run's sound: waveform, spectrogram, and where it is being played. */

import { drawSpectrogram, drawTimes, drawWave, spectrogramImage, TIME_ROOM } from "../../charts/sound-picture.js";
import { makeLayer, sizeLayer } from "../../charts/canvas.js";
import { formatBytes, formatCount, formatDuration, formatValue } from "../../lib/format.js";
import { leaveSound, soundInfos, soundPicture, soundView } from "../../state/sounds.js";
import { cellNotes } from "../../ui/cell-notes.js";
import { h, iconButton } from "../../ui/dom.js";
import { readInk } from "../../ui/ink.js";
import { soundPointer } from "./audio-pointer.js";

/** @typedef {import("./kind.js").CardHost} CardHost */
/** @typedef {import("./sound-deck.js").SoundDeck} SoundDeck */
/** @typedef {import("../../state/sounds.js").SoundInfo} SoundInfo */
/** @typedef {import("../../lib/sound-columns.js").SoundColumns} SoundColumns */
/** @typedef {(message: string | null, retry?: () => void) => void} Say */

const WAVE = 64; // pixels for all channels
const SPECTROGRAM = 104;
const LONG = 60; // seconds: nothing waits for the picture of a longer sound
const CHANNELS = ["", "mono", "stereo"];

export class SoundCell {
  #host; #deck; #run; #say;
  #player = h("audio", { preload: "none", hidden: true });
  #head = h("div", { className: "sound-head" });
  #part = h("div", { className: "sound-part", hidden: true });
  #stage = h("div", { className: "sound-stage", tabindex: "0", role: "slider", "aria-valuemin": "0", title: "Click or drag: go there. Shift and drag: play this part again and again." });
  #layer = makeLayer(this.#stage, "sound-canvas");
  #listen = iconButton("speaker", "", () => this.#deck.hear(this.#run));
  #facts = h("span", { className: "sound-facts" });
  #notes = cellNotes();
  #address = "";
  #drawn = ""; // what the canvas shows
  /** @type {{sound: SoundColumns, dark: boolean, image: HTMLCanvasElement} | null} */ #image = null;
  /** @type {SoundInfo | null} */ info = null;
  /** Seconds; null before anybody knows. @type {number | null} */ duration = null;
  #ready = false;
  /** Seconds over the whole width. */ seconds = 1;

  /** @param {CardHost} host @param {SoundDeck} deck @param {string} run @param {Say} say */
  constructor(host, deck, run, say) {
    this.#host = host;
    this.#deck = deck;
    this.#run = run;
    this.#say = say;
    this.#stage.append(this.#part, this.#head);
    this.element = h("div", { className: "sound" }, this.#stage, h("div", { className: "sound-line" }, this.#listen, this.#facts), this.#notes.element, this.#player);
    this.#player.addEventListener("error", () => this.#cannotPlay());
    soundPointer(this.#stage, deck, run, () => this.seconds);
    deck.add(run, this.#player);
  }

  /** @param {number} index */
  show(index) {
    const address = this.#host.address("raw", this.#run, index, { sample: this.#deck.sample });
    const told = this.#host.address("info", this.#run, index, { sample: this.#deck.sample });
    const found = soundInfos.get(told);
    this.info = found?.value ?? null;
    this.#ready = found !== null;
    if (!found) return;
    if (found.problem !== null) return this.#refuse(found.problem, () => soundInfos.retry(told));
    if (found.value.problem) return this.#refuse(`This sound cannot be played: ${found.value.problem}.`);
    if (address !== this.#address) this.#load(address, this.#host.address(found.value.play, this.#run, index, { sample: this.#deck.sample }));
    const picture = soundPicture(address, found.value);
    const { columns } = picture ?? {};
    this.duration = columns ? columns.frames / columns.rate : found.value.duration;
    this.#ready = picture !== null || (found.value.duration ?? 0) > LONG;
    this.#tell(found.value, columns ? this.duration : null);
    this.#draw(address, picture);
    this.move();
  }

  /** The place of the play head and who is heard: often, and cheap. */
  move() {
    const { position, part, looping, heard } = this.#deck;
    const share = (/** @type {number} */ at) => `${(Math.min(1, at / this.seconds) * 100).toFixed(3)}%`;
    this.#head.style.left = share(position);
    this.#part.hidden = !(looping && part);
    if (part) [this.#part.style.left, this.#part.style.right] = [share(part.from), `calc(100% - ${share(part.to)})`];
    this.#stage.setAttribute("aria-valuenow", position.toFixed(2));
    this.#stage.setAttribute("aria-valuetext", formatDuration(position));
    this.element.classList.toggle("heard", heard === this.#run && this.#deck.runs.length > 1);
    this.#listen.setAttribute("aria-pressed", String(heard === this.#run));
    this.#listen.hidden = this.#deck.runs.length < 2;
  }

  /** @param {string} label of the run @param {number} number its place, from 1 */
  name(label, number) {
    this.#stage.setAttribute("aria-label", `Position in ${label}`);
    this.#listen.title = `Hear ${label}${number < 10 ? ` (${number})` : ""}`;
    this.#listen.setAttribute("aria-label", this.#listen.title);
  }

  /** Saves the file as it was logged. */
  save() {
    if (this.#address) h("a", { href: this.#address, download: "" }).click();
  }

  ready() {
    return this.#ready;
  }

  destroy() {
    leaveSound(this.#address);
    this.#deck.remove(this.#run);
    this.#player.removeAttribute("src");
    this.#player.load(); // lets go of what was buffered
  }

  /** @param {string} problem @param {() => void} [retry] */
  #refuse(problem, retry) {
    this.duration = null;
    this.#load("");
    this.#say(problem, retry);
  }

  /** @param {string} address of the file as it was logged; "" for none @param {string} [played] of what a browser plays */
  #load(address, played = address) {
    leaveSound(this.#address);
    this.#address = address;
    if (!address) return this.#player.removeAttribute("src");
    this.#player.src = played;
    return this.#deck.replaced(this.#run);
  }

  #cannotPlay() {
    if (!this.#player.hasAttribute("src")) return;
    this.#notes.show([...(this.info?.notes ?? []), `This browser cannot play the sound${this.info?.codec ? ` (${this.info.codec})` : ""}.`]);
  }

  /** @param {SoundInfo} info @param {number | null} read seconds that were read; null before */
  #tell({ samples, labels, codec, rate, channels, duration: told, bytes, notes }, read) {
    const duration = read ?? told;
    const label = labels[this.#deck.sample] || (samples > 1 ? `sample ${this.#deck.sample + 1}` : "");
    const many = channels === null ? "" : CHANNELS[channels] ?? `${formatCount(channels)} channels`;
    const facts = [codec, rate === null ? "" : `${formatValue(rate / 1000)} kHz`, many, duration === null ? "" : formatDuration(duration), formatBytes(bytes)].filter(Boolean).join(" · ");
    this.#facts.replaceChildren(...(label ? [h("bdi", { className: "sound-label" }, label)] : []), h("span", { title: facts }, facts));
    this.#stage.setAttribute("aria-valuemax", (duration ?? this.seconds).toFixed(2));
    const differs = read !== null && told !== null && Math.abs(read - told) > Math.max(0.1, 0.05 * told);
    if (!this.#player.error) this.#notes.show(differs ? [...notes, `the file says ${formatDuration(told)}, ${formatDuration(read)} can be read`] : notes);
  }

  /** @param {string} address @param {import("../../state/sounds.js").SoundPicture | null} picture */
  #draw(address, picture) {
    this.#stage.classList.toggle("loading", picture === null);
    const size = { width: this.#stage.clientWidth, height: stageHeight() + TIME_ROOM };
    const ink = readInk();
    const color = this.#host.runs().find(({ name }) => name === this.#run)?.color ?? ink.accent;
    const key = [address, picture !== null, size.width, size.height, devicePixelRatio, ink.dark, color, this.seconds, soundView.get()].join();
    if (key === this.#drawn || size.width === 0) return;
    this.#drawn = key;
    sizeLayer(this.#layer, size);
    if (picture?.columns) this.#paint(picture.columns, size.width, color, ink);
    else if (picture?.problem) paintText(this.#layer.context, picture.problem, size, ink.label);
  }

  /** @param {SoundColumns} sound @param {number} width @param {string} color @param {ReturnType<typeof readInk>} ink */
  #paint(sound, width, color, ink) {
    const { context } = this.#layer;
    const view = soundView.get();
    const wave = { x: 0, y: 0, width, height: view === "spectrogram" ? 0 : WAVE };
    const below = { x: 0, y: wave.height, width, height: view === "wave" ? 0 : SPECTROGRAM };
    if (wave.height) drawWave(context, sound, wave, this.seconds, color);
    if (below.height) drawSpectrogram(context, sound, this.#pixels(sound, ink.dark), below, this.seconds, ink);
    drawTimes(context, { ...below, y: 0, height: wave.height + below.height }, this.seconds, ink);
  }

  /** @param {SoundColumns} sound @param {boolean} dark */
  #pixels(sound, dark) {
    if (this.#image?.sound !== sound || this.#image.dark !== dark) this.#image = { sound, dark, image: spectrogramImage(sound, dark) };
    return this.#image.image;
  }
}

/** Pixels of waveform and spectrogram together. */
function stageHeight() {
  const view = soundView.get();
  return (view === "spectrogram" ? 0 : WAVE) + (view === "wave" ? 0 : SPECTROGRAM);
}

/** @param {CanvasRenderingContext2D} context @param {string} text @param {{width: number, height: number}} size @param {string} color */
function paintText(context, text, { width, height }, color) {
  context.font = "12px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = color;
  context.fillText(text, width / 2, height / 2, width - 16);
}
