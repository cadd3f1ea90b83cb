/** A page of one file about profiles: the dashboard's own modules, answered from data in the file. */

import { profileFilePage } from "./dashboards/profile-file/page.js";
import { parseArrays } from "./lib/arrays-frame.js";
import { inflated } from "./lib/inflate.js";
import { KeptProfile } from "./state/kept-profile.js";
import { ALL_RANKS, diffOther, diffRank } from "./state/comparison-settings.js";
import { profileChoice, profileRank, profileWindow } from "./state/profile-settings.js";
import { h } from "./ui/dom.js";

async function start() {
  try {
    const { header, arrays } = parseArrays(await inflated(document.getElementById("page-data")?.textContent ?? ""));
    globalThis.fetch = /** @type {typeof fetch} */ (new KeptProfile(header.addresses, /** @type {Record<string, Uint8Array<ArrayBuffer>>} */ (arrays)).answer);
    profileChoice.set(header.profile);
    profileRank.set(header.rank);
    profileWindow.set(header.window);
    diffOther.set(header.other);
    if (header.all_ranks) diffRank.set(ALL_RANKS);
    document.body.append(profileFilePage(header));
  } catch (error) {
    document.body.append(h("p", { className: "card-problem" }, `This file cannot be read: ${/** @type {Error} */ (error).message}`));
  }
}

void start();
