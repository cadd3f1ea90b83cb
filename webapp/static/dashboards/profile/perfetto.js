/** Hands a trace to Perfetto in another tab, as its page asks for: PING until PONG, then the bytes. Nothing is uploaded by this page. */

const ORIGIN = "https://ui.perfetto.dev";
const EVERY = 100; // ms between PINGs: the page does not hear them until it is there
const PATIENCE = 15_000; // ms

export const PERFETTO = new URL(ORIGIN).host;

/**
 * Opens Perfetto: within a click, or browsers refuse the tab.
 *
 * @param {string} name of the file @param {() => Promise<ArrayBuffer>} read its bytes
 * @returns {Promise<void>} settled when they have been handed over
 * @throws {Error} with a sentence
 */
export async function handToPerfetto(name, read) {
  const tab = window.open(ORIGIN, "_blank");
  if (!tab) throw new Error("The browser did not let this page open a tab.");
  const [buffer] = await Promise.all([read(), answered(tab)]);
  tab.postMessage({ perfetto: { buffer, title: name, fileName: name } }, ORIGIN, [buffer]);
}

/** Once the page in the tab says that it listens. @param {Window} tab @returns {Promise<void>} */
function answered(tab) {
  return new Promise((done, fail) => {
    const begun = performance.now();
    const finish = (/** @type {() => void} */ settle) => {
      clearInterval(timer);
      window.removeEventListener("message", hear);
      settle();
    };
    const hear = (/** @type {MessageEvent} */ event) => {
      if (event.source === tab && event.origin === ORIGIN && event.data === "PONG") finish(done);
    };
    const timer = setInterval(() => {
      if (tab.closed) finish(() => fail(new Error(`The tab of ${PERFETTO} is closed, or cannot be reached from here.`)));
      else if (performance.now() - begun > PATIENCE) finish(() => fail(new Error(`${PERFETTO} does not answer.`)));
      else tab.postMessage("PING", ORIGIN);
    }, EVERY);
    window.addEventListener("message", hear);
  });
}
