/** Times on a timeline as people read them. */

const UNITS = /** @type {const} */ ([[1e9, "s"], [1e6, "ms"], [1e3, "µs"], [1, "ns"]]);
const STEPS = [1, 2, 5];

/** @typedef {{at: number, label: string}} TimeTick */

/**
 * Round times, labelled from the trace's start; where those would be long, from the one before the first, which `base` tells.
 *
 * @param {number} from ns @param {number} to ns @param {number} count wanted at most
 * @returns {{ticks: TimeTick[], step: number, base: string}}
 */
export function timeTicks(from, to, count) {
  const step = niceStep((to - from) / Math.max(1, count));
  const unit = unitOf(step);
  const first = Math.ceil(from / step);
  // Further than ten thousand steps from the start a label would have more digits than tell ticks apart.
  const far = Math.abs(first) > 10_000;
  const origin = far ? Math.floor(from / (step * 1000)) * step * 1000 : 0;
  const ticks = [];
  for (let place = first; place * step <= to && ticks.length < 200; place += 1) {
    ticks.push({ at: place * step, label: `${far ? "+" : ""}${inUnit(place * step - origin, unit, step)}` });
  }
  return { ticks, step, base: far ? exactTime(origin) : "" };
}

/** @param {number} rough */
function niceStep(rough) {
  if (!(rough > 1)) return 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  return (STEPS.find((nice) => nice * power >= rough) ?? 10) * power;
}

/** @param {number} step @returns {readonly [number, string]} */
const unitOf = (step) => UNITS.find(([size]) => step >= size) ?? UNITS[3];

/** @param {number} time @param {readonly [number, string]} unit @param {number} step */
function inUnit(time, [size, name], step) {
  const digits = Math.max(0, Math.ceil(Math.log10(size / step) - 1e-9));
  return `${(time / size).toFixed(digits).replace("-", "−")} ${name}`;
}

/** Every ns: "1.204 567 890 s" since the start. @param {number} time ns */
export function exactTime(time) {
  const size = Math.abs(Math.round(time));
  const [scale, name] = UNITS.find(([unit]) => size >= unit) ?? UNITS[3];
  const digits = Math.round(Math.log10(scale));
  const text = (size / scale).toFixed(digits).replace(/\.?0+$/, (zeros) => (digits ? "" : zeros));
  const [whole, part = ""] = text.split(".");
  const grouped = part.replace(/(\d{3})(?=\d)/g, "$1 ");
  return `${time < 0 ? "−" : ""}${whole}${grouped ? `.${grouped}` : ""} ${name}`;
}
