/** Pictures: a tag side by side over runs, or over its steps. */

import { stretched } from "../../lib/levels.js";
import { connection } from "../../state/follow.js";
import { actualSize, imageLayout, imageLevels, imageSample, settledLevels } from "../../state/image-settings.js";
import { bind, popover, segmented, toggle } from "../../ui/controls.js";
import { h, iconButton, setText } from "../../ui/dom.js";
import { levelsControl } from "../../ui/image-viewer/levels-control.js";
import { setLevelsFilter } from "../../ui/levels-filter.js";
import { FilmStrip } from "./film-strip.js";
import { ImageCell } from "./image-cell.js";
import { rangeOf16, tellSixteenBits } from "./image-light.js";
import { infoOf, onInfo, sampleOf } from "./image-source.js";
import { lightInSight, thumbsUnderWay } from "./image-thumbs.js";
import { viewAsLinked, viewImages } from "./image-viewing.js";
import { runCells } from "./run-cells.js";

/** @typedef {import("./kind.js").CardHost} CardHost */
/** @typedef {import("./kind.js").KindCard} KindCard */

const ALL_COLUMNS = 99;
const MOST_DOWNLOADS = 8; // in a card's menu

/** @type {import("./kind.js").Kind} */
export const images = {
  id: "images",
  title: "Images",
  code: 'writer.add_image("samples", image, step)',
  get layout() {
    return imageLayout.get() === "steps" ? "card" : "cells";
  },
  get width() {
    return imageLayout.get() === "steps" ? ALL_COLUMNS : 1;
  },
  reshaped: [imageLayout],
  toolbar,
  card: (_, host) => new ImagesCard(host),
};

function toolbar() {
  const layout = segmented("Pictures", [["runs", "Runs", "every run's picture at the step cursor"], ["steps", "Steps", "every picture of every run, a row a run"]]);
  bind(layout, imageLayout);
  const size = toggle("Actual size", "as large as they were logged");
  bind(size, actualSize);
  const levels = levelsControl(imageLevels, () => {
    const range = lightInSight();
    if (range) imageLevels.set(stretched(...range));
  });
  const panel = h("div", { "aria-label": "Brightness, contrast, gamma" }, levels.element);
  const button = h("button", { type: "button", popoverTargetElement: panel }, "Levels");
  popover(button, panel, { width: 340 });
  const showLevels = () => {
    setLevelsFilter(imageLevels.get());
    levels.update();
  };
  imageLevels.subscribe(showLevels);
  showLevels();
  imageLayout.subscribe((chosen) => void (size.hidden = chosen === "steps"));
  size.hidden = imageLayout.get() === "steps";
  return h("span", { className: "kind-toolbar" }, layout, size, button, panel);
}

/** @implements {KindCard} */
class ImagesCard {
  /** @type {KindCard | null} */ #inner = null;
  #layout = "";
  #samples = 1;
  #sampleText = h("output", {});
  #sample = h("span", { className: "sample-picker", hidden: true, role: "group", "aria-label": "Sample" });
  /** @type {Map<Element, ImageCell>} */ #cells = new Map();
  #sizes = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) this.#cells.get(target)?.resized(contentRect.width);
    this.host.redraw();
  });
  #ends;

  /** @param {CardHost} host */
  constructor(host) {
    this.host = host;
    const step = (/** @type {number} */ by) => imageSample.set((imageSample.get() + by + this.#samples) % this.#samples);
    const button = (/** @type {string} */ text, /** @type {string} */ label, /** @type {number} */ by) => h("button", { type: "button", title: label, "aria-label": label, onclick: () => step(by) }, text);
    this.#sample.append(button("‹", "Previous sample", -1), this.#sampleText, button("›", "Next sample", 1));
    host.controls.append(this.#sample, iconButton("eye", "Look closer: zoom, compare, values of pixels", () => void viewImages(host)));
    this.#ends = [...[imageLevels, settledLevels, imageSample, actualSize].map((atom) => /** @type {import("../../lib/atom.js").Atom<unknown>} */ (atom).subscribe(host.redraw)), onInfo(host.redraw), thumbsUnderWay.subscribe((count) => {
      if (count === 0) host.redraw();
    }), connection.subscribe(({ state }) => {
      if (state === "live" || state === "polling") this.#retry();
    })];
  }

  update() {
    if (this.#layout !== imageLayout.get()) this.#build();
    this.#inner?.update();
    this.#countSamples();
    this.host.menu([{ label: "Look closer", act: () => void viewImages(this.host) }, ...this.#stretch(), ...this.#downloads()]);
    viewAsLinked(this.host);
  }

  /** Asks again for what could not be had while the server was away. */
  #retry() {
    for (const [element, cell] of this.#cells) {
      if (element.isConnected) cell.retry();
      else this.#cells.delete(element);
    }
    if (this.#inner instanceof FilmStrip) this.#inner.retry();
    this.host.redraw();
  }

  #build() {
    this.#inner?.destroy?.();
    this.host.body.replaceChildren();
    this.#layout = imageLayout.get();
    const open = (/** @type {string} */ run) => void viewImages(this.host, run);
    this.#inner = this.#layout === "steps" ? new FilmStrip(this.host, open) : runCells(this.host, {
      makeCell: (run, told) => {
        const cell = new ImageCell(this.host, run, told, { open: () => open(run), sizes: this.#sizes });
        this.#cells.set(cell.element, cell);
        return cell;
      },
    });
  }

  /** Asks one picture how many were logged together, once the pictures are there. */
  #countSamples() {
    if (thumbsUnderWay.get() > 0) return;
    const run = this.host.runs().find(({ name }) => this.host.values(name)?.n);
    if (!run) return;
    this.#samples = infoOf(this.host, run.name)?.samples ?? this.#samples;
    this.#sample.hidden = this.#samples < 2;
    tellSixteenBits(this.host);
    if (this.#samples > 1) setText(this.#sampleText, `${sampleOf(this.host, run.name) + 1} / ${this.#samples}`);
  }

  /** Pictures of 16 bits are often dark: what they hold fills a part of the range. */
  #stretch() {
    const range = rangeOf16(this.host);
    return range ? [{ label: "Levels from its darkest to its brightest value", act: () => imageLevels.set(stretched(...range)) }] : [];
  }

  /** The files of the pictures in sight, exactly as they were logged. */
  #downloads() {
    return this.host.runs().slice(0, MOST_DOWNLOADS).filter(({ name }) => this.host.values(name) && this.host.at(name) >= 0).map(({ name, label }) => ({
      label: `Download the file of ${label}`,
      act: () => h("a", { href: this.host.address("raw", name, this.host.at(name), { sample: sampleOf(this.host, name) }), download: "" }).click(),
    }));
  }

  ready() {
    return this.#inner?.ready?.() ?? false;
  }

  destroy() {
    for (const end of this.#ends) end();
    this.#inner?.destroy?.();
    this.#sizes.disconnect();
  }
}
