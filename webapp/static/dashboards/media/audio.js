/** Sounds. */

import { genericCard } from "./other.js";

/** @type {import("./kind.js").Kind} */
export const audio = {
  id: "audio",
  title: "Audio",
  code: 'writer.add_audio("speech", samples, step, sample_rate=16_000)',
  card: (_, host) => genericCard(host),
};
