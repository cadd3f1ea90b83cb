/** Numbers, times and sizes as people read them. */

const UNITS = [[1e12, " T"], [1e9, " G"], [1e6, " M"], [1e3, " k"]];

/** 1360 → "1,360". By hand, because the first Intl formatter costs the page 50 ms. @param {number} count */
export function formatCount(count) {
  return minus(Math.round(count).toFixed(0).replace(/\B(?=(\d{3})+$)/g, ","));
}

/** 10_200_000 → "10.2 M"; below ten thousand every digit is kept. @param {number} count */
export function formatCompact(count) {
  if (Math.abs(count) < 10_000) return formatCount(count);
  for (const [size, unit] of UNITS) {
    if (Math.abs(count) >= Number(size)) return trimZeros((count / Number(size)).toPrecision(3)) + unit;
  }
  return formatCount(count);
}

/** A measured value: `digits` significant digits, an exponent only where it helps. @param {number} value @param {number} [digits] */
export function formatValue(value, digits = 5) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e7 || size < 1e-4) return minus(trimZeros(value.toExponential(digits - 2)));
  if (Number.isInteger(value)) return minus(String(value));
  return minus(trimZeros(value.toPrecision(Math.max(digits, Math.ceil(Math.log10(size + 1))))));
}

/** 50000 → "50k", 1500000 → "1.5M": for axes and narrow columns. @param {number} step */
export function formatStep(step) {
  const size = Math.abs(step);
  if (size >= 1e15) return minus(trimZeros(step.toExponential(2)));
  if (size >= 1e12) return minus(trimZeros((step / 1e12).toPrecision(4))) + "T";
  if (size >= 1e9) return minus(trimZeros((step / 1e9).toPrecision(4))) + "G";
  if (size >= 1e6) return minus(trimZeros((step / 1e6).toPrecision(4))) + "M";
  if (size >= 1e4) return minus(trimZeros((step / 1e3).toPrecision(4))) + "k";
  return minus(String(Math.round(step * 1000) / 1000));
}

/** 4512 → "1 h 15 m", 0.25 → "250 ms". @param {number} seconds */
export function formatDuration(seconds) {
  const size = Math.abs(seconds);
  const sign = seconds < 0 ? "−" : "";
  if (size === 0) return "0 s";
  if (size < 1) return `${sign}${trimZeros((size * 1000).toPrecision(3))} ms`;
  if (size < 60) return `${sign}${trimZeros(size.toFixed(1))} s`;
  if (size < 3600) return `${sign}${Math.floor(size / 60)} m ${Math.floor(size % 60)} s`;
  if (size < 86400) return `${sign}${Math.floor(size / 3600)} h ${Math.floor((size % 3600) / 60)} m`;
  return `${sign}${Math.floor(size / 86400)} d ${Math.floor((size % 86400) / 3600)} h`;
}

/** How long ago, short: "0.4 s", "12 s", "5 m". @param {number} seconds */
export function formatAge(seconds) {
  if (seconds < 10) return `${Math.max(0, seconds).toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86400)} d`;
}

/** Local date and time of an epoch second. @param {number} seconds */
export function formatTime(seconds) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return "–";
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${formatClock(date)}`;
}

/** @param {Date} date */
export function formatClock(date) {
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

/** 53_000_000 → "53 MB". @param {number} bytes */
export function formatBytes(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? size : trimZeros(size.toPrecision(3))} ${units[unit]}`;
}

/** "1 run", "42 runs". @param {number} count @param {string} noun */
export function plural(count, noun) {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** @param {number} part */
function pad(part) {
  return String(part).padStart(2, "0");
}

/** @param {string} text */
function trimZeros(text) {
  return text.includes(".") ? text.replace(/\.?0+(?=e|$)/, "") : text;
}

/** A real minus sign: as wide as the plus and not broken from its number. @param {string} text */
function minus(text) {
  return text.replaceAll("-", "−");
}
