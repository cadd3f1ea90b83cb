/** What is shown instead of charts: nothing there yet, still reading, nothing chosen. */

import { formatBytes, formatCompact, formatCount, plural } from "../lib/format.js";
import { h } from "./dom.js";

/** @typedef {import("../lib/types.js").Status} Status */

const EXAMPLE = (/** @type {string} */ path) => `from stepscope.logger import SummaryWriter

writer = SummaryWriter(${JSON.stringify(`${path}/first-run`)})
for step in range(1000):
    loss = train_step()
    writer.add_scalar("loss", loss, step)
    if step % 100 == 0:
        writer.add_scalar("val/accuracy", evaluate(), step)

writer.close()`;

/** @type {Record<string, string>} */
const FOUND = { unread: "not read yet", missing: "does not exist", empty: "holds no event files", unreadable: "cannot be read", ok: "read" };

/** Nothing in any of the directories: what was looked at, and how to log something. @param {Status} status */
export function nothingThere(status) {
  const looked = status.logdirs.map(({ path, state, detail }) =>
    h("li", {}, h("code", {}, path), " ", h("span", { className: state === "ok" ? "" : "bad" }, FOUND[state] ?? state), detail ? h("span", { className: "quiet" }, ` · ${detail}`) : ""));
  return h("section", { className: "start" },
    h("h1", {}, status.phase === "failed" ? "The log directory could not be opened" : "No runs yet"),
    h("p", {}, "Looked at:"),
    h("ul", { className: "looked" }, ...looked),
    status.phase !== "failed" && h("p", { className: "watching" }, h("span", { className: "dot" }), "Still looking. Runs appear here as soon as they are written; there is no need to reload."),
    h("h3", {}, "Log a first run"),
    h("pre", {}, h("code", {}, EXAMPLE(status.logdirs[0]?.path ?? "runs"))),
    h("p", { className: "quiet" }, "An event file has “tfevents” in its name. Files of TensorFlow, Keras, PyTorch, Lightning, tensorboardX and JAX are read as they are."));
}

/** Runs, but none with scalars. @param {{page: string, title: string}[]} [elsewhere] what they have on other pages */
export function noScalars(elsewhere = []) {
  const links = elsewhere.map(({ page, title }) => h("li", {}, h("a", { href: `#${page}` }, title)));
  return h("section", { className: "start" }, h("h1", {}, "No scalars in these runs"),
    links.length > 0 && h("p", {}, "They have:"), links.length > 0 && h("ul", {}, ...links),
    h("p", {}, "One line logs the first:"), h("pre", {}, h("code", {}, 'writer.add_scalar("loss", value, step)')));
}

/** Event files, but no run in them that a table could show. */
export function noRuns() {
  return h("section", { className: "start" }, h("h1", {}, "No runs in the table yet"),
    h("p", {}, "One line gives a run its hyperparameters:"), h("pre", {}, h("code", {}, 'writer.add_hparams({"lr": 0.1}, {})')));
}

/** @param {string} title @param {string} text @param {string} action @param {() => void} onclick */
export function nothingShown(title, text, action, onclick) {
  return h("section", { className: "start small" }, h("h1", {}, title), h("p", {}, text), h("button", { type: "button", onclick }, action));
}

/** @type {Record<string, string>} */
const PHASES = { idle: "Starting", starting: "Starting", failed: "The log directory could not be opened", compiling: "Preparing the decoder (first start only)", scanning: "Looking for event files", loading: "Reading event files" };

/** How far the server has come; a bar that fills, and the figures behind it. */
export function progress() {
  const bar = h("progress", { max: 1, "aria-label": "Reading event files" });
  const text = h("span", {});
  const element = h("div", { className: "progress", hidden: true, role: "status" }, bar, text);
  return {
    element,
    /** @param {Status | null} status */
    update(status) {
      element.hidden = !status || status.ready;
      if (!status || status.ready) return;
      if (status.bytes_total) bar.value = status.bytes_read / status.bytes_total;
      else bar.removeAttribute("value");
      const parts = [PHASES[status.phase] ?? "Reading", plural(status.files.count, "file")];
      if (status.bytes_total) parts.push(`${formatBytes(status.bytes_read)} of ${formatBytes(status.bytes_total)}`);
      if (status.events) parts.push(`${formatCompact(status.events)} events`);
      text.textContent = parts.join(" · ");
    },
  };
}

/** @param {{count: number, damaged: number, truncated: number, unreadable: number}} files */
export function troubleText(files) {
  const parts = [];
  if (files.damaged) parts.push(`${formatCount(files.damaged)} damaged`);
  if (files.unreadable) parts.push(`${formatCount(files.unreadable)} unreadable`);
  return parts.length ? `${parts.join(", ")} of ${plural(files.count, "file")}` : "";
}
