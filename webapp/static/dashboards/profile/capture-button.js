/** Asks a training that runs for a profile; there while one listens. */

import { captureNow, listeningRuns } from "../../state/profile-capture.js";
import { profiles } from "../../state/profile-catalog.js";
import { h } from "../../ui/dom.js";
import { openMenu } from "../../ui/menu.js";

const MOST = 20; // runs in the menu

export function captureButton() {
  const button = h("button", { type: "button", title: "Ask a training that runs for a profile of its next steps", onclick: () => openMenu(button, entries()) }, "Capture");
  const update = () => (button.hidden = listeningRuns().length === 0);
  profiles.subscribe(update);
  update();
  return button;
}

/** @returns {import("../../ui/menu.js").MenuEntry[]} */
function entries() {
  const runs = listeningRuns().slice(0, MOST);
  const entry = (/** @type {string} */ run, /** @type {string} */ what, /** @type {number} */ steps) => ({ label: run === "." ? what : `${what} of ${run}`, act: () => void captureNow(run, steps) });
  const usual = runs.map((run) => entry(run, "The next steps", 0));
  return runs.length === 1 ? [...usual, entry(runs[0], "1 step", 1), entry(runs[0], "10 steps", 10)] : usual;
}
