/** Meshes and point clouds. */

import { genericCard } from "./other.js";

/** @type {import("./kind.js").Kind} */
export const meshes = {
  id: "meshes",
  title: "Meshes",
  code: 'writer.add_mesh("shape", vertices, faces=faces, global_step=step)',
  card: (_, host) => genericCard(host),
};
