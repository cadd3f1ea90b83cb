/** Pictures that move. */

import { genericCard } from "./other.js";

/** @type {import("./kind.js").Kind} */
export const video = {
  id: "video",
  title: "Video",
  code: 'writer.add_video("rollout", frames, step, fps=10)',
  card: (_, host) => genericCard(host),
};
