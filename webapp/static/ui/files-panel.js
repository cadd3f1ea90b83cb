/** The event files of a run: what they hold, how far they were read, and what is wrong with them. Loaded when first asked for. */

import { formatBytes, formatCount, plural } from "../lib/format.js";
import { showDialog } from "./dialog.js";
import { h } from "./dom.js";

/** @typedef {import("../lib/types.js").FileInfo} FileInfo */

const STATES = {
  ok: "read to its end",
  truncated: "ends inside a record; what is added is read",
  damaged: "damaged",
  unreadable: "cannot be read",
};

/** @param {string} run @param {() => Promise<FileInfo[]>} fetchFiles of the run and of those joined to it */
export function showFiles(run, fetchFiles) {
  const body = h("div", { className: "files" });
  const again = h("button", { type: "button", onclick: () => void look() }, "Look again");
  const dialog = showDialog(`Files of ${run}`, body, again);
  dialog.classList.add("files-panel");
  const look = async () => {
    again.disabled = true;
    if (!body.hasChildNodes()) body.append(h("p", { role: "status" }, "Asking the server …"));
    try {
      const files = await fetchFiles();
      body.replaceChildren(h("p", { className: "quiet", role: "status" }, summaryOf(files)), ...byRun(files, run));
    } catch (error) {
      body.replaceChildren(h("p", { className: "bad", role: "alert" }, /** @type {Error} */ (error).message));
    }
    again.disabled = false;
  };
  void look();
  return dialog;
}

/** "3 files · 1.2 MB · 4,567 events · 1 damaged" @param {FileInfo[]} files */
function summaryOf(files) {
  const sum = (/** @type {"size" | "events"} */ field) => files.reduce((total, file) => total + file[field], 0);
  const troubled = files.filter(({ state }) => state === "damaged" || state === "unreadable").length;
  return [plural(files.length, "file"), formatBytes(sum("size")), plural(sum("events"), "event"), ...(troubled ? [`${formatCount(troubled)} with trouble`] : [])].join(" · ");
}

/** A heading for each run where there are several. @param {FileInfo[]} files @param {string} run */
function byRun(files, run) {
  const runs = [...new Set(files.map((file) => file.run))];
  if (runs.length === 1 && runs[0] === run) return files.map(fileEntry);
  return runs.map((name) => h("section", {}, h("h3", { className: "files-run" }, h("bdi", {}, name)), ...files.filter((file) => file.run === name).map(fileEntry)));
}

/** @param {FileInfo} file */
function fileEntry(file) {
  const read = file.bytes_read === file.size ? formatBytes(file.size) : `${formatBytes(file.bytes_read)} of ${formatBytes(file.size)} read`;
  const kinds = Object.entries(file.values).map(([kind, count]) => h("li", {}, h("bdi", {}, kind), " ", h("b", {}, formatCount(count))));
  const name = file.path.slice(file.path.lastIndexOf("/") + 1);
  return h("section", { className: "file", "aria-label": name },
    h("h4", { title: file.path }, h("bdi", {}, name)),
    h("p", {}, h("span", { className: `state ${file.state}` }, STATES[file.state] ?? file.state), ` · ${read} · ${plural(file.events, "event")}`),
    file.detail && h("p", { className: "bad" }, file.detail),
    kinds.length > 0 && h("ul", { className: "file-kinds", "aria-label": "Values by kind" }, ...kinds),
    file.damage.length > 0 && damageTable(file.damage));
}

/** @param {FileInfo["damage"]} damage */
function damageTable(damage) {
  return h("table", { className: "file-damage" },
    h("thead", {}, h("tr", {}, ...["From byte", "Bytes", "What is wrong"].map((title) => h("th", { scope: "col" }, title)))),
    h("tbody", {}, ...damage.map(({ offset, length, reason }) => h("tr", {}, h("td", {}, formatCount(offset)), h("td", {}, formatCount(length)), h("td", {}, `${reason}; stepped over, everything after it is shown`)))));
}
