/** The tabs of the page of profiles and the views below them: each is fetched and mounted when it is first seen. */

import { h } from "../../ui/dom.js";
import { showMessage } from "../../ui/message.js";
import { tabs } from "../../ui/tabs.js";
import { profileTab } from "../../state/profile-settings.js";
import { TRACES, VIEWS } from "./views.js";

/** @typedef {import("./views.js").MountedView} MountedView */
/** @typedef {import("./views.js").ViewContext} ViewContext */
/** @typedef {import("./views.js").ViewEntry} ViewEntry */
/** @typedef {import("./views.js").Shown} Shown */
/** @typedef {{entry: ViewEntry, panel: HTMLElement, problem: HTMLElement, mounted: MountedView | null, shown: Shown | null, drawing: void | Promise<void>}} Slot */

export class ViewDeck {
  #context;
  /** @type {Slot[]} */ #slots = VIEWS.map((entry) => {
    const problem = h("div", { className: "prof-problem", hidden: true });
    return { entry, problem, panel: h("div", { className: `prof-view prof-view-${entry.id}` }, problem), mounted: null, shown: null, drawing: undefined };
  });
  #tabs = tabs("Views of the profile", this.#slots.map(({ entry, panel }) => ({ ...entry, panel })), profileTab);
  /** @type {Slot | null} */ #awake = null;
  element = this.#tabs.element;

  /** @param {ViewContext} context */
  constructor(context) {
    this.#context = context;
  }

  /** The view in sight, once it is there. */
  get view() {
    return this.#awake?.mounted ?? null;
  }

  /** The ids of the tabs that can be chosen. */
  get offered() {
    return this.#slots.filter(({ panel }) => !panel.dataset.away).map(({ entry }) => entry.id);
  }

  /** Only views that say something of such a file. @param {string} kind */
  offer(kind) {
    for (const { entry, panel } of this.#slots) panel.dataset.away = (entry.kinds ?? TRACES).includes(kind) ? "" : "1";
    this.#tabs.offer(this.offered);
    if (!this.offered.includes(profileTab.get())) profileTab.set(this.offered[0] ?? "");
  }

  /** Draws the view of the chosen tab. @param {Shown} shown @returns {Promise<void>} settled when it is drawn */
  async show(shown) {
    const slot = this.#slots.find(({ entry }) => entry.id === profileTab.get());
    if (!slot) return;
    if (this.#awake !== slot) this.sleep();
    this.#awake = slot;
    try {
      showMessage(slot.problem, null);
      const { view } = slot.mounted ? { view: null } : await slot.entry.load();
      if (this.#awake !== slot) return;
      if (view && !slot.mounted) slot.panel.append((slot.mounted = view(this.#context)).element);
      slot.mounted?.wake?.(true);
      if (slot.shown !== shown) {
        slot.shown = shown;
        slot.drawing = slot.mounted?.show(shown);
      }
      await slot.drawing;
    } catch (problem) {
      slot.shown = null;
      showMessage(slot.problem, `This view failed: ${/** @type {Error} */ (problem).message}`, () => void this.show(shown));
    }
  }

  /** Nothing is in sight. */
  sleep() {
    this.#awake?.mounted?.wake?.(false);
    this.#awake = null;
  }

  /** The theme changed. */
  recolor() {
    for (const { mounted } of this.#slots) mounted?.recolor?.();
  }
}
