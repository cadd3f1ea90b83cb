/** The page "Profile": what the time of captured steps went to. Its views are listed in views.js. */

import { oncePerTask } from "../../lib/atom.js";
import { capturedTold } from "../../state/captured-steps.js";
import { captureTold } from "../../state/profile-capture.js";
import { readProfiles, wakeProfiles, profiles, profilesProblem } from "../../state/profile-catalog.js";
import { openingProfile, openingProfileProblem, openProfileFiles } from "../../state/profile-files.js";
import { profileTab, profileWindow } from "../../state/profile-settings.js";
import { shownEntry, shownProblem, shownProfile, shownWaiting } from "../../state/profile-shown.js";
import * as store from "../../state/store.js";
import { h } from "../../ui/dom.js";
import { listenToDrops } from "../../ui/file-drop.js";
import { notice } from "../../ui/notice.js";
import { clearFocus } from "../scalar-keys.js";
import { captureButton } from "./capture-button.js";
import { profileChooser } from "./chooser.js";
import { ViewDeck } from "./deck.js";
import { fileMenu } from "./file-menu.js";
import { listenToProfileKeys, PROFILE_KEY_HELP } from "./keys.js";
import { profileMessage } from "./told.js";

export const profile = {
  id: "profile",
  title: "Profile",
  /** @param {HTMLElement} root @returns {import("../page-deck.js").MountedPage} */
  mount(root) {
    return new ProfilePage(root);
  },
};

export class ProfilePage {
  #notice = h("div", { className: "page-notice" });
  #broken = h("ul", { className: "prof-broken", "aria-label": "Files that cannot be read", hidden: true });
  #told = notice();
  #file = h("input", { type: "file", multiple: true, hidden: true, "aria-label": "Profile file", tabIndex: -1 });
  #kept;
  #deck = new ViewDeck({ goTo: (tab, options) => this.#goTo(tab, options), setWindow: (window) => profileWindow.set(window), kept: () => this.#kept, tell: this.#told.show });
  #bar = h("div", { className: "bar prof-bar", role: "toolbar", "aria-label": "Which profile" }, profileChooser());
  #stopListening;
  #target = this.#keyTarget();
  soon = oncePerTask(() => void this.#arrange());

  /** @param {HTMLElement} root @param {{kept?: boolean}} [how] `kept`: all there is, is in the file of the page */
  constructor(root, { kept = false } = {}) {
    this.#kept = kept;
    root.append(this.#bar, this.#broken, this.#notice, this.#deck.element, this.#told.element);
    this.#stopListening = listenToProfileKeys(this.#target);
    if (!kept) this.#takeFiles(root);
    for (const atom of [profiles, profilesProblem, shownEntry, shownProfile, shownProblem, shownWaiting, profileTab, store.status, store.complete]) atom.subscribe(this.soon);
    for (const atom of [openingProfile, openingProfileProblem, captureTold, capturedTold]) atom.subscribe(() => this.#told.show(newsText()));
    this.#told.show(newsText());
    wakeProfiles(true);
    this.soon();
  }

  /** Files that are opened by hand. @param {HTMLElement} root */
  #takeFiles(root) {
    const open = h("button", { type: "button", title: "Open a trace or a memory snapshot (o)", onclick: () => this.#file.click() }, "Open file");
    this.#bar.append(h("span", { className: "bar-end" }, captureButton(), fileMenu(this.#told.show), open));
    root.append(this.#file);
    listenToDrops(root, (files) => void openProfileFiles(files));
    this.#file.addEventListener("change", () => {
      if (this.#file.files) void openProfileFiles(this.#file.files);
      this.#file.value = ""; // the same file may be chosen again
    });
  }

  get keys() {
    const own = this.#deck.view?.keys ?? [];
    return [...PROFILE_KEY_HELP.filter(([key]) => !own.some(([other]) => other === key)), ...own];
  }

  /** @returns {import("./keys.js").ProfileKeyTarget} */
  #keyTarget() {
    return {
      tab: (place) => profileTab.set(this.#deck.offered[place] ?? profileTab.get()),
      nextTab: (by) => {
        const { offered } = this.#deck;
        profileTab.set(offered[(offered.indexOf(profileTab.get()) + by + offered.length) % offered.length] ?? "");
      },
      nextStep: (by) => profileWindow.set(neighbourStep(by)),
      search: () => this.#deck.view?.search?.(),
      open: () => this.#file.isConnected && this.#file.click(),
      clear: () => clearFocus(() => profileWindow.set(null)),
    };
  }

  /** @param {string} tab @param {object} [options] */
  async #goTo(tab, options) {
    profileTab.set(tab);
    const shown = shownProfile.get();
    if (!shown) return;
    await this.#deck.show(shown);
    if (options) this.#deck.view?.reveal?.(options);
  }

  show() {
    wakeProfiles(true);
    void readProfiles();
    this.#stopListening = listenToProfileKeys(this.#target);
    this.soon();
  }

  hide() {
    wakeProfiles(false);
    this.#stopListening();
    this.#deck.sleep();
  }

  recolor() {
    this.#deck.recolor();
  }

  /** Files of some ranks; the others are shown. @param {string[]} sentences */
  #showBroken(sentences) {
    this.#broken.hidden = sentences.length === 0;
    this.#broken.replaceChildren(...sentences.map((sentence) => h("li", {}, sentence)));
  }

  async #arrange() {
    if (store.page.get() !== "profile") return;
    delete document.documentElement.dataset.drawn;
    const message = profileMessage(() => this.#file.click());
    this.#notice.replaceChildren(...(message ? [message] : []));
    const shown = shownProfile.get();
    const ready = message === null && shown !== null;
    this.#showBroken(ready ? shown.info.files.map(({ problem }) => problem).filter(Boolean) : []);
    this.#deck.element.hidden = !ready;
    if (ready) {
      this.#deck.offer(shown.info.kind);
      await this.#deck.show(shown);
    } else this.#deck.sleep();
    const waits = shownWaiting.get() !== null || (shownEntry.get() !== null && !shown && !shownProblem.get());
    const drawn = (ready || message) && !waits && shown === shownProfile.get();
    if (drawn) requestAnimationFrame(() => store.page.get() === "profile" && (document.documentElement.dataset.drawn = "true"));
  }
}

/** What became of files and captures that somebody asked for. */
const newsText = () => openingProfileProblem.get() || (openingProfile.get() && `Opening ${openingProfile.get()} …`) || captureTold.get() || capturedTold.get();

/** The stretch of time of the step after or before the one that is looked at; the first or the last from all of them. @param {1 | -1} by */
function neighbourStep(by) {
  const steps = shownProfile.get()?.info.steps ?? [];
  const window = profileWindow.get();
  const at = window === null ? (by > 0 ? -1 : steps.length) : steps.findIndex(({ start }) => start === window[0]);
  const next = steps[at + by];
  return next ? /** @type {[number, number]} */ ([next.start, next.end]) : window;
}
