/** Reads sounds aside from the page, which goes on at once: a WAV file as it comes, other sounds decoded by the browser. */

import { decodePcm, pcmFrameSize } from "../../lib/pcm.js";
import { SoundReader } from "../../lib/sound-columns.js";

/**
 * @typedef {{address: string, at: number, size: number, type: import("../../lib/pcm.js").PcmType, rate: number, channels: number, frames: number}} WaveOrder
 * @typedef {{channels: Float32Array[], rate: number}} SamplesOrder
 * @typedef {{id: number, wave?: WaveOrder, samples?: SamplesOrder}} Order
 */

const BLOCK = 1 << 16; // frames read at once
const TURN = 25; // ms after which another sound has its turn

addEventListener("message", async ({ data }) => {
  const { id, wave, samples } = /** @type {Order} */ (data);
  try {
    const columns = await (wave ? readWave(wave) : readSamples(/** @type {SamplesOrder} */ (samples)));
    postMessage({ id, columns });
  } catch (problem) {
    postMessage({ id, problem: /** @type {Error} */ (problem).message });
  }
});

/** @param {SamplesOrder} order */
async function readSamples({ channels, rate }) {
  const reader = new SoundReader({ rate, frames: channels[0].length, channels: channels.length });
  const turn = turns();
  for (let at = 0; at < channels[0].length; at += BLOCK) {
    reader.push(channels.map((samples) => samples.subarray(at, at + BLOCK)));
    await turn();
  }
  return reader.finish();
}

/** @param {WaveOrder} order */
async function readWave({ address, at, size, type, rate, channels, frames }) {
  const answer = await fetch(address);
  if (!answer.ok || !answer.body) throw new Error(`The server answered ${answer.status} when asked for the sound.`);
  const reader = new SoundReader({ rate, frames, channels });
  const frameSize = pcmFrameSize(type, channels);
  const stream = answer.body.getReader();
  let [skip, left] = [at, size];
  const turn = turns();
  let rest = new Uint8Array();
  for (;;) {
    const { done, value } = await stream.read();
    if (done) return reader.finish();
    const bytes = value.subarray(Math.min(skip, value.length)).subarray(0, left);
    skip -= Math.min(skip, value.length);
    left -= bytes.length;
    const joined = rest.length ? concatenated(rest, bytes) : bytes;
    reader.push(decodePcm(joined, type, channels));
    rest = joined.slice(joined.length - (joined.length % frameSize));
    await turn();
  }
}

/** Lets orders in that came meanwhile: bytes that are here already are read without a break. */
function turns() {
  let began = performance.now();
  return async () => {
    if (performance.now() - began < TURN) return;
    await new Promise((resolve) => setTimeout(resolve));
    began = performance.now();
  };
}

/** @param {Uint8Array} before @param {Uint8Array} after */
function concatenated(before, after) {
  const all = new Uint8Array(before.length + after.length);
  all.set(before);
  all.set(after, before.length);
  return all;
}
