import assert from "node:assert/strict";
import { test } from "node:test";

import { PowerSpectrum } from "../../webapp/static/lib/fft.js";
import { decodePcm } from "../../webapp/static/lib/pcm.js";
import { bandOf, FLOOR, SoundReader } from "../../webapp/static/lib/sound-columns.js";

/** Σ x_n e^(−2πi kn / N), term by term. */
function directPower(samples, k) {
  let [re, im] = [0, 0];
  samples.forEach((value, n) => {
    re += value * Math.cos((2 * Math.PI * k * n) / samples.length);
    im -= value * Math.sin((2 * Math.PI * k * n) / samples.length);
  });
  return re * re + im * im;
}

function columnsOf(channels, rate, block = 1000) {
  const frames = channels[0].length;
  const reader = new SoundReader({ rate, frames, channels: channels.length });
  for (let at = 0; at < frames; at += block) reader.push(channels.map((samples) => samples.subarray(at, at + block)));
  return reader.finish();
}

const sine = (frames, frequency, rate, amplitude = 1) => Float32Array.from({ length: frames }, (_, i) => amplitude * Math.sin((2 * Math.PI * frequency * i) / rate));

test("the fast spectrum is that of the sum", () => {
  for (const size of [4, 8, 64, 256]) {
    const samples = Array.from({ length: size }, (_, n) => Math.sin(n * n) + 0.3);
    const power = new Float64Array(size / 2 + 1);
    new PowerSpectrum(size).of(samples, power);
    power.forEach((found, k) => assert.ok(Math.abs(found - directPower(samples, k)) < 1e-9 * size * size, `size ${size}, bin ${k}`));
  }
  assert.throws(() => new PowerSpectrum(100), /power of two/);
});

test("lowest and highest sample of each column, whatever the blocks", () => {
  const left = sine(10_000, 50, 8000);
  left[1234] = 3;
  const right = new Float32Array(10_000).fill(-0.25);
  const whole = columnsOf([left, right], 8000, 10_000);
  assert.deepEqual(columnsOf([left, right], 8000, 77), whole);
  const column = Math.floor((1234 * whole.columns) / 10_000);
  assert.equal(whole.peaks[0].high[column], 3);
  assert.ok(whole.peaks[1].low.every((low) => low === -0.25));
  assert.ok(whole.peaks[1].high.every((high) => high === -0.25));
});

test("a sine of full scale is 0 decibels at its frequency, another 40 below", () => {
  const rate = 16_000;
  for (const [amplitude, decibels] of [[1, 0], [0.01, -40]]) {
    const { levels, times, bands } = columnsOf([sine(32_000, 1000, rate, amplitude)], rate);
    const middle = Array.from({ length: bands }, (_, band) => levels[band * times + Math.floor(times / 2)]);
    const loudest = middle.indexOf(Math.max(...middle));
    assert.ok(Math.abs(loudest - bandOf(1000, bands, rate)) <= 2, `row ${loudest}`);
    assert.ok(Math.abs((1 - middle[loudest] / 255) * FLOOR - decibels) < 1.6);
  }
});

test("a click in a long recording stays in sight", () => {
  const samples = new Float32Array(2_000_000);
  samples[1_500_000] = 0.9;
  const { levels, times, bands, peaks, columns } = columnsOf([samples], 8000, 100_000);
  const loud = new Set();
  for (let band = 0; band < bands; band += 1) for (let time = 0; time < times; time += 1) if (levels[band * times + time] > 0) loud.add(time);
  assert.ok(loud.has(Math.floor(0.75 * times)) && loud.size <= 3);
  assert.ok(Math.abs(peaks[0].high[Math.floor(0.75 * columns)] - 0.9) < 1e-6);
});

test("opposite channels do not cancel out", () => {
  const left = sine(8000, 440, 8000);
  const { levels } = columnsOf([left, left.map((sample) => -sample)], 8000);
  assert.ok(levels.some((level) => level > 240));
});

test("sounds of one frame, or shorter than they say", () => {
  assert.equal(columnsOf([Float32Array.of(0.5)], 44_100).peaks[0].high[0], 0.5);
  const reader = new SoundReader({ rate: 8000, frames: 1000, channels: 1 });
  reader.push([new Float32Array(10).fill(1)]);
  const { peaks } = reader.finish();
  assert.deepEqual([peaks[0].high[5], peaks[0].high[999]], [1, 0]);
});

test("rows reach from silence to half the rate", () => {
  assert.deepEqual([bandOf(0, 160, 44_100), bandOf(22_050, 160, 44_100)], [-0.5, 159.5]);
});

test("plain numbers of every width", () => {
  const view = new DataView(new ArrayBuffer(8));
  view.setInt16(0, -16_384, true);
  view.setInt16(2, 16_384, true);
  assert.deepEqual(decodePcm(new Uint8Array(view.buffer, 0, 5), "i2", 2), [Float32Array.of(-0.5), Float32Array.of(0.5)]);
  assert.deepEqual(decodePcm(Uint8Array.of(0, 128, 192), "u1", 1), [Float32Array.of(-1, 0, 0.5)]);
  assert.deepEqual(decodePcm(Uint8Array.of(0, 0, 0xc0, 1, 0, 0), "i3", 1), [Float32Array.of(-0.5, 1 / 8_388_608)]);
  view.setFloat32(0, NaN, true);
  view.setFloat32(4, 0.25, true);
  assert.deepEqual(decodePcm(new Uint8Array(view.buffer), "f4", 1), [Float32Array.of(0, 0.25)]);
});
