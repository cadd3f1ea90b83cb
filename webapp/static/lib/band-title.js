/** Bands of groups in words, on the page and in reports. */

/** @typedef {import("./types.js").Spread} Spread */

/** @type {Record<Spread, string>} */
export const SPREADS = { ci95: "95 % CI", std: "standard deviation", sem: "standard error", minmax: "min–max", quartiles: "quartiles", none: "no band" };

/** "mean ± 95 % CI" @param {{center: string, band: Spread}} how */
export function bandTitle({ center, band }) {
  if (band === "none") return center;
  return ["std", "sem", "ci95"].includes(band) ? `${center} ± ${SPREADS[band]}` : `${center}, ${SPREADS[band]}`;
}
