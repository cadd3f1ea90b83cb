/** "Runs | Groups: optimizer": whether runs are drawn as groups, by what, and with which band. */

import { SPREADS } from "../lib/band-title.js";
import { plural } from "../lib/format.js";
import { fetchColumns } from "../state/api.js";
import { grouping, groupingError, groupingTitle, groups } from "../state/grouping.js";
import { drawnRuns } from "../state/listed-runs.js";
import { selectedRuns } from "../state/store.js";
import { changeState, userState } from "../state/user-state.js";
import { dropDown, popover } from "../ui/controls.js";
import { h } from "../ui/dom.js";

/** @typedef {import("../state/grouping.js").By} By */
/** @typedef {import("../state/grouping.js").Grouping} Grouping */

/** What was chosen last: the button brings it back. @type {Grouping} */
let last = { by: { kind: "hparams", keys: [] }, center: "mean", band: "ci95" };

/** @param {Partial<Grouping>} news what is another now */
function change(news) {
  last = { ...last, ...news };
  const { by } = last;
  const usable = by.kind === "hparams" ? by.keys.length > 0 : by.kind !== "regex" || by.pattern !== "";
  grouping.set(usable ? last : null);
}

export function groupControl() {
  const runs = h("button", { type: "button", title: "A line for each run", onclick: () => grouping.set(null) }, "Runs");
  const chosen = h("button", { type: "button", className: "group-button", title: "A line and a band for each group of runs (g)" });
  const panel = groupPanel();
  popover(chosen, panel.element, { width: 340, open: () => panel.fill() });
  const press = () => {
    if (!grouping.get()) change({});
    panel.element.togglePopover();
  };
  chosen.addEventListener("click", press);
  const show = () => {
    const now = grouping.get();
    if (now) last = now;
    runs.setAttribute("aria-pressed", String(!now));
    chosen.setAttribute("aria-pressed", String(Boolean(now)));
    chosen.textContent = now ? `Groups: ${groupingTitle(now)}` : "Groups";
  };
  grouping.subscribe(show);
  show();
  return { element: h("span", { className: "group-control" }, h("div", { className: "segmented", role: "group", "aria-label": "Lines" }, runs, chosen), panel.element), open: press };
}

function groupPanel() {
  const kind = dropDown("Group by", [["hparams", "hyperparameters"], ["regex", "name pattern"], ["prefix", "folders of the name"], ["hand", "my own groups"]]);
  const detail = h("div", { className: "group-detail" });
  const center = dropDown("Line", [["mean", "mean"], ["median", "median"]]);
  const band = dropDown("Band", Object.entries(SPREADS));
  const outcome = h("p", { className: "quiet group-outcome", role: "status" });
  const error = h("p", { className: "bad", role: "alert" });
  const element = h("div", { className: "group-panel" }, kind, detail, error, center, band, outcome);
  const fillDetail = async () => {
    const wanted = /** @type {By["kind"]} */ (kind.value);
    const parts = await DETAILS[wanted]();
    if (kind.value === wanted) detail.replaceChildren(...parts); // meanwhile another kind may have been chosen
  };
  kind.addEventListener("input", () => {
    change({ by: STARTS[/** @type {By["kind"]} */ (kind.value)]() });
    fillDetail();
  });
  center.addEventListener("input", () => change({ center: center.value }));
  band.addEventListener("input", () => change({ band: band.value }));
  const tell = () => {
    error.textContent = groupingError.get() ?? "";
    error.hidden = !groupingError.get();
    detail.querySelector(".wide-box")?.setAttribute("aria-invalid", String(!error.hidden));
    outcome.hidden = !error.hidden;
    outcome.textContent = grouping.get() ? outcomeOf() : "Every run has a line of its own.";
  };
  for (const atom of [groups, groupingError, grouping]) atom.subscribe(tell);
  return {
    element,
    fill() {
      kind.value = last.by.kind;
      center.value = last.center;
      band.value = last.band;
      fillDetail();
      tell();
    },
  };
}

/** "3 groups: adamw 3 · sgd 2 · other 1" */
function outcomeOf() {
  const all = groups.get();
  const first = all.slice(0, 6).map(({ name, runs }) => `${name} ${runs.length}`);
  return `${plural(all.length, "group")}${all.length ? `: ${first.join(" · ")}${all.length > 6 ? " …" : ""}` : ""}`;
}

/** Where each kind begins. @type {Record<By["kind"], () => By>} */
const STARTS = {
  hparams: () => ({ kind: "hparams", keys: [] }),
  regex: () => ({ kind: "regex", pattern: "" }),
  prefix: () => ({ kind: "prefix", depth: 1 }),
  hand: () => ({ kind: "hand", groups: {} }),
};

/** @type {Record<By["kind"], () => Promise<Node[]> | Node[]>} */
const DETAILS = {
  async hparams() {
    const chosen = last.by.kind === "hparams" ? last.by.keys : [];
    try {
      const { hparams } = await fetchColumns();
      const useful = hparams.filter(({ distinct, name }) => distinct > 1 || chosen.includes(name)).sort((a, b) => a.distinct - b.distinct);
      if (useful.length === 0) return [h("p", { className: "quiet" }, "No hyperparameter differs between these runs. Group by a pattern in their names instead.")];
      return [h("div", { className: "pick-list" }, ...useful.map((column) => keyBox(column, chosen)))];
    } catch (problem) {
      return [h("p", { className: "bad" }, /** @type {Error} */ (problem).message)];
    }
  },
  regex() {
    const now = last.by.kind === "regex" ? last.by.pattern : "";
    const box = h("input", { type: "text", className: "wide-box", value: now, placeholder: "^(adam|sgd)_lr([^_]+)", "aria-label": "Pattern", spellcheck: false });
    box.addEventListener("change", () => change({ by: { kind: "regex", pattern: box.value.trim() } }));
    return [box, h("p", { className: "quiet" }, "A regular expression; what its (brackets) catch names the group. Runs it does not match are the group “other”.")];
  },
  prefix() {
    const now = last.by.kind === "prefix" ? last.by.depth : 1;
    const box = h("input", { type: "number", className: "number", min: "1", max: "20", value: String(now), "aria-label": "Folders" });
    box.addEventListener("change", () => change({ by: { kind: "prefix", depth: Math.max(1, Math.round(Number(box.value)) || 1) } }));
    return [h("label", { className: "drop-down" }, h("span", {}, "Folders that name the group"), box)];
  },
  hand: () => [handList()],
};

/** @param {{name: string, distinct: number}} column @param {string[]} chosen */
function keyBox({ name, distinct }, chosen) {
  const box = h("input", { type: "checkbox", checked: chosen.includes(name) });
  box.addEventListener("change", () => {
    const keys = last.by.kind === "hparams" ? last.by.keys.filter((key) => key !== name) : [];
    change({ by: { kind: "hparams", keys: box.checked ? [...keys, name] : keys } });
  });
  return h("label", { className: "pick" }, box, h("bdi", {}, name), h("small", {}, `${distinct} values`));
}

/** The groups kept in the user state: made of the runs that are drawn, dissolved again. */
function handList() {
  const list = h("ul", { className: "hand-groups" });
  const name = h("input", { type: "text", placeholder: "name", "aria-label": "Name of the new group" });
  const add = h("button", { type: "button" });
  const wanted = () => (selectedRuns.get().size > 1 ? { runs: [...selectedRuns.get()], what: "selected run" } : { runs: [...drawnRuns()], what: "drawn run" });
  const fill = () => {
    const { runs, what } = wanted();
    add.textContent = `Group the ${plural(runs.length, what)}`;
    list.replaceChildren(...Object.entries(userState.get().groups ?? {}).map(([group, runs]) => h("li", {}, h("bdi", {}, group), h("small", {}, plural(runs.length, "run")),
      h("button", { type: "button", className: "link", onclick: () => changeState([{ path: ["groups", group], value: null }]).then(fill) }, "dissolve"))));
  };
  add.addEventListener("click", async () => {
    if (!name.value.trim()) return name.focus();
    await changeState([{ path: ["groups", name.value.trim()], value: wanted().runs }]);
    name.value = "";
    fill();
  });
  fill();
  return h("div", {}, list, h("p", { className: "row" }, name, add), h("p", { className: "quiet" }, "Drawn are the runs with a tick; a click with Ctrl in the run list selects others."));
}
