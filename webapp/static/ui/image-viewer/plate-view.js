/** One place of the viewer: a picture, or two laid over one another, with what is said of them. */

import { AS_STORED } from "../../lib/levels.js";
import { channelNames, differenceOf, valuesAt } from "../../lib/pixels.js";
import { layPicture } from "../../lib/pan-zoom.js";
import { h, icon } from "../dom.js";
import { drawNumbers } from "./pixel-numbers.js";
import { drawSheet, paintSheet, previewSheet } from "./sheet.js";
import { ViewGestures } from "../../lib/view-gestures.js";

/** @typedef {import("./source.js").Plate} Plate */
/** @typedef {import("../../lib/pixels.js").Pixels} Pixels */
/** @typedef {import("./sheet.js").Sheet} Sheet */
/** @typedef {{u: number, v: number}} Spot a place in a picture, shares of its width and height */

/**
 * @typedef {object} Look how all plates are drawn
 * @property {import("../../lib/pan-zoom.js").Sight} sight
 * @property {number} reference width of the picture that the zoom is about; 0 before there is one
 * @property {number} phase 0 or 1: which of two pictures blinks
 * @property {number} amount 0 … 1: where the slider is, how far the upper picture shows
 * @property {Spot | null} spot
 */

const RESTS = 120; // ms the pointer rests before the server is asked

export class PlateView {
  #label = h("bdi", {});
  #swatch = h("span", { className: "swatch" });
  #caption = h("span", { className: "plate-caption" });
  #links = h("span", { className: "plate-links" });
  #canvas = h("canvas", { className: "plate-canvas" });
  #message = h("div", { className: "plate-message", hidden: true });
  #readout = h("output", { className: "plate-values" });
  #stage = h("div", { className: "plate-stage" }, this.#canvas, this.#message);
  /** @type {Plate | null} */ #plate = null;
  #wanted = "";
  #shown = "";
  /** @type {Pixels[]} */ #pixels = [];
  /** @type {Sheet[]} */ #sheets = [];
  #told = "";
  #levels = AS_STORED;
  #asking = 0;
  /** @type {{asked: string, values: number[] | null} | null} */ #exact = null;

  /**
   * @param {import("./source.js").ViewerSource} source
   * @param {{gestures: (view: PlateView) => import("../../lib/view-gestures.js").ViewTarget, loaded: () => void}} owner `loaded`: there is something new to draw
   */
  constructor(source, owner) {
    this.source = source;
    this.owner = owner;
    this.element = h("figure", { className: "plate" },
      h("figcaption", {}, this.#swatch, this.#label, this.#caption, this.#links), this.#stage, this.#readout);
    new ViewGestures(this.#canvas, owner.gestures(this));
  }

  get plate() {
    return this.#plate;
  }

  /** CSS pixels of the place for the picture. */
  get box() {
    return { width: this.#stage.clientWidth, height: this.#stage.clientHeight };
  }

  /** Width and height of what is shown; null before it is here. */
  get picture() {
    return this.#pixels[0] ? { width: this.#pixels[0].size[0], height: this.#pixels[0].size[1] } : null;
  }

  /** The pictures that are here now. */
  get pixels() {
    return this.#pixels;
  }

  /** Whether what is on the screen is what was asked for. */
  get ready() {
    return this.#wanted === this.#shown;
  }

  /** What is drawn stays until the next picture is here, so that nothing flickers while steps play. @param {Plate} plate @param {number} sample @param {import("../../lib/levels.js").Levels} levels @param {number} gain of a difference */
  show(plate, sample, levels, gain) {
    this.#plate = plate;
    this.#label.textContent = plate.label;
    this.#label.title = plate.label;
    this.#swatch.style.background = plate.color;
    this.#swatch.hidden = !plate.color;
    this.#caption.textContent = plate.caption;
    this.#canvas.setAttribute("aria-label", `${plate.label}, ${plate.caption}`);
    this.#canvas.setAttribute("role", "img");
    const wanted = JSON.stringify([plate.layers, plate.blend === "difference", sample]);
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#links.replaceChildren(...plate.layers.flatMap(({ key, index }, place) => (index < 0 ? [] : [this.#download(key, index, sample, plate.layers.length > 1 ? "AB"[place] : "")])));
    this.element.classList.add("loading");
    void this.#load(plate, sample, wanted, levels, gain);
    if (this.#sheets.length === 0 && plate.layers.length === 1 && plate.layers[0].index >= 0) void this.#preview(plate.layers[0], sample, wanted);
  }

  /** Something to look at while the values are on their way. @param {import("./source.js").Layer} layer @param {number} sample @param {string} wanted */
  async #preview({ key, index }, sample, wanted) {
    const image = await this.source.preview(key, index, sample).catch(() => null);
    if (!image || wanted !== this.#wanted || wanted === this.#shown) return;
    this.#sheets = [previewSheet(image)];
    this.owner.loaded();
  }

  /** @param {string} key @param {number} index @param {number} sample @param {string} letter */
  #download(key, index, sample, letter) {
    const label = `Download ${letter ? `picture ${letter}` : "the file"} as it was logged`;
    return h("a", { className: "icon-button", href: this.source.file(key, index, sample), download: "", title: label, "aria-label": label }, icon("download"), letter);
  }

  /** @param {Plate} plate @param {number} sample @param {string} wanted @param {import("../../lib/levels.js").Levels} levels @param {number} gain */
  async #load(plate, sample, wanted, levels, gain) {
    try {
      if (plate.layers.some(({ index }) => index < 0)) throw new Error("No picture at this step.");
      const pixels = await Promise.all(plate.layers.map(({ key, index }) => this.source.pixels(key, index, sample)));
      if (wanted !== this.#wanted) return; // another one was asked for meanwhile
      this.#pixels = pixels;
      this.#shown = wanted;
      this.paint(levels, gain);
    } catch (problem) {
      if (wanted !== this.#wanted) return;
      this.#shown = wanted;
      this.#pixels = [];
      this.#sheets = [];
      this.#say(/** @type {Error} */ (problem).message);
    }
    this.element.classList.remove("loading");
    this.owner.loaded();
  }

  /** Paints what is here with other levels. @param {import("../../lib/levels.js").Levels} levels @param {number} gain */
  paint(levels, gain) {
    this.#levels = levels;
    if (this.#pixels.length === 0) return;
    try {
      const spare = this.#sheets.map(({ canvas }) => canvas);
      this.#told = "";
      if (this.#plate?.blend === "difference" && this.#pixels.length === 2) {
        const { pixels, most, mean, changed } = differenceOf(this.#pixels[0], this.#pixels[1], gain);
        this.#sheets = [paintSheet(pixels, levels, spare[0])];
        const found = changed === 0 ? "equal in every pixel" : `${percent(changed)} of the pixels differ · mean ${percent(mean)} · most ${percent(most)} of white`;
        this.#told = `${found}${reducedText(pixels, "compared")}`;
      } else {
        this.#sheets = this.#pixels.map((pixels, place) => paintSheet(pixels, levels, spare[place]));
      }
      this.#say(null);
    } catch (problem) {
      this.#sheets = [];
      this.#say(/** @type {Error} */ (problem).message);
    }
  }

  /** @param {string | null} message */
  #say(message) {
    this.#message.hidden = message === null;
    this.#message.replaceChildren(...(message === null ? [] : [h("span", { role: "alert" }, message)]));
  }

  /** @param {Look} look */
  draw(look) {
    const { width, height } = this.box;
    const ratio = devicePixelRatio || 1;
    const canvas = this.#canvas;
    canvas.style.touchAction = look.sight.zoom === null ? "pan-y" : "none"; // while all is seen, a finger scrolls the plates
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const [first, second] = this.#sheets;
    if (!first) return this.#readValues(null);
    const place = layPicture(look.sight, first, this.box, look.reference || first.width);
    const blend = second ? this.#plate?.blend : "side";
    drawSheet(context, blend === "blink" && look.phase === 1 ? second : first, place, this.box);
    if (blend === "slider" || blend === "onion") this.#drawUpper(context, second, place, look.amount, blend);
    if (this.#sheets.length === 1 && this.#pixels.length === 1) drawNumbers(context, this.#pixels[0], place, this.box, this.#levels);
    if (look.spot) drawCross(context, place.left + look.spot.u * first.width * place.scale, place.top + look.spot.v * first.height * place.scale);
    this.element.dataset.phase = blend === "blink" ? "AB"[look.phase] : "";
    this.#readValues(look.spot);
  }

  /** The second picture: left of the slider's line, or shining through. @param {CanvasRenderingContext2D} context @param {Sheet} sheet @param {{left: number, top: number, scale: number}} place @param {number} amount @param {"slider" | "onion"} blend */
  #drawUpper(context, sheet, place, amount, blend) {
    const { width, height } = this.box;
    // Its width is made that of the picture below, so that the same places lie over one another.
    const first = this.#sheets[0];
    const own = { ...place, scale: (place.scale * first.width) / sheet.width };
    context.save();
    if (blend === "onion") context.globalAlpha = amount;
    else {
      const line = place.left + amount * first.width * place.scale;
      context.beginPath();
      context.rect(line, 0, Math.max(0, width - line), height);
      context.clip();
    }
    drawSheet(context, sheet, own, this.box);
    context.restore();
    if (blend !== "slider") return;
    const line = Math.round(place.left + amount * first.width * place.scale);
    context.fillStyle = "#fff";
    context.fillRect(line - 1, 0, 2, height);
    context.fillStyle = "#0008";
    context.fillRect(line + 1, 0, 1, height);
  }

  /** The exact values at a spot, of each picture that lies here. @param {Spot | null} spot */
  #readValues(spot) {
    if (!spot || this.#pixels.length === 0) {
      this.#readout.replaceChildren(this.#told || this.#size());
      return;
    }
    const places = this.#pixels.map(({ size }) => [Math.floor(spot.u * size[0]), Math.floor(spot.v * size[1])]);
    const parts = this.#pixels.map((pixels, layer) => h("span", { className: "value-set" },
      this.#pixels.length > 1 && h("b", {}, "AB"[layer]), ...valueTexts(this.#valuesAt(pixels, layer, places[layer]), channelNames(pixels.channels))));
    this.#readout.replaceChildren(h("span", { className: "value-place" }, `x ${places[0][0]} y ${places[0][1]}`), ...parts);
  }

  /** Of a picture that is here reduced, the server has the values: null until they are told. @param {Pixels} pixels @param {number} layer @param {number[]} place @returns {number[] | null} */
  #valuesAt(pixels, layer, [x, y]) {
    if (pixels.width === pixels.size[0]) return valuesAt(pixels, x, y);
    const shown = this.#shown;
    const asked = `${shown} ${layer} ${x} ${y}`;
    if (this.#exact?.asked === asked) return this.#exact.values;
    const { key, index } = JSON.parse(shown)[0][layer];
    clearTimeout(this.#asking);
    this.#asking = window.setTimeout(async () => {
      const values = await this.source.valuesAt(key, index, JSON.parse(shown)[2], x, y).catch(() => null);
      this.#exact = { asked, values };
      this.owner.loaded();
    }, RESTS);
    return null;
  }

  #size() {
    const [pixels] = this.#pixels;
    if (!pixels) return "";
    const [width, height] = pixels.size;
    const bits = { 1: "1 bit", 255: "8 bit", 65535: "16 bit" }[pixels.white] ?? "";
    return `${width} × ${height} · ${channelNames(pixels.channels).join(" ")} · ${bits}${reducedText(pixels, "shown")}${pixels.profiled ? " · values as stored, without their colour profile" : ""}`;
  }
}

/** @param {Pixels} pixels @param {string} done with them */
function reducedText({ width, size }, done) {
  return width < size[0] ? ` · ${done} at ${percent(width / size[0])} of the size` : "";
}

/** @param {number[] | null} values @param {string[]} names */
function valueTexts(values, names) {
  return values ? values.map((value, channel) => h("span", { "data-channel": names[channel] }, String(value))) : ["…"];
}

/** @param {number} share */
function percent(share) {
  const hundredths = 100 * share;
  return `${hundredths === 0 || hundredths >= 99.95 ? Math.round(hundredths) : hundredths < 0.01 ? "< 0.01" : hundredths.toPrecision(3)} %`;
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y */
function drawCross(context, x, y) {
  for (const [color, width] of /** @type {const} */ ([["#0009", 3], ["#fff", 1]])) {
    context.strokeStyle = color;
    context.lineWidth = width;
    context.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      context.moveTo(x + 4 * dx, y + 4 * dy);
      context.lineTo(x + 11 * dx, y + 11 * dy);
    }
    context.stroke();
  }
}
