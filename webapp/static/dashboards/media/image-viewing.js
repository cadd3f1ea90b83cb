/** Opens the viewer over the page, also for a link that was made while it was open. */

import { viewedCard } from "../../state/image-settings.js";
import { imageSource } from "./image-source.js";

/** @typedef {import("./kind.js").CardHost} CardHost */

/** The card whose viewer is open, or about to be. */
let open = "";

/** @param {CardHost} host @param {string} [run] the one that was clicked */
export async function viewImages(host, run) {
  if (open) return;
  open = host.key;
  viewedCard.set(host.key);
  const { showViewer } = await import("../../ui/image-viewer/viewer.js");
  showViewer(imageSource(host, host.tag), {
    key: run,
    closed: () => {
      open = "";
      viewedCard.set("");
    },
  });
}

/** Opens what the link says, once its pictures are here. @param {CardHost} host */
export function viewAsLinked(host) {
  if (viewedCard.get() !== host.key || open) return;
  if (host.runs().some(({ name }) => host.values(name))) void viewImages(host);
}
