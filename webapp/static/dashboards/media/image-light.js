/** How brightness, contrast and gamma come to a card's pictures: the browser changes 8 bits, the server all 16. */

import { encodeLevels, isAsStored } from "../../lib/levels.js";
import { imageLevels, settledLevels } from "../../state/image-settings.js";
import { filterFor } from "../../ui/levels-filter.js";
import { infoOf } from "./image-source.js";

/** @typedef {import("./kind.js").CardHost} CardHost */

/** Whether the pictures of a card have 16 bits; those of its first run tell. @param {CardHost} host */
function hasSixteenBits(host) {
  const run = host.runs().find(({ name }) => host.values(name)?.n);
  return run ? infoOf(host, run.name)?.bits === 16 : false;
}

/** What thumbnails are asked for with, and the style's filter. @param {CardHost} host @returns {{params: {levels?: string}, filter: string}} */
export function lightOf(host) {
  const levels = imageLevels.get();
  if (isAsStored(levels)) return { params: {}, filter: "" };
  if (!hasSixteenBits(host)) return { params: {}, filter: filterFor(levels) };
  const settled = settledLevels.get();
  return { params: isAsStored(settled) ? {} : { levels: encodeLevels(settled) }, filter: "" };
}

/** Says so where the grid cannot show every bit, and tells `lightInSight` the range of all of them. @param {CardHost} host */
export function tellSixteenBits(host) {
  if (!hasSixteenBits(host)) return;
  const ranges = host.runs().flatMap(({ name }) => (host.values(name)?.n ? infoOf(host, name)?.light ?? [] : []));
  host.body.dataset.light = `${Math.min(...ranges)},${Math.max(...ranges)}`;
  host.note("16 bit: Levels choose what is seen");
}

/** The least and the greatest value of a card's pictures of 16 bits, as shares of white; null for other cards. @param {CardHost} host @returns {[number, number] | null} */
export function rangeOf16({ body }) {
  const [low, high] = (body.dataset.light ?? "").split(",").map(Number);
  return high > low ? [low, high] : null;
}
