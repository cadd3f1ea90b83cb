/** The place of an answer: how far it is, what went wrong, with a way to try again, and then the answer. */

import { waitingText } from "../../state/patient-request.js";
import { h } from "../../ui/dom.js";
import { showMessage } from "../../ui/message.js";

/** @typedef {import("../../state/profile-api.js").Asking} Asking */

const PATIENCE = 200; // ms before a question that is under way is told

export class Question {
  #words = h("p", { className: "prof-waiting", role: "status", hidden: true });
  #problem = h("div", { className: "prof-problem", hidden: true });
  #asking = new AbortController();
  /** Stands above what is drawn of the answer; takes no room once it is there. */
  element = h("div", { className: "prof-question" }, this.#words, this.#problem);

  /**
   * Asks, and gives the answer to `draw`. A newer question takes the place of an older one.
   *
   * @template T
   * @param {(asking: Asking) => Promise<T>} ask @param {(answer: T) => void} draw
   * @returns {Promise<void>} settled when it is drawn, or told what is wrong
   */
  async ask(ask, draw) {
    this.cancel();
    const { signal } = (this.#asking = new AbortController());
    showMessage(this.#problem, null);
    const late = setTimeout(() => this.#tell("Asking …"), PATIENCE);
    try {
      const answer = await ask({ signal, onWaiting: (waiting) => signal.aborted || this.#tell(waitingText(waiting)) });
      if (!signal.aborted) draw(answer);
    } catch (problem) {
      if (!signal.aborted) showMessage(this.#problem, /** @type {Error} */ (problem).message, () => void this.ask(ask, draw));
    } finally {
      clearTimeout(late);
      if (!signal.aborted) this.#tell("");
    }
  }

  /** The answer is no longer wanted. */
  cancel() {
    this.#asking.abort();
    this.#tell("");
  }

  /** @param {string} text */
  #tell(text) {
    this.#words.textContent = text;
    this.#words.hidden = text === "";
  }
}
