/** What a page of cards says where there are none. */

import { plural } from "../../lib/format.js";
import { kindsProblem, kindsKnown, retryKinds } from "../../state/kinds-catalog.js";
import { shownKinds } from "../../state/media-settings.js";
import * as store from "../../state/store.js";
import { h } from "../../ui/dom.js";
import { nothingShown, nothingThere } from "../../ui/start-page.js";
import { showAllRuns } from "../show-all-runs.js";

/** @typedef {import("./kind.js").Kind} Kind */

/** @param {Kind[]} kinds of the page @param {{shown: number, total: number, runs: ReadonlySet<string>}} found @returns {HTMLElement | null} */
export function messageOf(kinds, { shown, total, runs }) {
  const status = store.status.get();
  if (status?.phase === "failed") return nothingThere(status);
  if (kindsProblem.get() && !kindsKnown.get()) return nothingShown("The kinds of these runs could not be read", kindsProblem.get(), "Retry", retryKinds);
  if (shown > 0 || !status || !store.complete.get() || !kindsKnown.get()) return null;
  if (store.catalog.get().names.length === 0 && status.runs === 0) return nothingThere(status);
  if (runs.size === 0 && store.catalog.get().names.length > 0) return nothingShown("No run is shown", "Tick runs in the list, or change its filter.", "Show all runs", showAllRuns);
  if (total > 0) return nothingShown("No tag matches", `${plural(total, "tag")} in these runs.`, "Clear the filter", () => (store.tagFilter.set(""), shownKinds.set(new Set())));
  return nothingLogged(kinds);
}

/** @param {Kind[]} kinds */
function nothingLogged(kinds) {
  const names = kinds.map(({ title }) => (title === title.toUpperCase() ? title : title.toLowerCase()));
  return h("section", { className: "start" }, h("h1", {}, "Nothing here yet"),
    h("p", {}, `These runs have no ${names.slice(0, -1).join(", ")} or ${names[names.length - 1]}. One line logs the first:`),
    h("dl", { className: "kind-codes" }, ...kinds.flatMap(({ title, code }) => [h("dt", {}, title), h("dd", {}, h("code", {}, code))])));
}
