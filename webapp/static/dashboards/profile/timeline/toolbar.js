/** What stands above the timeline: search, how it looks, what a drag does, ranks, the critical path, pictures. */

import { KIND_WORDS, kindColor } from "../../../lib/timeline-colors.js";
import { timelineColors, timelinePath, timelineRanks } from "../../../state/timeline-settings.js";
import { toggled } from "../../../state/store.js";
import { bind, segmented, toggle } from "../../../ui/controls.js";
import { h, iconButton } from "../../../ui/dom.js";
import { isDark } from "../../../ui/ink.js";
import { openMenu, openPopup } from "../../../ui/menu.js";

/** @typedef {{fit: () => void, pans: (on: boolean) => void, picture: (form: "png" | "svg") => void}} ToolbarActs */

const MOST_RANKS = 16; // beside each other

/** @param {HTMLElement} search @param {ToolbarActs} acts */
export function timelineToolbar(search, acts) {
  const mode = segmented("A drag", [["range", "Select", "A drag chooses a range of time; with Shift it moves the view (v)"], ["pan", "Move", "A drag moves the view; with Shift it chooses a range (v)"]]);
  mode.addEventListener("input", () => acts.pans(mode.value === "pan"));
  if (matchMedia("(pointer: coarse)").matches) mode.value = "pan"; // fingers have no Shift
  const colors = segmented("Colours", [["kind", "By kind", "A colour for each kind of work, shades for names"], ["name", "By name", "A colour for each name"]]);
  bind(colors, timelineColors);
  const path = toggle("Critical path", "Mark what the window could not have been shorter than (c)");
  bind(path, timelinePath);
  const ranks = h("button", { type: "button", hidden: true, "aria-haspopup": "true", title: "Ranks beside each other on one clock", onclick: () => openRanks() }, "Ranks");
  const save = iconButton("download", "Picture of what is in sight", () => openMenu(save, [{ label: "Picture as PNG", act: () => acts.picture("png") }, { label: "Picture as SVG", act: () => acts.picture("svg") }]));
  const legend = h("ul", { className: "prof-tl-legend", "aria-label": "Colours of slices" });
  /** @type {number[]} */
  let known = [];
  /** @type {number | null} */
  let first = null;
  const openRanks = () => {
    const panel = h("div", { className: "popover prof-tl-ranks", role: "group", "aria-label": "Ranks beside the first one" });
    panel.append(...known.slice(0, 64).map((rank) => h("label", {}, h("input", {
      type: "checkbox", checked: rank === first || timelineRanks.get().has(String(rank)), disabled: rank === first,
      onchange: () => timelineRanks.set(toggled(timelineRanks.get(), String(rank))),
    }), `rank ${rank}`)), h("button", { type: "button", onclick: () => timelineRanks.set(new Set(known.filter((rank) => rank !== first).slice(0, MOST_RANKS - 1).map(String))) }, known.length > MOST_RANKS ? `First ${MOST_RANKS}` : "All"),
    h("button", { type: "button", onclick: () => timelineRanks.set(new Set()) }, "One"));
    openPopup(ranks, panel);
  };
  const element = h("div", { className: "bar prof-tl-bar", role: "toolbar", "aria-label": "Timeline" }, search,
    h("span", { className: "prof-tl-controls" }, iconButton("fit", "All of the trace (0)", acts.fit), mode, colors, path, ranks, save), legend);
  const recolor = () => {
    const theme = isDark() ? "dark" : "light";
    legend.hidden = timelineColors.get() === "name";
    legend.replaceChildren(...KIND_WORDS.map(([kinds, words]) => {
      const swatch = h("span", { className: "swatch" });
      swatch.style.background = kindColor(kinds[0], theme);
      return h("li", {}, swatch, words);
    }));
  };
  timelineColors.subscribe(recolor);
  recolor();
  acts.pans(mode.value === "pan");
  return {
    element, recolor,
    /** @param {number[]} all @param {number | null} shown */
    offer(all, shown) {
      [known, first] = [all, shown];
      ranks.hidden = all.length < 2;
      ranks.textContent = `Ranks ${1 + [...timelineRanks.get()].filter((rank) => all.includes(Number(rank)) && Number(rank) !== shown).length} of ${all.length}`;
    },
    togglePans() {
      mode.value = mode.value === "pan" ? "range" : "pan";
      mode.dispatchEvent(new Event("input"));
    },
    togglePath: () => timelinePath.set(!timelinePath.get()),
  };
}
