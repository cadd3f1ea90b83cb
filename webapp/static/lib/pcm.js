/** Plain numbers of a WAV file → samples from −1 to 1, a list a channel. */

/** @typedef {"u1" | "i2" | "i3" | "i4" | "f4" | "f8"} PcmType */

/** @type {Record<PcmType, [bytes: number, read: (view: DataView, at: number) => number]>} */
const READ = {
  u1: [1, (view, at) => (view.getUint8(at) - 128) / 128],
  i2: [2, (view, at) => view.getInt16(at, true) / 32_768],
  i3: [3, (view, at) => ((view.getInt16(at + 1, true) << 8) | view.getUint8(at)) / 8_388_608],
  i4: [4, (view, at) => view.getInt32(at, true) / 2_147_483_648],
  f4: [4, (view, at) => view.getFloat32(at, true)],
  f8: [8, (view, at) => view.getFloat64(at, true)],
};

/** Bytes of one sample of every channel. @param {PcmType} type @param {number} channels */
export function pcmFrameSize(type, channels) {
  return READ[type][0] * channels;
}

/**
 * @param {Uint8Array} bytes whole frames: what is behind the last whole one is left out
 * @param {PcmType} type @param {number} channels
 * @returns {Float32Array[]} numbers that are none are 0
 */
export function decodePcm(bytes, type, channels) {
  const [size, read] = READ[type];
  const frames = Math.floor(bytes.length / (size * channels));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: channels }, (_, channel) => {
    const samples = new Float32Array(frames);
    for (let i = 0, at = channel * size; i < frames; i += 1, at += size * channels) {
      const value = read(view, at);
      samples[i] = Number.isFinite(value) ? value : 0;
    }
    return samples;
  });
}
