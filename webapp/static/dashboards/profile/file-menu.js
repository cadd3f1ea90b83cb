/** The file behind what is shown, for other tools. */

import { profileAddress } from "../../state/profile-api.js";
import { shownProfile } from "../../state/profile-shown.js";
import { h, iconButton } from "../../ui/dom.js";
import { openMenu } from "../../ui/menu.js";

const PERFETTO = "https://ui.perfetto.dev";

/** @param {(text: string) => void} tell */
export function fileMenu(tell) {
  const button = iconButton("download", "The trace file", () => openMenu(button, [
    { label: "Download the file", act: download },
    {
      label: "Open in Perfetto",
      act: () => {
        download();
        window.open(PERFETTO, "_blank", "noopener");
        tell(`The file is being downloaded, and ${PERFETTO} opens beside this page: drop the file there. Nothing is sent anywhere.`);
      },
    },
  ]));
  const update = () => button.toggleAttribute("inert", !shownProfile.get());
  shownProfile.subscribe(update);
  update();
  return button;
}

function download() {
  const shown = shownProfile.get();
  if (shown) h("a", { href: profileAddress("original", { ...shown, window: null }), download: "" }).click();
}
