/** What the page of profiles says where there is nothing to show. */

import { profileChoice } from "../../state/profile-settings.js";
import { profiles, profilesProblem, readProfiles } from "../../state/profile-catalog.js";
import { retryProfile, shownEntry, shownProblem, shownProfile, shownWaiting } from "../../state/profile-shown.js";
import { waitingText } from "../../state/patient-request.js";
import * as store from "../../state/store.js";
import { h } from "../../ui/dom.js";
import { nothingShown, nothingThere } from "../../ui/start-page.js";

const EXAMPLE = `from stepscope.profiler import Profiler, schedule

with Profiler("runs/first-run", schedule=schedule(wait=5, warmup=2, active=3)) as profiler:
    for batch in loader:
        train_step(batch)
        profiler.step()`;

const TORCH = `from torch.profiler import profile, schedule, tensorboard_trace_handler

with profile(schedule=schedule(wait=5, warmup=2, active=3),
             on_trace_ready=tensorboard_trace_handler("runs/first-run")) as profiler:
    …`;

/** @param {() => void} onOpen asks for a file @returns {HTMLElement | null} null: there is a profile to show */
export function profileMessage(onOpen) {
  const status = store.status.get();
  if (shownProblem.get()) return broken();
  if (shownProfile.get()) return null;
  if (profilesProblem.get() && !profiles.get()) return nothingShown("The profiles of this log could not be listed", profilesProblem.get(), "Retry", () => void readProfiles());
  if (status?.phase === "failed") return nothingThere(status);
  if (shownEntry.get()) return reading();
  return profiles.get() ? nothingCaptured(onOpen) : null;
}

function broken() {
  const other = shownEntry.get() ? null : () => profileChoice.set("");
  return nothingShown("This profile could not be opened", shownProblem.get(), other ? "Show the newest one" : "Retry", other ?? retryProfile);
}

/** A large trace takes seconds the first time. */
function reading() {
  const waiting = shownWaiting.get();
  const share = waiting?.total ? (waiting.done ?? 0) / waiting.total : null;
  const bar = h("progress", { max: 1, "aria-label": "Reading", ...(share === null ? {} : { value: share }) });
  return h("section", { className: "start small prof-reading", role: "status" }, h("h1", {}, shownEntry.get()?.name ?? ""), bar, h("p", { className: "quiet" }, waiting ? waitingText(waiting) : "Reading …"));
}

/** @param {() => void} onOpen */
function nothingCaptured(onOpen) {
  return h("section", { className: "start" }, h("h1", {}, "No profiles in this log"),
    h("p", {}, "Some lines around the training loop capture a few steps into the run:"),
    h("pre", {}, h("code", {}, EXAMPLE)),
    h("p", {}, "What PyTorch's own profiler writes is found as well, and what the profilers of JAX and TensorFlow write:"),
    h("pre", {}, h("code", {}, TORCH)),
    h("p", {}, "A file that is elsewhere opens here: a trace (.json, .json.gz, .xplane.pb), a memory snapshot (.pickle, .pickle.gz). Drop it on this page, the files of several ranks together, or"),
    h("button", { type: "button", onclick: onOpen }, "Open a file …"));
}
