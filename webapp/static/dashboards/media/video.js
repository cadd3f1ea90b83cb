/** Pictures that move. */

import { videoCard } from "./video-card.js";

/** @type {import("./kind.js").Kind} */
export const video = {
  id: "video",
  title: "Video",
  code: 'writer.add_video("rollout", frames, step, fps=10)',
  height: 260,
  card: (_, host) => videoCard(host),
};
