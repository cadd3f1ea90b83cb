/** The colours of what time goes to, the same in all views of a profile; apart for colour-blind eyes in both themes. */

import { slotColor } from "./color.js";

/** @typedef {"light" | "dark"} Theme */

/** Places in the palette of the page. @type {Record<string, number>} */
const SLOTS = {
  kernel: 2, computation: 2, communication: 5, exposed_communication: 5, memcpy: 4, exposed_memcpy: 4, memset: 6, runtime: 1, data_loader: 3, cpu: 0,
  host: 0, data: 3, synchronization: 1, "launch latency": 4, dependency: 5, profiler: 6, unknown: 7,
};
const REST = { light: "#b9c1cc", dark: "#4a5565" };

/** @param {string} part a role of the step table, a part of the GPU's time, or a reason that it idles @param {Theme} theme @returns {string} "#rrggbb" */
export const partColor = (part, theme) => (part in SLOTS ? slotColor(SLOTS[part], theme) : REST[theme]);
