/** The brushes as chips that can be taken away, and as boxes for those who have no mouse or want exact ends. */

import { brushText, rangeBrush, valuesBrush } from "../../lib/brush.js";
import { formatCount } from "../../lib/format.js";
import { clearBrushes, setBrush } from "../../state/brush.js";
import * as store from "../../state/store.js";
import { h, icon } from "../../ui/dom.js";

/** @typedef {import("../../lib/parallel-axis.js").Axis} Axis */

export function brushChips() {
  const element = h("div", { className: "hp-chips", hidden: true });
  return {
    element,
    /** @param {(column: string) => string} titleOf @param {number} passing @param {number} all */
    update(titleOf, passing, all) {
      const brushes = [...store.brushes.get()];
      element.hidden = brushes.length === 0;
      element.replaceChildren(
        ...brushes.map(([name, brush]) => h("span", { className: "hp-chip" }, h("b", {}, h("bdi", {}, titleOf(name))), " ", h("bdi", {}, brushText(brush)),
          h("button", { type: "button", className: "icon-button", "aria-label": `Remove the brush of ${titleOf(name)}`, title: "Remove", onclick: () => setBrush(name, null) }, icon("close")))),
        h("span", { className: "quiet", role: "status" }, `${formatCount(passing)} of ${formatCount(all)} runs`),
        brushes.length > 1 ? h("button", { type: "button", className: "link", onclick: clearBrushes }, "Remove all") : "");
    },
  };
}

/** A row of boxes for each axis. */
export function brushLimits() {
  const body = h("div", { className: "hp-limits" });
  const element = h("details", { className: "hp-limits-fold" }, h("summary", {}, "Limits by hand"), body);
  return {
    element,
    /** Boxes in use are left alone. @param {Axis[]} axes */
    update(axes) {
      if (body.contains(document.activeElement) && document.activeElement instanceof HTMLInputElement && document.activeElement.type === "text") return;
      const focused = body.contains(document.activeElement) ? document.activeElement?.getAttribute("aria-label") : null;
      body.replaceChildren(...axes.map(limitRow));
      if (focused) /** @type {HTMLElement | undefined} */ ([...body.querySelectorAll("[aria-label]")].find((box) => box.getAttribute("aria-label") === focused))?.focus();
    },
  };
}

/** @param {Axis} axis */
function limitRow(axis) {
  const boxes = axis.categories.length ? categoryBoxes(axis) : rangeBoxes(axis);
  const brush = store.brushes.get().get(axis.name);
  const missing = axis.gaps && h("label", {}, h("input", {
    type: "checkbox", checked: brush?.missing ?? true, "aria-label": `${axis.title}: missing`,
    onchange: (/** @type {Event} */ event) => setBrush(axis.name, { ...(brush ?? rangeBrush(-Infinity, Infinity)), missing: /** @type {HTMLInputElement} */ (event.target).checked }),
  }), " missing");
  return h("fieldset", {}, h("legend", {}, h("bdi", {}, axis.title)), ...boxes, missing);
}

/** @param {Axis} axis */
function rangeBoxes({ name, title, ends }) {
  const brush = store.brushes.get().get(name);
  const box = (/** @type {"lo" | "hi"} */ end, /** @type {string} */ label) => h("input", {
    type: "text", inputMode: "decimal", className: "number", "aria-label": `${title}: ${label}`,
    value: brush && Number.isFinite(brush[end]) ? String(Number(brush[end].toPrecision(6))) : "", placeholder: ends[end === "lo" ? 0 : 1],
    onchange: () => setLimits(),
  });
  const [lo, hi] = [box("lo", "at least"), box("hi", "at most")];
  const read = (/** @type {HTMLInputElement} */ { value }, /** @type {number} */ none) => (value.trim() === "" || Number.isNaN(Number(value.replace(",", "."))) ? none : Number(value.replace(",", ".")));
  const setLimits = () => {
    const [from, to] = [read(lo, -Infinity), read(hi, Infinity)];
    setBrush(name, from === -Infinity && to === Infinity ? null : rangeBrush(from, to, brush?.missing ?? false));
  };
  return [lo, h("span", { className: "quiet" }, "–"), hi];
}

/** @param {Axis} axis */
function categoryBoxes({ name, title, categories }) {
  const brush = store.brushes.get().get(name);
  const chosen = new Set(brush?.values ?? categories);
  return categories.slice(0, 40).map((value) => h("label", {}, h("input", {
    type: "checkbox", checked: chosen.has(value), "aria-label": `${title}: ${value}`,
    onchange: () => {
      const next = categories.filter((other) => (other === value ? !chosen.has(value) : chosen.has(other)));
      setBrush(name, next.length === categories.length ? null : valuesBrush(next, brush?.missing ?? false));
    },
  }), " ", h("bdi", {}, value)));
}
