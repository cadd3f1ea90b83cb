/** One run's film at the card's moment. */

import { formatBytes, formatDuration, plural } from "../../lib/format.js";
import { frameAt, frameEnds } from "../../lib/film-time.js";
import { filmFrames } from "../../state/film-frames.js";
import { filmInfos } from "../../state/films.js";
import { h, icon } from "../../ui/dom.js";

/** @typedef {import("./kind.js").CardHost} CardHost */
/** @typedef {import("./video-deck.js").FilmDeck} FilmDeck */
/** @typedef {import("../../state/films.js").FilmInfo} FilmInfo */

/** @type {Map<string, number>} width / height of the last film of a card, so that nothing jumps while the next one loads */
const shapes = new Map();

export class FilmCell {
  #host; #deck; #run; #say;
  #canvas = h("canvas", { className: "film-canvas", width: 1, height: 1 });
  #screen = h("button", { type: "button", className: "film-screen" }, this.#canvas);
  #facts = h("div", { className: "film-facts" });
  #note = h("div", { className: "film-note", hidden: true });
  element = h("div", { className: "film" }, this.#screen, this.#facts, this.#note);
  /** When each frame ends; null before the film is known. @type {Float64Array | null} */ ends = null;
  /** @type {FilmInfo | null} */ info = null;
  #address = "";
  /** @type {ReturnType<typeof filmFrames> | null} */ #frames = null;
  /** Frame that is wanted, and the one that is drawn; −1: none. */ #wanted = -1;
  #drawn = -1;
  #busy = false;
  #broken = "";

  /** @param {CardHost} host @param {FilmDeck} deck @param {string} run @param {(message: string | null, retry?: () => void) => void} say */
  constructor(host, deck, run, say) {
    this.#host = host;
    this.#deck = deck;
    this.#run = run;
    this.#say = say;
    this.#screen.addEventListener("click", () => deck.toggle());
    this.#screen.setAttribute("aria-label", `${host.tag}, ${run}: play or pause`); // until its step is known
    this.#shape(shapes.get(host.key) ?? 4 / 3);
  }

  /** @param {number} index @param {import("./kind.js").Values} values */
  show(index, values) {
    const address = this.#host.address("film", this.#run, index, { sample: this.#deck.sample });
    const found = filmInfos.get(address);
    if (!found) return;
    if (found.problem !== null) {
      this.#forget();
      this.#address = address;
      this.#broken = found.problem;
    } else if (address !== this.#address || !this.info) {
      this.#open(address, index, found.value);
      this.#screen.setAttribute("aria-label", `${this.#host.tag}, ${this.#run}, step ${values.step[index]}: play or pause`);
    }
    if (this.#broken) return this.#say(this.#broken, () => this.#retry(address));
    return this.move();
  }

  /** Draws the frame of the deck's moment, where another one is drawn. */
  move() {
    if (!this.ends) return;
    this.#wanted = frameAt(this.ends, this.#deck.position);
    void this.#draw();
  }

  /** @param {string} address @param {number} index @param {FilmInfo} info */
  #open(address, index, info) {
    this.#forget();
    this.#address = address;
    this.info = info;
    this.ends = frameEnds(info.durations);
    const sample = this.#deck.sample;
    this.#frames = filmFrames(info, {
      film: this.#host.address("raw", this.#run, index, { sample }),
      strip: (first, count, size) => this.#host.address("frames", this.#run, index, { sample, first, count, size }),
    });
    this.#shape(info.width / info.height);
    this.#tell(info);
    this.#host.redraw(); // the card's end may be another
  }

  /** One frame is decoded at a time; when it is there, the one that is wanted by then. */
  async #draw() {
    if (this.#busy || this.#wanted === this.#drawn || !this.#frames) return;
    this.#busy = true;
    const [frames, wanted] = [this.#frames, this.#wanted];
    try {
      const frame = await frames.frame(wanted);
      if (frames === this.#frames) this.#paint(frame, wanted);
      frame.close();
    } catch (problem) {
      if (frames === this.#frames) this.#complain(/** @type {Error} */ (problem).message);
    }
    this.#busy = false;
    if (frames === this.#frames) this.#drawn = wanted;
    if (this.#wanted !== this.#drawn) return void this.#draw();
    if (!this.#deck.playing) this.#host.redraw(); // what waits for the picture can go on
  }

  /** @param {import("../../state/film-frames.js").Frame} frame @param {number} number */
  #paint({ image, top, width, height }, number) {
    const context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d"));
    if (this.#canvas.width !== width || this.#canvas.height !== height) Object.assign(this.#canvas, { width, height });
    context.clearRect(0, 0, width, height);
    context.drawImage(image, 0, top, width, height, 0, 0, width, height);
    this.element.dataset.frame = String(number);
    this.#canvas.classList.toggle("enlarged", width < this.#screen.clientWidth * devicePixelRatio);
  }

  /** A frame that cannot be had leaves the one before in sight. @param {string} problem */
  #complain(problem) {
    if (this.#drawn < 0) this.#say((this.#broken = problem), () => this.#retry(this.#address));
    else this.#warn(problem);
  }

  /** @param {FilmInfo} info */
  #tell({ format, width, height, durations, bytes, whole }) {
    const seconds = (this.ends?.at(-1) ?? 0) / 1000;
    const facts = [plural(durations.length, "frame"), seconds ? formatDuration(seconds) : "", `${width} × ${height}`, format, formatBytes(bytes)];
    this.#facts.textContent = facts.filter(Boolean).join(" · ");
    this.#facts.title = this.#facts.textContent;
    this.#note.hidden = true;
    if (!whole) this.#warn(`The file is cut off: ${plural(durations.length, "frame")} can be shown.`);
  }

  /** @param {string} text */
  #warn(text) {
    this.#note.hidden = false;
    this.#note.replaceChildren(icon("warn"), text);
  }

  /** @param {string} address */
  #retry(address) {
    this.#forget();
    filmInfos.retry(address);
    this.#host.redraw();
  }

  #forget() {
    this.#frames?.close();
    this.#frames = null;
    this.info = null;
    this.ends = null;
    this.#wanted = this.#drawn = -1;
    this.#broken = "";
    this.#address = "";
  }

  /** @param {number} ratio width / height */
  #shape(ratio) {
    const shape = Math.min(4, Math.max(0.5, ratio));
    shapes.set(this.#host.key, shape);
    this.#screen.style.aspectRatio = String(shape);
  }

  ready() {
    return this.#broken !== "" || (this.#drawn >= 0 && this.#drawn === this.#wanted);
  }

  destroy() {
    this.#forget();
  }
}
