/** The search through all texts of the drawn runs: a box, what is found as it comes, and the way from one find to the next. */

import { formatCount, plural } from "../../lib/format.js";
import { compileFilter } from "../../lib/search.js";
import { kindsCatalog } from "../../state/kinds-catalog.js";
import { drawnRuns } from "../../state/listed-runs.js";
import * as store from "../../state/store.js";
import { clearSearch, searchTexts, textSearch } from "../../state/texts.js";
import { toggle } from "../../ui/controls.js";
import { h, iconButton } from "../../ui/dom.js";
import { goToHit } from "./text-hits.js";
import { HitList } from "./text-hit-list.js";

const WAIT = 250; // ms after a letter

/** @returns {HTMLElement} */
export function textSearchBar() {
  const box = h("input", { type: "search", placeholder: "Search all steps", "aria-label": "Search the texts of all steps", autocomplete: "off", spellcheck: false });
  const cases = toggle("Aa", "Upper and lower case matter");
  const pattern = toggle(".*", "A regular expression");
  const list = new HitList(box, goToHit);
  let timer = 0;
  const search = () => {
    clearTimeout(timer);
    const query = box.value;
    if (!query.trim()) return clearSearch();
    list.reset();
    return void searchTexts({ query, mode: pattern.value ? "regex" : cases.value ? "case" : "literal" }, ...searched());
  };
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(search, WAIT);
  });
  box.addEventListener("focus", () => list.show());
  box.addEventListener("keydown", (event) => keyInBox(event, box, list, search));
  for (const [button, other] of [[cases, pattern], [pattern, cases]]) button.addEventListener("input", () => {
    if (button.value) other.value = false; // a pattern may say (?-i) for itself
    search();
  });
  return h("div", { className: "text-search", role: "search" }, box, cases, pattern, ...results(list), list.element);
}

/** The ways to the other finds, and how far the search is. @param {HitList} list */
function results(list) {
  const back = iconButton("up", "Find before (Shift + Enter)", () => list.move(-1), { disabled: true });
  const next = iconButton("fold", "Next find (Enter)", () => list.move(1), { disabled: true });
  const told = h("span", { className: "quiet text-found", role: "status" });
  textSearch.subscribe((found) => {
    told.textContent = found ? progressText(found) : "";
    back.disabled = next.disabled = !found?.hits.length;
    list.update(found);
  });
  return [back, next, told];
}

/** @param {KeyboardEvent} event @param {HTMLInputElement} box @param {HitList} list @param {() => void} search */
function keyInBox(event, box, list, search) {
  const known = textSearch.get();
  if (event.key === "Enter" && (!known || known.query.query !== box.value)) search();
  else if (event.key === "Enter") list.move(event.shiftKey ? -1 : 1);
  else if (event.key === "ArrowDown") list.move(1);
  else if (event.key === "ArrowUp") list.move(-1);
  else if (event.key === "Escape" && box.value) box.value = "", search();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** The drawn runs that have texts, and the tags whose cards are on the page. @returns {[runs: string[], tags: string[]]} */
function searched() {
  const drawn = drawnRuns();
  const catalog = kindsCatalog.get();
  const filter = compileFilter(store.tagFilter.get());
  const tags = catalog.tagsOf("text", drawn).filter((tag) => filter.test(tag));
  const runs = new Set(tags.flatMap((tag) => catalog.linesOf("text", tag).filter(({ row }) => drawn.has(row)).map(({ name }) => name)));
  return [[...runs], tags];
}

/** @param {import("../../state/texts.js").TextSearch} found */
function progressText({ hits, searched: count, of, done, problem, unreadable }) {
  if (problem) return problem;
  const finds = hits.reduce((sum, hit) => sum + hit.count, 0);
  const what = finds ? `${plural(finds, "find")} in ${plural(hits.length, "text")}` : done ? "Not found" : "Searching";
  const complete = done && (of === null || count >= of);
  const where = complete ? `${plural(count, "text")} searched` : `${formatCount(count)}${of === null ? "" : ` of ${formatCount(of)}`} texts searched`;
  const rest = done && !complete ? ", no further: use a longer query" : "";
  return `${what} · ${where}${rest}${unreadable ? ` · ${formatCount(unreadable)} could not be read` : ""}`;
}
