/** Opens the viewer over the page, also for a link that was made while it was open. */

import { WHOLE } from "../../lib/pan-zoom.js";
import { SIDE_BY_SIDE } from "../../lib/picture-pair.js";
import { comparison, imageSight, viewedCard } from "../../state/image-settings.js";
import { imageSource } from "./image-source.js";

/** @typedef {import("./kind.js").CardHost} CardHost */

const SEEKING = 4000; // ms

/** The card whose viewer is open, or about to be. */
let open = "";
/** The card that is brought into sight to be opened, and until when: cards above it grow while they load. */
let sought = { key: "", until: 0 };

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
      comparison.set(SIDE_BY_SIDE); // runs that were compared there mean nothing to the next tag
      imageSight.set(WHOLE);
    },
  });
}

/** Opens what the link says, once its card is in sight and its pictures are here. @param {CardHost} host */
export function viewAsLinked(host) {
  const wanted = viewedCard.get();
  if (!wanted || open) return;
  if (wanted !== host.key) return reveal(host, wanted);
  if (host.runs().some(({ name }) => host.values(name))) void viewImages(host);
}

/** Cards out of sight do not exist yet. @param {CardHost} host of any card of the kind @param {string} key */
function reveal(host, key) {
  const now = performance.now();
  if (sought.key !== key) sought = { key, until: now + SEEKING };
  if (now > sought.until) return;
  const cards = host.body.closest(".kind-scroll")?.querySelectorAll('.kind-card[data-kind="images"]') ?? [];
  [...cards].find((card) => `images:${/** @type {HTMLElement} */ (card).dataset.tag}` === key)?.scrollIntoView();
}
