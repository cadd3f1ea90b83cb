/** Pages of HTML, in frames in which they can do nothing but be looked at. */

import { paneInfos } from "../../state/panes.js";
import { runCells } from "./run-cells.js";
import { HtmlCell } from "./html-cell.js";

const LEAST = 320; // pixels of a cell

/** @type {import("./kind.js").Kind} */
export const html = {
  id: "html",
  title: "HTML",
  code: 'writer.add_html("report", "<h1>Report</h1>", step)',
  width: 2,
  height: 300,
  card: (_, host) => {
    const cells = runCells(host, { minWidth: LEAST, makeCell: (run, { say }) => new HtmlCell(host, run, say) });
    const stop = paneInfos.version.subscribe(() => host.redraw());
    return {
      ...cells,
      destroy() {
        stop();
        cells.destroy?.();
      },
    };
  },
};
