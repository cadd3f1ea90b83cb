/** The bell in the header: how many alerts go on; a click lists them. */

import { plural } from "../../lib/format.js";
import { activeCount, alerts } from "../../state/alerts.js";
import { h, icon } from "../../ui/dom.js";
import { tellNewAlerts } from "./browser-notes.js";

const MOST = 99; // shown as a number; more are "99+"

export function alertBell() {
  const count = h("span", { className: "bell-count", "aria-hidden": "true" });
  const spoken = h("span", { className: "spoken", role: "status" });
  const button = h("button", { type: "button", className: "icon-button bell", onclick: async () => (await import("./panel.js")).showAlerts() }, icon("bell"), count);
  const update = () => {
    const active = activeCount();
    count.textContent = active > MOST ? `${MOST}+` : String(active);
    count.hidden = active === 0;
    button.classList.toggle("ringing", active > 0);
    button.title = active ? `${plural(active, "alert")} going on` : "Alerts";
    button.setAttribute("aria-label", button.title);
    const words = active ? button.title : "";
    if (spoken.textContent !== words) spoken.textContent = words;
  };
  alerts.subscribe(update);
  alerts.subscribe(tellNewAlerts);
  update();
  return h("div", { className: "bell-place" }, button, spoken);
}
