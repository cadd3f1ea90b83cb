/** The view "Diff": the shown profile against one before it, figure by figure, and whether steps vary as much anyway. */

import { formatUnit, readingOf } from "../../lib/profile-units.js";
import { allProfiles, profiles } from "../../state/profile-catalog.js";
import { askProfileArrays } from "../../state/profile-api.js";
import { ALL_RANKS, diffBy, diffOther, diffRank } from "../../state/comparison-settings.js";
import { fetchDiff } from "../../state/profile-comparisons.js";
import { h } from "../../ui/dom.js";
import { fillSelect } from "../fill-select.js";
import { AnswerTables } from "./answer-tables.js";
import { nameFace, notesBut } from "./data-table.js";
import { FlameView } from "./flame.js";
import { Question } from "./question.js";
import { TRACES } from "./views.js";

/** @typedef {import("./views.js").ViewContext} ViewContext */
/** @typedef {import("../../state/profile-api.js").Shown} Shown */
/** @typedef {import("../../state/profile-api.js").TableColumn} TableColumn */
/** @typedef {import("../../state/profile-comparisons.js").DiffAnswer} DiffAnswer */

const PERCENT = readingOf("share", []);
const WITHOUT = ["row_before", "row_after"];

/** @param {ViewContext} context */
export const view = (context) => new DiffView(context);

class DiffView {
  #question = new Question();
  /** @type {Shown | null} */ #shown = null;
  /** @type {DiffAnswer | null} */ #answer = null;
  #other = h("select", { "aria-label": "Profile before", title: "The profile that the shown one is compared with", className: "prof-profile" });
  #rank = h("select", { "aria-label": "Rank before", title: "Its rank", className: "prof-rank" });
  #empty = h("p", { className: "prof-waiting" });
  #headline = h("p", { className: "prof-headline" });
  #notes = h("ul", { className: "prof-notes" });
  #context;
  #flame;
  #flamePlace;
  #tables;
  #forget;
  element;

  /** @param {ViewContext} context */
  constructor(context) {
    this.#context = context;
    const open = (/** @type {(name: string) => any} */ value) => (value("row_after") ?? -1) >= 0 && context.goTo("timeline", { row: value("row_after") });
    const face = (/** @type {TableColumn} */ column, /** @type {number} */ row) => faceOf(column, row);
    this.#tables = new AnswerTables({
      label: "What is compared", chosen: diffBy, onChosen: () => void this.#drawFlame(),
      options: [
        { id: "steps", title: "Steps", hint: "The step and the parts that add up to it", without: WITHOUT, scale, face },
        { id: "operators", title: "Operators", hint: "By name", without: WITHOUT, scale, face, open },
        { id: "kernels", title: "Kernels", hint: "By name; one that was renamed is matched by the operator that launches it", without: WITHOUT, scale, face: kernelFace, open },
        { id: "modules", title: "Modules", hint: "By path, without inner modules", without: WITHOUT, scale, face, open },
        { id: "memory", title: "Memory", hint: "Peaks, and what operators allocate", without: WITHOUT, scale, face },
        { id: "ranks", title: "Ranks", hint: "Each rank against the one with its number", optional: true, without: WITHOUT, scale, face },
        { id: "flame", title: "Flame graph", hint: "Call paths of both, coloured by what became slower or faster" },
      ],
    });
    this.#flame = new FlameView(context, {
      ask: async (shown, more, asking) => perStep(await askProfileArrays("flame", shown, { ...more, other: diffOther.get(), other_rank: diffRank.get() === ALL_RANKS ? shown.rank : diffRank.get() }, asking), this.#answer?.steps ?? [1, 1]),
    });
    this.#flamePlace = h("div", { className: "prof-diff-flame", hidden: true }, this.#flame.element);
    this.#other.addEventListener("input", () => {
      diffRank.set(null);
      diffOther.set(this.#other.value);
    });
    this.#rank.addEventListener("input", () => diffRank.set(this.#rank.value === "" ? null : Number(this.#rank.value)));
    this.element = h("section", { className: "prof-diff", "aria-label": "Diff" },
      h("div", { className: "prof-table-tools" }, h("span", { className: "quiet" }, "Compared with"), this.#other, this.#rank, this.#tables.picker),
      this.#question.element, this.#empty, this.#headline, this.#notes, this.#flamePlace, this.#tables.element);
    const forget = [profiles.subscribe(() => this.#fill()), diffOther.subscribe(() => void this.#draw()), diffRank.subscribe(() => void this.#draw())];
    this.#forget = () => forget.forEach((each) => each());
  }

  /** @param {Shown} shown */
  show(shown) {
    this.#shown = shown;
    return this.#draw();
  }

  search() {
    if (diffBy.get() === "flame") this.#flame.search();
    else this.#tables.focusFilter();
  }

  recolor() {
    this.#flame.recolor();
  }

  destroy() {
    this.#forget();
    this.#question.cancel();
    this.#flame.destroy();
    this.#tables.destroy();
  }

  /** The profiles that can be compared: all with a timeline; the shown one has other ranks. */
  #fill() {
    const shown = this.#shown;
    const found = allProfiles().filter(({ id, kind, ranks }) => TRACES.includes(kind) && (id !== shown?.p || ranks.length > 1));
    const choices = found.map(({ id, run, name }) => /** @type {[string, string]} */ ([id, run === "." ? name : `${run} · ${name}`]));
    fillSelect(this.#other, [["", found.length ? "choose a profile …" : "there is no other profile"], ...choices], diffOther.get());
    const ranks = found.find(({ id }) => id === diffOther.get())?.ranks ?? [];
    this.#rank.hidden = ranks.length < 2;
    const all = ranks.length > 1 && (shown?.info.files.length ?? 0) > 1 && shown?.p !== diffOther.get();
    fillSelect(this.#rank, [["", "first rank"], ...(all ? [/** @type {[string, string]} */ ([String(ALL_RANKS), "all ranks"])] : []), ...ranks.map((rank) => /** @type {[string, string]} */ ([String(rank), `Rank ${rank}`]))], diffRank.get() === null ? "" : String(diffRank.get()));
    return found.length;
  }

  async #draw() {
    const shown = this.#shown;
    if (!shown) return;
    const others = this.#fill();
    const other = diffOther.get();
    this.#clear(other !== "");
    this.#empty.textContent = others ? "Choose the profile that the shown one is compared with: changes are told from that one to this one." : this.#context.kept() ? "This file holds only one profile. `dashboard profile TRACE --diff OTHER --html FILE` writes two into one." : "There is only one profile with a timeline in this log. Capture another one, or drop a trace on this page.";
    if (!other) return this.#question.cancel();
    await this.#question.ask((asking) => fetchDiff(shown, { other, other_rank: diffRank.get() }, asking), (answer) => {
      this.#answer = answer;
      this.#headline.textContent = headlineOf(answer);
      this.#notes.replaceChildren(...answer.notes.map((note) => h("li", {}, note)));
      this.#tables.show(withoutNotes(answer));
    });
    await this.#drawFlame();
  }

  /** @param {boolean} chosen whether there is something to compare with */
  #clear(chosen) {
    this.#answer = null;
    this.#headline.textContent = "";
    this.#notes.replaceChildren();
    this.#empty.hidden = chosen;
    this.#tables.show({});
    this.#tables.picker.hidden = !chosen;
  }

  async #drawFlame() {
    const shown = this.#shown;
    const wanted = diffBy.get() === "flame" && this.#answer !== null;
    this.#flamePlace.hidden = !wanted;
    if (wanted && shown) await this.#flame.show({ ...shown, window: null });
  }
}

/** Two captures may hold different numbers of steps: times as means of a step. @param {{header: any, arrays: Record<string, any>}} flame @param {[number, number]} steps */
function perStep({ header, arrays }, [before, after]) {
  const divided = (/** @type {Float64Array} */ values, /** @type {number} */ by) => values.map((value) => value / Math.max(1, by));
  return {
    header,
    arrays: {
      ...arrays, total: divided(arrays.total, after), own: divided(arrays.own, after),
      before: divided(arrays.before, before), before_own: divided(arrays.before_own, before),
    },
  };
}

/** What is said above all tables is not said in each of them. @param {DiffAnswer} answer */
function withoutNotes({ tables, notes }) {
  return Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, { ...table, notes: notesBut(table.notes, notes) }]));
}

/** @param {DiffAnswer} answer */
function headlineOf({ tables: { steps } }) {
  const value = (/** @type {string} */ name) => steps.columns.find((column) => column.name === name)?.values[0] ?? null;
  const [before, after, relative] = [value("before"), value("after"), value("relative")].map((each) => (each === null ? null : Number(each)));
  const verdict = value("verdict");
  const change = relative === null ? "" : ` (${signed(relative)}${verdict ? `, ${verdict}` : ""})`;
  return `A step: ${formatUnit(before, "ns")} → ${formatUnit(after, "ns")}${change}`;
}

/** Before, after and change are read beside each other. @param {TableColumn} column */
const scale = ({ name }) => name.replace(/(before|after|change)$/, "");

/** Changes have a sign, and the colour of their verdict. @param {TableColumn} column @param {number} row */
function faceOf({ name, values }, row) {
  const value = values[row];
  if (name.endsWith("verdict") && value) return h("span", { className: ["slower", "more"].includes(String(value)) ? "prof-worse" : "prof-better" }, `${["slower", "more"].includes(String(value)) ? "▲" : "▼"} ${value}`);
  if (name === "status" && value) return h("span", { className: `prof-status-${value}` }, String(value));
  if (name.endsWith("p") && typeof value === "number") return h("span", {}, value < 0.001 ? "< 0.001" : value.toFixed(3));
  if (name.endsWith("relative") && typeof value === "number") return h("span", {}, signed(value).replace(" %", ""));
  return null;
}

/** @param {TableColumn} column @param {number} row */
const kernelFace = (column, row) => (["name", "was"].includes(column.name) ? nameFace(column, row) : faceOf(column, row));

/** "+12.8 %", "−0.4 %", "0.0 %". @param {number} share */
function signed(share) {
  const sign = Math.abs(share) < 0.0005 ? "" : share > 0 ? "+" : "−";
  return `${sign}${PERCENT.text(Math.abs(share))} %`;
}
