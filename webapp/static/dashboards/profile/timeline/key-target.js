/** What the keys of the timeline do. */

import { timelinePins } from "../../../state/timeline-settings.js";
import { toggled } from "../../../state/store.js";

const NEAR = 6; // CSS pixels: a mark so near is the one that is meant
const SCROLL = 72; // CSS pixels

/**
 * @param {import("../../../charts/timeline-chart.js").TimelineChart} chart @param {import("./chosen.js").Chosen} chosen @param {import("./matches.js").Matches} matches
 * @param {{togglePans: () => void, togglePath: () => void}} toolbar
 * @returns {import("./keys.js").TimelineKeyTarget}
 */
export function timelineKeyTarget(chart, chosen, matches, toolbar) {
  return {
    press: (move) => chart.press(move),
    release: (move) => chart.release(move),
    scroll: (by) => chart.scroller.scrollBy({ top: by * SCROLL }),
    match: (by) => void matches.step(by),
    beside: (by) => void chosen.beside(by),
    follow: (up) => void chosen.follow(up ? ["launch", "operator", "forward"] : ["work", "backward"]),
    autograd: () => void chosen.follow(["forward", "backward"]),
    focus: () => chosen.focus(),
    mark() {
      const { pointer, marks, span, selected, lines } = chart.scene;
      const time = pointer ?? (selected ? selected.start + lines[selected.line].shift : (span.from + span.to) / 2);
      const near = marks.filter((mark) => Math.abs(mark - time) > ((span.to - span.from) / chart.frame().size.width) * NEAR);
      chosen.mark(near.length < marks.length ? near : [...marks, Math.round(time)]);
    },
    fit: () => chart.glideTo(null),
    pin() {
      const { selected, rows, pinned } = chart.scene;
      const row = selected && [...rows, ...pinned].find((each) => each.sort === "band" && each.line === selected.line && each.at === selected.band);
      if (row) timelinePins.set(toggled(timelinePins.get(), row.id));
    },
    mode: () => toolbar.togglePans(),
    path: () => toolbar.togglePath(),
    clear: () => chosen.clear(),
  };
}
