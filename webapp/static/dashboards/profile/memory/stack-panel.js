/** A call stack of a snapshot, the innermost frame first; frames of the user's own code stand out. */

import { fetchMemoryStack } from "../../../state/profile-memory.js";
import { h, iconButton } from "../../../ui/dom.js";
import { Question } from "../question.js";

/** @typedef {import("../../../state/profile-api.js").Shown} Shown */

export class StackPanel {
  #question = new Question();
  #frames = h("ol", { className: "prof-memory-frames" });
  #copy = h("button", { type: "button", className: "link", onclick: () => void navigator.clipboard.writeText(this.#text()) }, "copy");
  element = h("aside", { className: "prof-memory-stack", "aria-label": "Call stack", hidden: true },
    h("header", {}, h("h2", {}, "Call stack"), this.#copy, iconButton("close", "Close the call stack", () => this.hide())), this.#question.element, this.#frames);

  /** @param {Shown} shown @param {number} stack as the server numbers them */
  show(shown, stack) {
    this.element.hidden = false;
    return this.#question.ask((asking) => fetchMemoryStack(shown, stack, asking), ({ frames }) => {
      this.#frames.replaceChildren(...frames.map(({ text, users }) => h("li", { className: users ? "prof-memory-own" : "" }, h("bdi", {}, text))));
      if (frames.length === 0) this.#frames.replaceChildren(h("li", {}, "No stack was recorded: torch.cuda.memory._record_memory_history(stacks=\"all\") records them."));
      this.element.scrollIntoView({ block: "nearest" });
    });
  }

  hide() {
    this.#question.cancel();
    this.element.hidden = true;
  }

  #text() {
    return [...this.#frames.children].map((frame) => frame.textContent).join("\n");
  }
}
