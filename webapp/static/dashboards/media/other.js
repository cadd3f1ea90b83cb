/** Tensors, and every kind that no other card is for: what is stored, in figures and as a file. */

import { formatBytes } from "../../lib/format.js";
import { h } from "../../ui/dom.js";
import { runCells } from "./run-cells.js";

/** @typedef {import("./kind.js").CardHost} CardHost */

/** @type {import("./kind.js").Kind} */
export const other = {
  id: "other",
  title: "Tensors and other data",
  code: 'writer.add_tensor("weights", tensor, step)',
  height: 150,
  card: (_, host) => genericCard(host),
};

/** The card for any kind: the bytes as they are stored. @param {CardHost} host */
export function genericCard(host) {
  return runCells(host, {
    makeCell(run) {
      const size = h("span", {});
      const link = h("a", { className: "link", download: "" }, "Download");
      return {
        element: h("div", { className: "generic" }, size, link),
        show(index, values) {
          size.textContent = `${host.kind} · ${formatBytes(values.bytes[index])}`;
          link.href = host.address("raw", run, index);
        },
      };
    },
  });
}
