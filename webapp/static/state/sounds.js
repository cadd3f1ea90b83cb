/** Sounds that are looked at: what their headers say, and what is drawn of them; how all of them are shown and played. */

import { Atom } from "../lib/atom.js";
import { staticAddress } from "../lib/static-root.js";
import { fetchForm } from "./api.js";
import { FormStore } from "./form-store.js";

/** @typedef {import("../lib/sound-columns.js").SoundColumns} SoundColumns */

/**
 * @typedef {object} SoundInfo see webapp/media/audio.py
 * @property {number} samples logged together
 * @property {string[]} labels
 * @property {string} format
 * @property {string} codec
 * @property {number | null} rate
 * @property {number | null} channels
 * @property {number | null} frames
 * @property {number | null} duration seconds
 * @property {number} bytes
 * @property {{at: number, size: number, type: import("../lib/pcm.js").PcmType} | null} pcm
 * @property {"raw" | "single"} play the form that a browser plays
 * @property {string[]} notes
 * @property {string | null} problem
 *
 * @typedef {{columns: SoundColumns | null, problem: string | null}} SoundPicture
 */

/** What is drawn of a sound. */
export const soundView = new Atom("both");
/** Times the speed it was recorded at; the pitch stays. */
export const soundSpeed = new Atom(1);
/** 0 … 1 */
export const soundVolume = new Atom(1);

export const soundInfos = new FormStore((buffer) => /** @type {SoundInfo} */ (JSON.parse(new TextDecoder().decode(buffer))), 2e6);

/** Counts up when a picture has come. */
export const soundVersion = new Atom(0);

const KEPT = 60; // pictures, of some 300 kB
const AT_ONCE = 2; // sounds being read
const MOST_SAMPLES = 1.2e8; // that a browser decodes at once: half a gigabyte
const MOST_BYTES = 64e6; // of an encoded sound
const LOWEST_RATE = 3000; // that a browser decodes to

/** @type {Map<string, SoundPicture>} by address, the last looked at behind the others */
const pictures = new Map();
/** @type {Map<string, SoundInfo>} wanted and not begun, the last wanted behind the others */
const waiting = new Map();
/** @type {Set<string>} */
const underWay = new Set();
/** @type {Map<number, (answer: SoundPicture) => void>} */
const answers = new Map();
/** @type {Worker | null} */
let worker = null;
let orders = 0;

/** What is drawn of a sound; null while it is read. @param {string} address of its bytes @param {SoundInfo} info */
export function soundPicture(address, info) {
  const found = pictures.get(address);
  if (found) {
    pictures.delete(address);
    pictures.set(address, found);
    return found;
  }
  if (!underWay.has(address)) {
    waiting.delete(address);
    waiting.set(address, info);
    pump();
  }
  return null;
}

/** A sound that nobody sees any more is not read. @param {string} address */
export function leaveSound(address) {
  waiting.delete(address);
}

function pump() {
  for (const [address, info] of [...waiting].reverse()) { // what was looked at last comes first
    if (underWay.size >= AT_ONCE) return;
    waiting.delete(address);
    underWay.add(address);
    void read(address, info).catch(failed).then((picture) => {
      underWay.delete(address);
      pictures.set(address, picture);
      const [oldest] = pictures.keys();
      if (pictures.size > KEPT) pictures.delete(oldest);
      soundVersion.set(soundVersion.get() + 1);
      pump();
    });
  }
}

/** @param {Error} problem @returns {SoundPicture} */
function failed(problem) {
  return { columns: null, problem: problem.message };
}

/** @param {string} address @param {SoundInfo} info @returns {Promise<SoundPicture>} */
async function read(address, info) {
  const { pcm, rate, channels, frames } = info;
  if (pcm && rate && channels && frames) {
    return order({ wave: { address: new URL(address, document.baseURI).href, ...pcm, rate, channels, frames } }, []);
  }
  if (info.bytes > MOST_BYTES || (frames ?? 0) * (channels ?? 2) > MOST_SAMPLES) return failed(new Error("Too long to be drawn; it can be played."));
  const buffer = await fetchForm(address);
  const decoder = new OfflineAudioContext(1, 1, Math.max(LOWEST_RATE, rate ?? 44_100)); // decodes to its own rate
  /** @type {AudioBuffer} */
  let sound;
  try {
    sound = await decoder.decodeAudioData(buffer);
  } catch {
    throw new Error(`This browser cannot decode the sound${info.codec ? ` (${info.codec})` : ""}.`);
  }
  const samples = Array.from({ length: sound.numberOfChannels }, (_, channel) => sound.getChannelData(channel).slice());
  return order({ samples: { channels: samples, rate: sound.sampleRate } }, samples.map(({ buffer: bytes }) => bytes));
}

/** Has the worker read a sound. @param {object} what see dashboards/media/audio-worker.js @param {Transferable[]} given @returns {Promise<SoundPicture>} */
function order(what, given) {
  worker ??= startWorker();
  orders += 1;
  const id = orders;
  worker.postMessage({ id, ...what }, given);
  return new Promise((resolve) => answers.set(id, resolve));
}

function startWorker() {
  const started = new Worker(staticAddress("dashboards/media/audio-worker.js"), { type: "module" });
  started.addEventListener("message", ({ data: { id, columns = null, problem = null } }) => {
    answers.get(id)?.({ columns, problem });
    answers.delete(id);
  });
  started.addEventListener("error", () => {
    for (const answer of answers.values()) answer(failed(new Error("The sound could not be drawn; it can be played.")));
    answers.clear();
    worker = null;
  });
  return started;
}
