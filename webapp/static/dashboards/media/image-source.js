/** The pictures of a card as the viewer asks for them. */

import { allPlaces, nextPlace, placeOf } from "../../lib/nearest.js";
import { formatOnAxis } from "../../lib/axis.js";
import { formatCount } from "../../lib/format.js";
import { parsePixels } from "../../lib/pixels.js";
import { blobVersion } from "../../state/blob-columns.js";
import { FormStore } from "../../state/form-store.js";
import { comparison, imageLevels, imageSample, imageSight } from "../../state/image-settings.js";
import { drawnVersion } from "../../state/listed-runs.js";
import { unlinked } from "../../state/unlinked-cards.js";
import * as store from "../../state/store.js";
import { loadThumb } from "./image-thumbs.js";

/** @typedef {import("./kind.js").CardHost} CardHost */
/** @typedef {{width: number, height: number, samples: number, bits: number, mime: string, frames: number, light?: [number, number]}} ImageInfo */

const pixels = new FormStore(parsePixels, 256e6);
const infos = new FormStore((buffer) => /** @type {ImageInfo} */ (JSON.parse(new TextDecoder().decode(buffer))), 4e6);
/** @type {WeakMap<import("./kind.js").Values, number>} */
const largest = new WeakMap();
/** @type {WeakMap<CardHost, Map<string, ImageInfo>>} by run */
const lastInfos = new WeakMap();
const PREVIEW = 512; // pixels
const TILE = 64; // pixels: exact values of a large picture come in squares

/** @template T @param {FormStore<T>} forms @param {string} address @returns {Promise<T>} rejects with the server's sentence */
function had(forms, address) {
  return new Promise((resolve, reject) => {
    /** @type {() => void} */
    let stop = () => {};
    const look = () => {
      const found = forms.get(address);
      if (!found) return;
      stop();
      if (found.problem === null) resolve(found.value);
      else reject(new Error(found.problem));
    };
    stop = forms.version.subscribe(look);
    look();
  });
}

/** What the largest value of a run is, with the most samples; the others are taken to be alike. Null while that is asked for, and where it is no picture. @param {CardHost} host @param {string} run */
export function infoOf(host, run) {
  const values = host.values(run);
  if (!values?.n) return null;
  const found = infos.get(host.address("info", run, largestOf(values)))?.value;
  const known = lastInfos.get(host) ?? new Map();
  if (found) lastInfos.set(host, known.set(run, found));
  return found ?? known.get(run) ?? null; // of the largest before, while that of a larger one is on its way
}

/** Where the most bytes are, the first of several. @param {import("./kind.js").Values} values */
function largestOf(values) {
  let found = largest.get(values);
  if (found === undefined) {
    found = values.bytes.reduce((best, bytes, index) => (bytes > values.bytes[best] ? index : best), 0);
    largest.set(values, found);
  }
  return found;
}

/** The sample that was chosen for all tags, or the last where fewer were logged. @param {CardHost} host @param {string} run */
export function sampleOf(host, run) {
  const chosen = imageSample.get();
  return chosen === 0 ? 0 : Math.min(chosen, (infoOf(host, run)?.samples ?? 1) - 1);
}

/** Tells when `infoOf` has more to say. @param {() => void} listener */
export const onInfo = (listener) => infos.version.subscribe(listener);

/** @param {CardHost} host @param {string} title @returns {import("../../ui/image-viewer/source.js").ViewerSource} */
export function imageSource(host, title) {
  const samples = async (/** @type {string} */ run, /** @type {number} */ index) => (await had(infos, host.address("info", run, index))).samples;
  const exact = (/** @type {string} */ run, /** @type {number} */ index, /** @type {number} */ sample, part = {}) =>
    had(pixels, host.address("pixels", run, index, { sample, ...part }));
  return {
    title,
    lanes: () => host.runs().map(({ name, label, color }) => ({ key: name, label, color })),
    count: (run) => host.values(run)?.n ?? 0,
    at: (run) => (host.values(run) ? host.at(run) : -1),
    caption: (run, index) => `step ${formatCount(host.values(run)?.step[index] ?? 0)}`,
    pixels: async (run, index, chosen) => {
      const sample = chosen === 0 ? 0 : Math.min(chosen, (await samples(run, index)) - 1);
      const count = host.values(run)?.n ?? 0;
      // The next pictures are on their way before the cursor gets there.
      for (const by of [1, -1]) if (index + by >= 0 && index + by < count) void pixels.get(host.address("pixels", run, index + by, { sample }));
      return exact(run, index, sample);
    },
    preview: async (run, index) => loadThumb(host.address("thumbnail", run, index, { sample: sampleOf(host, run), size: PREVIEW })),
    valuesAt: async (run, index, sample, x, y) => {
      const [left, top] = [x - (x % TILE), y - (y % TILE)];
      const { width, channels, values } = await exact(run, index, sample, { x: left, y: top, width: TILE, height: TILE });
      const at = ((y - top) * width + x - left) * channels;
      return [...values.subarray(at, at + channels)];
    },
    file: (run, index) => host.address("raw", run, index, { sample: sampleOf(host, run) }),
    samples,
    move: (direction) => move(host, direction),
    where: () => whereText(host),
    levels: imageLevels,
    sample: imageSample,
    sight: imageSight,
    comparison,
    follow: (changed) => {
      const ends = [store.cursor, store.axis, unlinked, blobVersion, drawnVersion].map((atom) => /** @type {import("../../lib/atom.js").Atom<unknown>} */ (atom).subscribe(changed));
      return () => ends.forEach((end) => end());
    },
  };
}

/** @param {CardHost} host */
function placesOf(host) {
  return allPlaces(host.runs().flatMap(({ name }) => host.values(name) ?? []), host.axis());
}

/** @param {CardHost} host @param {1 | -1} direction */
function move(host, direction) {
  const places = placesOf(host);
  const next = nextPlace(places, host.cursor() ?? places[places.length - 1], direction);
  if (next !== null) host.moveTo(next);
}

/** @param {CardHost} host */
function whereText(host) {
  const [run] = host.runs();
  const values = run && host.values(run.name);
  const at = host.cursor() ?? (values && values.n > 0 ? placeOf(values, values.n - 1, host.axis()) : null);
  return at === null || at === undefined ? "–" : `${host.axis() === "step" ? "step " : ""}${formatOnAxis(host.axis(), at)}`;
}
