/** Profiles in a file of their own: the page of profiles without the frame of the dashboard. */

import { formatTime } from "../../lib/format.js";
import * as store from "../../state/store.js";
import { h, iconButton } from "../../ui/dom.js";
import { following } from "../scalar-keys.js";
import { ProfilePage } from "../profile/page.js";

/** @typedef {{title: string, made: number, stepscope: string}} KeptAbout `made`: seconds since 1970 */

const THEMES = /** @type {const} */ (["system", "light", "dark"]);

/** @param {KeptAbout} about @returns {HTMLElement} */
export function profileFilePage({ title, made, stepscope }) {
  const body = h("main", { className: "page page-profile" });
  const help = async () => (await import("../../ui/dialogs.js")).showHelp([...page.keys, ["?", "this list"]]);
  const head = h("header", { className: "top prof-file-head" }, h("div", { className: "brand" }, "stepscope"), h("h1", {}, title),
    h("p", { className: "quiet" }, `${formatTime(made)} · stepscope ${stepscope}`), iconButton("theme", "Theme", nextTheme),
    h("button", { type: "button", className: "icon-button", title: "Keys and mouse (?)", "aria-label": "Keys and mouse", onclick: () => void help() }, "?"));
  store.page.set("profile");
  const page = new ProfilePage(body, { kept: true });
  store.theme.subscribe((theme) => {
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    page.recolor();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => page.recolor());
  return h("div", { className: "prof-file" }, head, body);
}

function nextTheme() {
  store.theme.set(following(THEMES, store.theme.get()));
}
