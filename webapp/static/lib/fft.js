/** The power spectrum of real samples: a radix-2 FFT of half the length, untangled (Press et al., Numerical Recipes §12.3). */

export class PowerSpectrum {
  #half;
  /** @type {Float64Array} */ #cos;
  /** @type {Float64Array} */ #sin;
  /** @type {Uint32Array} */ #order;
  /** @type {Float64Array} */ #re;
  /** @type {Float64Array} */ #im;

  /** @param {number} size samples: a power of two, at least 4 */
  constructor(size) {
    if (size < 4 || (size & (size - 1)) !== 0) throw new RangeError(`got ${size} samples, want a power of two`);
    this.size = size;
    this.#half = size / 2;
    this.#cos = Float64Array.from({ length: this.#half }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    this.#sin = Float64Array.from({ length: this.#half }, (_, k) => -Math.sin((2 * Math.PI * k) / size));
    this.#order = reversedBits(this.#half);
    this.#re = new Float64Array(this.#half);
    this.#im = new Float64Array(this.#half);
  }

  /**
   * |X_k|² of X_k = Σ x_n e^(−2πi kn / size).
   *
   * @param {ArrayLike<number>} samples `size` of them @param {Float64Array} out size / 2 + 1 powers, k = 0 … size / 2
   */
  of(samples, out) {
    for (let i = 0; i < this.#half; i += 1) {
      const from = 2 * this.#order[i];
      this.#re[i] = samples[from];
      this.#im[i] = samples[from + 1];
    }
    for (let length = 2; length <= this.#half; length *= 2) this.#combine(length);
    this.#untangle(out);
  }

  /** One level of butterflies. @param {number} length */
  #combine(length) {
    const re = this.#re, im = this.#im, cos = this.#cos, sin = this.#sin; // fields cost a look-up each time
    const half = length / 2, stride = this.size / length, all = this.#half;
    for (let k = 0; k < half; k += 1) {
      const c = cos[k * stride], s = sin[k * stride];
      for (let a = k; a < all; a += length) {
        const b = a + half;
        const x = re[b] * c - im[b] * s, y = re[b] * s + im[b] * c;
        re[b] = re[a] - x;
        im[b] = im[a] - y;
        re[a] += x;
        im[a] += y;
      }
    }
  }

  /** The spectrum of even and odd samples, taken as real and imaginary parts → that of all. @param {Float64Array} out */
  #untangle(out) {
    const re = this.#re, im = this.#im, cos = this.#cos, sin = this.#sin, half = this.#half;
    out[0] = (re[0] + im[0]) ** 2;
    out[half] = (re[0] - im[0]) ** 2;
    for (let k = 1; k < half; k += 1) {
      const evenRe = (re[k] + re[half - k]) / 2, evenIm = (im[k] - im[half - k]) / 2;
      const oddRe = (im[k] + im[half - k]) / 2, oddIm = (re[half - k] - re[k]) / 2;
      const c = cos[k], s = sin[k];
      out[k] = (evenRe + oddRe * c - oddIm * s) ** 2 + (evenIm + oddRe * s + oddIm * c) ** 2;
    }
  }
}

/** @param {number} size a power of two */
function reversedBits(size) {
  const order = new Uint32Array(size);
  for (let i = 1; i < size; i += 1) order[i] = (order[i >> 1] >> 1) | (i & 1 ? size >> 1 : 0);
  return order;
}
