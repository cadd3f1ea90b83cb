/** Principal components: which is along x, y and z, how much of the variance each has, and what it is made of. */

import { formatValue } from "../../lib/format.js";
import { sharesPlot } from "../../charts/small-plot.js";
import { changeView } from "../../state/projector-settings.js";
import { h } from "../../ui/dom.js";
import { fillSelect } from "../fill-select.js";
import { percent } from "./view-title.js";

/** @typedef {import("../../lib/point-views.js").ViewSetting} ViewSetting */
/** @typedef {import("../../state/projector-run.js").RunState} RunState */

const AXES = ["x", "y", "z"];
const MOST_BARS = 40;
const MOST_LOADINGS = 8;

export function componentsPicker() {
  const lists = AXES.map((axis, place) => {
    const list = h("select", { "aria-label": `Component along ${axis}` });
    list.addEventListener("input", () => {
      if (!shown) return;
      const axes = /** @type {[number, number, number]} */ ([...shown.axes]);
      axes[place] = Number(list.value);
      changeView(shown.id, { axes });
    });
    return list;
  });
  const fields = lists.map((list, place) => h("label", { className: "setting" }, h("span", { className: "setting-name" }, `Along ${AXES[place]}`), list));
  const scree = h("div", { className: "panel-plot" });
  const sum = h("p", { className: "quiet" });
  const loadings = h("div", { className: "loadings" });
  const more = h("details", { className: "panel-more" }, h("summary", {}, "Loadings"), loadings);
  const element = h("div", { className: "components" }, h("div", { className: "settings" }, ...fields), sum, scree, more);
  let key = "";
  /** @type {ViewSetting | null} */ let shown = null;
  return {
    element,
    /** @param {ViewSetting} view @param {RunState} state */
    update(view, state) {
      shown = view;
      const shares = /** @type {number[]} */ (state.details.explained_variance_ratio ?? []);
      fields[2].hidden = view.dims === 2;
      const now = JSON.stringify([view.axes, view.dims, shares.length, shares[0], state.width, state.job]);
      if (now === key) return;
      key = now;
      const choices = Array.from({ length: Math.max(state.width, 2) }, (_, place) => /** @type {[string, string]} */ ([String(place), `PC${place + 1}${shares[place] === undefined ? "" : ` · ${percent(shares[place])}`}`]));
      lists.forEach((list, place) => fillSelect(list, choices, String(view.axes[place])));
      const axes = view.axes.slice(0, view.dims);
      showShares(scree, sum, shares, axes);
      showLoadings(more, loadings, state.details.loadings, axes);
    },
  };
}

/** @param {HTMLElement} scree @param {HTMLElement} sum @param {number[]} shares @param {number[]} axes */
function showShares(scree, sum, shares, axes) {
  const bars = shares.slice(0, MOST_BARS);
  const together = axes.reduce((total, axis) => total + (shares[axis] ?? 0), 0);
  sum.textContent = shares.length ? `${percent(together)} of the variance is in the picture.` : "";
  let running = 0;
  const running_ = bars.map((share) => (running += share));
  const titleOf = (/** @type {number} */ place) => `PC${place + 1}: ${percent(bars[place])}, ${percent(running_[place])} with those before it`;
  scree.replaceChildren(...(bars.length ? [sharesPlot(`Variance of the first ${bars.length} of ${shares.length} components, and its sum: ${percent(running)}`, bars, axes, titleOf)] : []));
}

/** The dimensions that count most, axis by axis. @param {HTMLElement} more @param {HTMLElement} box @param {number[][] | undefined} loadings @param {number[]} axes */
function showLoadings(more, box, loadings, axes) {
  more.hidden = !loadings?.length;
  if (!loadings) return;
  box.replaceChildren(...axes.filter((axis) => loadings[axis]).map((axis) => {
    const order = loadings[axis].map((value, dimension) => ({ value, dimension })).sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, MOST_LOADINGS);
    const most = Math.abs(order[0]?.value) || 1;
    return h("table", { className: "loading-table" }, h("caption", {}, `PC${axis + 1}`), h("tbody", {}, ...order.map(({ value, dimension }) => h("tr", {},
      h("th", { scope: "row" }, `dimension ${dimension}`), h("td", {}, bar(value / most)), h("td", { className: "number-cell" }, formatValue(value, 3))))));
  }));
}

/** @param {number} share −1 … 1 */
function bar(share) {
  const element = h("span", { className: share < 0 ? "loading-bar less" : "loading-bar" });
  element.style.width = `${Math.abs(share) * 100}%`;
  return element;
}
