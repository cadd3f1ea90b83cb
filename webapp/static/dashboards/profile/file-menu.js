/** The file behind what is shown, for other tools. */

import { fetchOriginal, profileAddress } from "../../state/profile-api.js";
import { shownProfile } from "../../state/profile-shown.js";
import { h, iconButton } from "../../ui/dom.js";
import { openMenu } from "../../ui/menu.js";
import { askYes } from "../../ui/questions.js";
import { handToPerfetto, PERFETTO } from "./perfetto.js";

/** @param {(text: string) => void} tell */
export function fileMenu(tell) {
  const button = iconButton("download", "The trace file", () => openMenu(button, [
    { label: "Download the file", act: download },
    ...(shownProfile.get()?.info.kind === "kineto" ? [{ label: "Open in Perfetto", act: () => askForPerfetto(tell) }] : []),
  ]));
  const update = () => button.toggleAttribute("inert", !shownProfile.get());
  shownProfile.subscribe(update);
  update();
  return button;
}

/** The file of the rank that is shown. */
const shownFile = () => {
  const shown = shownProfile.get();
  return shown?.info.files.find(({ rank }) => rank === shown.info.rank) ?? shown?.info.files[0];
};

/** @param {(text: string) => void} tell */
function askForPerfetto(tell) {
  const name = shownFile()?.name ?? "the trace";
  askYes("Open in Perfetto", `${PERFETTO} opens in a new tab, and ${name} is handed to that page within this browser. It is a page of somebody else: what it does with the trace is up to it.`,
    "Hand it over", () => void open(name, tell));
}

/** @param {string} name @param {(text: string) => void} tell */
async function open(name, tell) {
  const shown = shownProfile.get();
  if (!shown) return;
  tell(`Handing ${name} to ${PERFETTO} …`);
  try {
    await handToPerfetto(name, () => fetchOriginal(shown));
    tell("");
  } catch (problem) {
    download();
    tell(`${/** @type {Error} */ (problem).message} The file is being downloaded instead: open ${PERFETTO} and drop it there.`);
  }
}

function download() {
  const shown = shownProfile.get();
  if (shown) h("a", { href: profileAddress("original", { ...shown, window: null }), download: "" }).click();
}
