/** Which hyperparameter matters: a bar for its importance, another for its correlation, and how far to trust them. */

import { formatCount, plural } from "../../lib/format.js";
import { h } from "../../ui/dom.js";

/**
 * @typedef {{name: string, importance: number | null, std: number | null, correlation: number | null, p_value: number | null, direction: string, runs: number}} Importance
 * @typedef {{metric: string, runs: number, without: number, explained: number | null, warning: string, importances: Importance[], left_out: {name: string, why: string}[]}} ImportanceAnswer
 */

export function importanceCard() {
  const body = h("div", { className: "hp-importance", "aria-live": "polite" });
  const bar = h("progress", { "aria-label": "Progress of the forest", max: 1 });
  const share = h("span", { className: "figure" });
  const waiting = h("div", { className: "hp-waiting", role: "status", hidden: true }, h("span", {}, "A random forest is asked"), bar, share);
  const element = h("section", { className: "hp-card", "aria-label": "Importance" }, h("div", { className: "hp-card-head" }, h("h3", {}, "Importance and correlation"), waiting), body);
  const settle = () => {
    element.classList.remove("waiting");
    waiting.hidden = true;
  };
  return {
    element,
    /** What is there stays until the answer comes; where nothing is there, empty rows keep its room. @param {string[]} names */
    wait(names) {
      if (body.childElementCount === 0) body.append(...emptyRows(names));
      element.classList.add("waiting");
      waiting.hidden = false;
      bar.removeAttribute("value");
      share.textContent = "";
    },
    /** @param {number} done 0 … 1 */
    progress(done) {
      if (done === 0) return;
      bar.value = done;
      share.textContent = `${Math.round(100 * done)} %`;
    },
    /** @param {string} message @param {() => void} onRetry */
    fail(message, onRetry) {
      settle();
      body.replaceChildren(h("p", { className: "bad", role: "alert" }, message), h("button", { type: "button", onclick: onRetry }, "Retry"));
    },
    /** @param {ImportanceAnswer} answer @param {(name: string) => void} onColor */
    show(answer, onColor) {
      settle();
      body.replaceChildren(...contents(answer, onColor));
    },
  };
}

/** @param {ImportanceAnswer} answer @param {(name: string) => void} onColor */
function contents(answer, onColor) {
  const { runs, without, explained, warning, importances } = answer;
  const share = explained === null ? "" : ` A random forest explains ${Math.max(0, Math.round(explained * 100))} % of it on runs it has not seen.`;
  const most = Math.max(0.01, ...importances.map(({ importance }) => importance ?? 0));
  const left = answer.left_out;
  return [
    h("p", { className: "quiet" }, h("bdi", {}, answer.metric.replaceAll("`", "")), ` of ${plural(runs, "run")}${without ? `, ${formatCount(without)} without it left out` : ""}.${share}`),
    ...(warning ? [h("p", { className: "hp-warning", role: "note" }, warning)] : []),
    ...(importances.length ? [tableOf(importances.map((one) => row(one, most, onColor)))] : []),
    ...(left.length ? [h("details", {}, h("summary", {}, `${plural(left.length, "hyperparameter")} left out`), h("ul", {}, ...left.map(({ name, why }) => h("li", {}, h("bdi", {}, name), `: ${why}`))))] : []),
  ];
}

/** @param {HTMLElement[]} rows */
function tableOf(rows) {
  return h("table", {}, h("thead", {}, h("tr", {}, h("th", {}), h("th", { title: "How far the forest's R² falls when this hyperparameter's values are shuffled" }, "Importance"),
    h("th", { title: "Spearman's rank correlation with the metric; grey where chance explains it (p ≥ 0.05)" }, "Correlation"), h("th", { className: "figure" }, "Runs"))), h("tbody", {}, ...rows));
}

/** @param {string[]} names */
function emptyRows(names) {
  const blank = () => h("td", {}, h("span", { className: "hp-bar" }));
  return [h("p", { className: "quiet" }, "\u00a0"), tableOf(names.map((name) => h("tr", {}, h("th", { scope: "row" }, h("bdi", {}, name)), blank(), blank(), h("td", { className: "figure quiet" }))))];
}

/** @param {Importance} one @param {number} most @param {(name: string) => void} onColor */
function row({ name, importance, std, correlation, p_value: chance, direction, runs }, most, onColor) {
  const spread = importance === null || std === null ? "" : `${importance.toFixed(3)} ± ${std.toFixed(3)}`;
  const arrow = { up: "↑ ", down: "↓ " }[direction] ?? "";
  const certain = chance === null ? "" : ` (p ${chance < 0.001 ? "< 0.001" : `= ${chance.toFixed(3)}`})`;
  return h("tr", {},
    h("th", { scope: "row" }, h("button", { type: "button", className: "link", title: `Colour by ${name}`, onclick: () => onColor(name) }, h("bdi", {}, name))),
    h("td", { title: spread }, importance === null ? h("span", { className: "quiet" }, "–") : bar(Math.max(0, importance) / most, 0, "accent"), h("span", { className: "figure" }, importance === null ? "" : signed(importance))),
    h("td", { title: correlation === null ? "Text has no order to correlate with" : `${correlation.toFixed(3)}${certain}` }, correlation === null ? h("span", { className: "quiet" }, "–") : bar(Math.abs(correlation) / 2, correlation < 0 ? 0.5 - Math.abs(correlation) / 2 : 0.5, direction || "faint"),
      h("span", { className: "figure" }, correlation === null ? "" : arrow + signed(correlation))),
    h("td", { className: "figure quiet" }, formatCount(runs)));
}

/** @param {number} value */
function signed(value) {
  const text = Math.abs(value).toFixed(2);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** @param {number} share of the bar's room @param {number} from where it begins @param {string} look */
function bar(share, from, look) {
  const fill = h("i", { className: look });
  fill.style.width = `${(100 * share).toFixed(1)}%`;
  fill.style.left = `${(100 * from).toFixed(1)}%`;
  return h("span", { className: "hp-bar" }, fill);
}
