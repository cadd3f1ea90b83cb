/** Chooses one of the two pictures that are compared: its run, and which of its steps. */

import { h } from "../dom.js";
import { indexOf } from "./plates.js";

/** @typedef {import("../../lib/picture-pair.js").Side} Side */
/** @typedef {import("./source.js").ViewerSource} ViewerSource */

/** @param {"A" | "B"} letter @param {ViewerSource} source @param {() => Side} get @param {(side: Side) => void} set */
export function sidePicker(letter, source, get, set) {
  const run = h("select", { "aria-label": `Run of picture ${letter}`, oninput: () => set({ ...get(), key: run.value }) });
  const when = h("select", {
    "aria-label": `Step of picture ${letter}`,
    oninput: () => {
      const index = indexOf(source, { ...get(), when: "cursor" });
      set({ ...get(), when: when.value === "hold" ? `held:${index}` : /** @type {import("../../lib/picture-pair.js").When} */ (when.value) });
    },
  });
  const element = h("span", { className: "side-picker", role: "group", "aria-label": `Picture ${letter}` }, h("b", {}, letter), run, when);
  let listed = "";
  const update = () => {
    const side = get();
    const lanes = source.lanes();
    const held = side.when.startsWith("held:") ? source.caption(side.key, indexOf(source, side)) : "";
    const asked = JSON.stringify([lanes.map(({ key, label }) => [key, label]), held]);
    if (asked !== listed) {
      listed = asked;
      run.replaceChildren(...lanes.map(({ key, label }) => h("option", { value: key }, label)));
      const choices = [["cursor", "at the cursor"], ["previous", "one before"], ["first", "first"], ["last", "last"], ["hold", "hold this step"]];
      if (held) choices.push([side.when, held]);
      when.replaceChildren(...choices.map(([value, text]) => h("option", { value }, text)));
    }
    run.value = side.key;
    when.value = side.when;
  };
  return { element, update };
}
