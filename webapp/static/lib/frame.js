/** The binary answer of /api/scalars (and the envelope it shares with that of /api/table): "SSB1", header length, JSON header, columns. Read without copying. */

/** @typedef {import("./types.js").Series} Series */
/** @typedef {import("./types.js").Column} Column */
/** @typedef {{at: number, dtype: string}} ColumnPlace */

const HEAD = 8; // magic and header length, bytes

/**
 * @param {ArrayBuffer} buffer
 * @returns {{version: number, series: Series[]}}
 * @throws {Error} when the bytes are no such frame
 */
export function parseFrame(buffer) {
  const { header, base } = openFrame(buffer);
  return { version: header.version, series: header.series.map((/** @type {any} */ entry) => seriesOf(entry, buffer, base)) };
}

/**
 * The envelope: its header, and where the arrays begin.
 *
 * @param {ArrayBuffer} buffer
 * @returns {{header: any, base: number}}
 * @throws {Error} when the bytes are no such frame
 */
export function openFrame(buffer) {
  const bytes = new Uint8Array(buffer);
  if (bytes.length < HEAD || new TextDecoder().decode(bytes.subarray(0, 4)) !== "SSB1") {
    throw new Error(`got ${bytes.length} bytes that are no frame, want one starting with "SSB1"`);
  }
  const length = new DataView(buffer).getUint32(4, true);
  if (HEAD + length > bytes.length) throw new Error(`got a header of ${length} bytes in an answer of ${bytes.length}`);
  return { header: JSON.parse(new TextDecoder().decode(bytes.subarray(HEAD, HEAD + length))), base: HEAD + length };
}

/** @param {any} entry @param {ArrayBuffer} buffer @param {number} base @returns {Series} */
function seriesOf(entry, buffer, base) {
  const { step, time, value } = entry.arrays;
  const column = (/** @type {ColumnPlace} */ place) => columnOf(buffer, base + place.at, place.dtype, entry.drawn);
  const maybe = (/** @type {string} */ name) => (entry.arrays[name] ? column(entry.arrays[name]) : null);
  return {
    tag: entry.tag, run: entry.run, segment: entry.segment, epoch: entry.epoch, n: entry.n, from: entry.from,
    start: entry.start, nan: entry.nan, inf: entry.inf,
    step: column(step), time: column(time), value: column(value), smooth: maybe("smooth"),
    x: maybe("x"), low: maybe("low"), high: maybe("high"), smoothLow: maybe("smooth_low"), smoothHigh: maybe("smooth_high"),
    count: maybe("count"), members: entry.group ? entry.runs : undefined, grid: entry.grid, union: entry.union,
  };
}

/** @param {ArrayBuffer} buffer @param {number} at @param {string} dtype @param {number} length @returns {Column} */
export function columnOf(buffer, at, dtype, length) {
  switch (dtype) {
    case "i4": return new Int32Array(buffer, at, length);
    case "u4": return new Uint32Array(buffer, at, length);
    case "f4": return new Float32Array(buffer, at, length);
    case "f8": return new Float64Array(buffer, at, length);
    // Steps beyond 2^53: a chart can show no more digits than a float64 holds.
    case "i8": return Float64Array.from(new BigInt64Array(buffer, at, length), Number);
    default: throw new Error(`got a column of type ${dtype}, want i4, i8, u4, f4 or f8`);
  }
}

/**
 * A series and the points that came after it.
 *
 * @param {Series} series
 * @param {Series} tail of the same epoch, covering from index `series.n` on
 * @returns {Series}
 */
export function appendTail(series, tail) {
  return {
    ...tail,
    from: series.from,
    nan: series.nan + tail.nan,
    inf: series.inf + tail.inf,
    step: joined(series.step, tail.step),
    time: joined(series.time, tail.time),
    value: joined(series.value, tail.value),
    smooth: series.smooth && tail.smooth ? joined(series.smooth, tail.smooth) : series.smooth,
  };
}

/** @param {Column} a @param {Column} b @returns {Column} */
function joined(a, b) {
  const Kind = a.constructor === b.constructor ? a.constructor : Float64Array;
  const column = new /** @type {Float64ArrayConstructor} */ (Kind)(a.length + b.length);
  column.set(a);
  column.set(b, a.length);
  return column;
}

/** Bytes held by the columns of a series. @param {Series} series */
export function seriesBytes(series) {
  const { step, time, value, smooth, x, low, high, smoothLow, smoothHigh, count } = series;
  return [step, time, value, smooth, x, low, high, smoothLow, smoothHigh, count].reduce((sum, column) => sum + (column?.byteLength ?? 0), 200);
}
