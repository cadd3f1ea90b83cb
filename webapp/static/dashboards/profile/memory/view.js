/** The view "Memory": what was allocated over time, what made up the peak, who allocated, and what is never freed. */

import { formatBytes, formatCount } from "../../../lib/format.js";
import { formatNanoseconds } from "../../../lib/profile-units.js";
import { fetchMemory, fetchMemoryCurve, fetchMemoryMap, fetchMemoryShapes, memoryDevice, memoryPicture, memoryToCapacity } from "../../../state/profile-memory.js";
import { dropDown, segmented, toggle } from "../../../ui/controls.js";
import { h } from "../../../ui/dom.js";
import { Question } from "../question.js";
import { PicturePanel } from "./picture-panel.js";
import { StackPanel } from "./stack-panel.js";
import { TablesPanel } from "./tables-panel.js";

/** @typedef {import("../views.js").ViewContext} ViewContext */
/** @typedef {import("../../../state/profile-api.js").Shown} Shown */
/** @typedef {import("../../../state/profile-memory.js").MemoryInfo} MemoryInfo */
/** @typedef {import("../../../state/profile-memory.js").MemoryDevice} MemoryDevice */

const PICTURES = /** @type {[string, string, string][]} */ ([
  ["shapes", "Allocations", "Every large allocation as a shape, from its allocation to its freeing"],
  ["curve", "Curve", "Allocated and reserved bytes"],
  ["map", "Segments", "Segments and their blocks by address, as they were when the snapshot was taken"],
]);

/** @param {ViewContext} context */
export const view = (context) => new MemoryView(context);

class MemoryView {
  #context;
  #question = new Question();
  #drawing = new Question();
  #head = h("div", { className: "prof-headline-row" });
  #notes = h("ul", { className: "prof-notes" });
  #picker = segmented("Picture", PICTURES);
  #toCapacity = toggle("Up to capacity", "Let the axis reach up to what the device has");
  #whole = h("button", { type: "button", onclick: () => this.#context.setWindow(null) }, "All time");
  #picture;
  #stack = new StackPanel();
  #tables;
  #body;
  /** @type {Shown | null} */ #shown = null;
  /** @type {MemoryInfo | null} */ #info = null;
  #forget;
  element;
  keys = [["← →", "move the cursor in the picture, with Shift choose a stretch of time"], ["↑ ↓", "go from allocation to allocation"], ["Enter", "show the stretch, or the call stack"], ["Esc", "show all time"]];

  /** @param {ViewContext} context */
  constructor(context) {
    this.#context = context;
    const onStack = (/** @type {number} */ stack) => void (this.#shown && this.#stack.show(this.#shown, stack));
    this.#picture = new PicturePanel({ onRange: (range) => context.setWindow(range), onStack });
    this.#tables = new TablesPanel({ onRow: (row) => context.goTo("timeline", { row }), onStack });
    this.#picker.addEventListener("input", () => memoryPicture.set(this.#picker.value));
    this.#toCapacity.addEventListener("input", () => memoryToCapacity.set(this.#toCapacity.value));
    this.#body = h("div", { className: "prof-memory-body" }, h("div", { className: "prof-memory-main" }, this.#drawing.element, this.#picture.element, this.#tables.element), this.#stack.element);
    this.element = h("section", { className: "prof-memory", "aria-label": "Memory" }, this.#question.element, this.#head, this.#notes, this.#body);
    this.#forget = [memoryDevice.subscribe(() => void this.#drawAll()), memoryPicture.subscribe(() => void this.#draw()), memoryToCapacity.subscribe(() => void this.#draw())];
  }

  /** @param {Shown} shown */
  async show(shown) {
    if (shown.p !== this.#shown?.p) this.#forgetFigures();
    this.#shown = shown;
    /** @type {Promise<void> | undefined} */
    let drawing;
    await this.#question.ask((asking) => fetchMemory(shown, asking), (info) => {
      this.#info = info;
      drawing = this.#drawAll();
    });
    await drawing;
  }

  /** Those of another profile are not to stand below the name of one that cannot be read. */
  #forgetFigures() {
    this.#info = null;
    this.#stack.hide();
    this.#body.hidden = true;
    this.#head.replaceChildren();
    this.#notes.replaceChildren();
  }

  search() {
    this.#tables.focusFilter();
  }

  recolor() {
    this.#picture.recolor();
  }

  destroy() {
    for (const forget of this.#forget) forget();
    this.#question.cancel();
    this.#drawing.cancel();
    this.#picture.destroy();
    this.#tables.destroy();
  }

  /** @returns {MemoryDevice | null} */
  get #device() {
    return this.#info?.devices.find(({ name }) => name === memoryDevice.get()) ?? this.#info?.devices[0] ?? null;
  }

  /** The device to ask about; null: the first one, which is what a page of one file has answers about. */
  get #asked() {
    return this.#device === this.#info?.devices[0] ? null : this.#device?.name ?? null;
  }

  async #drawAll() {
    const [shown, info, device] = [this.#shown, this.#info, this.#device];
    if (!shown || !info) return;
    this.#notes.replaceChildren(...info.notes.map((note) => h("li", {}, note)));
    this.#notes.hidden = info.notes.length === 0;
    this.#body.hidden = !device;
    this.#drawHead();
    if (device) await Promise.all([this.#draw(), this.#tables.show(shown, info, this.#asked)]);
  }

  #drawHead() {
    const [info, device] = [this.#info, this.#device];
    if (!info || !device) return this.#head.replaceChildren();
    const devices = dropDown("Device", info.devices.map(({ name }) => [name, name]));
    devices.value = device.name;
    devices.addEventListener("input", () => memoryDevice.set(devices.value));
    this.#picker.value = memoryPicture.get();
    this.#toCapacity.value = memoryToCapacity.get();
    this.#whole.hidden = !this.#shown?.window;
    this.#head.replaceChildren(...(info.devices.length > 1 ? [devices] : []), h("p", { className: "prof-headline" }, ...headline(info, device)),
      ...(info.kind === "snapshot" ? [this.#picker] : []), ...(device.capacity ? [this.#toCapacity] : []), this.#whole);
  }

  async #draw() {
    const [shown, info, device] = [this.#shown, this.#info, this.#device];
    if (!shown || !info || !device) return;
    const picture = info.kind === "snapshot" ? memoryPicture.get() : "curve";
    this.#picker.value = picture;
    const more = { device: this.#asked };
    if (picture === "map") return this.#drawing.ask((asking) => fetchMemoryMap(shown, more, asking), ({ header, arrays }) => this.#picture.showMap({ ...header, .../** @type {any} */ (arrays) }));
    return this.#drawing.ask(async (asking) => Promise.all([
      fetchMemoryCurve(shown, more, asking), picture === "shapes" ? fetchMemoryShapes(shown, more, asking) : null,
    ]), ([curve, shapes]) => {
      const curves = curvesOf(curve);
      if (shapes) this.#picture.showShapes({ ...shapes.header, .../** @type {any} */ (shapes.arrays) }, curves, device);
      else this.#picture.showCurves(curves, device);
    });
  }
}

/** @param {{header: any, arrays: Record<string, import("../../../lib/arrays-frame.js").NamedArray>}} answer @returns {import("../../../charts/memory-pictures.js").MemoryCurves} */
function curvesOf({ header, arrays }) {
  const series = header.series.map((/** @type {{title: string, role: string}} */ told, /** @type {number} */ place) => ({
    ...told, least: arrays[`${place}.least`], most: arrays[`${place}.most`], last: arrays[`${place}.last`],
  }));
  return { from: header.from, to: header.to, cells: header.cells, series };
}

/** @param {MemoryInfo} info @param {MemoryDevice} device @returns {(string | Node)[]} */
function headline(info, { peak, peak_time, capacity, reserved, events, now, timed }) {
  const at = info.kind === "snapshot" && timed === false ? `event ${formatCount(peak_time)}` : formatNanoseconds(peak_time);
  const share = capacity ? ` of ${formatBytes(capacity)} (${((peak / capacity) * 100).toFixed(1)} %)` : "";
  return [
    "Peak ", h("b", {}, formatBytes(peak)), `${share} at ${at}`,
    reserved ? ` · reserved at most ${formatBytes(reserved)}` : "",
    now === undefined ? "" : ` · ${formatBytes(now)} at the end`,
    ` · ${formatCount(events)} events`,
  ];
}
