/** Times of logged tables. They have no zone: a day must not become the one before in a browser that is west of it. */

const LENGTHS = [[86_400e6, 10], [60e6, 16], [1e6, 19], [1e3, 23]]; // microseconds of what a text of so many characters counts in
const LONGEST = 26; // 2024-05-01 12:30:05.123456
const MOST = 8.64e18; // microseconds that a Date reaches

const microsOf = (/** @type {number} */ seconds) => Math.round(seconds * 1e6);

/** Characters that the most exact of some times takes: days take 10. @param {ArrayLike<number>} times seconds since 1970; NaN is none */
export function longestTime(times) {
  let length = 10;
  for (let i = 0; i < times.length && length < LONGEST; i += 1) {
    const micros = microsOf(times[i]);
    if (Number.isFinite(micros)) length = Math.max(length, LENGTHS.find(([unit]) => micros % unit === 0)?.[1] ?? LONGEST);
  }
  return length;
}

/** @param {number} seconds since 1970 @param {number} length characters, where the year has four digits */
export function utcText(seconds, length) {
  const micros = microsOf(seconds);
  if (!(Math.abs(micros) <= MOST)) return `${seconds} s since 1970`;
  const whole = Math.floor(micros / 1000);
  const text = new Date(whole).toISOString().replace("T", " ").replace("Z", String(micros - 1000 * whole).padStart(3, "0"));
  return text.slice(0, text.length - (LONGEST - length));
}
