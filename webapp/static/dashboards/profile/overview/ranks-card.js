/** The split of the GPU's time of every rank, below each other: whose GPU waits, and for whom. */

import { formatBytes, plural } from "../../../lib/format.js";
import { formatNanoseconds, formatUnit } from "../../../lib/profile-units.js";
import { tableRows } from "../../../lib/table-rows.js";
import { fetchTable } from "../../../state/profile-api.js";
import { chooseRank } from "../../../state/profile-settings.js";
import { h } from "../../../ui/dom.js";
import { Question } from "../question.js";
import { card } from "./card.js";
import { splitBar } from "./split-bar.js";

/** @typedef {import("../../../state/profile-api.js").Shown} Shown */

const AT_ONCE = 200e6; // bytes of files that are read without being asked to
const PARTS = /** @type {const} */ ([["computation", "Computation"], ["exposed_communication", "Exposed communication"], ["exposed_memcpy", "Exposed copies"], ["idle", "Idle"]]);

export class RanksCard {
  #question = new Question();
  #content = h("div");
  element = card("ranks", "Ranks", "", this.#question.element, this.#content);
  #asked = "";

  /** @param {Shown} shown */
  show(shown) {
    const { files } = shown.info;
    this.element.hidden = files.length < 2;
    if (this.element.hidden || this.#asked === shown.p) return;
    this.#asked = shown.p;
    this.#question.cancel();
    const size = files.reduce((sum, file) => sum + file.size, 0);
    const read = () => void this.#question.ask((asking) => fetchTable("time_of_ranks", { ...shown, window: null }, {}, asking), (table) => this.#fill(tableRows(table)));
    if (size <= AT_ONCE) read();
    else this.#content.replaceChildren(h("button", { type: "button", onclick: read }, `Read all ${plural(files.length, "rank")} (${formatBytes(size)})`));
  }

  /** @param {Record<string, any>[]} ranks */
  #fill(ranks) {
    const longest = Math.max(1, ...ranks.map(({ total }) => total));
    const rows = ranks.map((rank) => {
      const parts = PARTS.map(([id, title]) => ({ id, title, time: rank[id] }));
      const bar = splitBar(parts, rank.total || 1, `Rank ${rank.rank}`, true);
      bar.style.width = `${(100 * rank.total) / longest}%`;
      return h("li", {},
        h("button", { type: "button", className: "link", title: "Look at this rank", onclick: () => chooseRank(rank.rank) }, `Rank ${rank.rank}`),
        h("div", {}, bar), h("span", { title: "Busy, and the mean step" }, h("b", {}, formatUnit(rank.busy, "share")), ` ${formatNanoseconds(rank.step)}`));
    });
    this.#content.replaceChildren(h("ol", { className: "prof-ranks" }, ...rows));
  }

  destroy() {
    this.#question.cancel();
  }
}
