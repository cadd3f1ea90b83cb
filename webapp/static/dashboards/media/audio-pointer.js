/** Pointer and keys on the picture of a sound. */

/** @typedef {import("./sound-deck.js").SoundDeck} SoundDeck */

const LITTLE = 4; // pixels: a shorter drag is a click
const STEP = 20; // of the width: how far an arrow key goes

/** @param {HTMLElement} stage @param {SoundDeck} deck @param {string} run @param {() => number} seconds over the whole width */
export function soundPointer(stage, deck, run, seconds) {
  /** @type {{at: number, x: number, part: boolean} | null} */
  let drag = null;
  const timeOf = (/** @type {PointerEvent} */ { clientX }) => {
    const { left, width } = stage.getBoundingClientRect();
    return Math.max(0, Math.min(1, (clientX - left) / width)) * seconds();
  };
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    drag = { at: timeOf(event), x: event.clientX, part: event.shiftKey };
    stage.setPointerCapture(event.pointerId);
    if (!drag.part) deck.seek(drag.at);
  });
  stage.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const at = timeOf(event);
    if (!drag.part) deck.seek(at);
    else if (Math.abs(event.clientX - drag.x) > LITTLE) deck.loop(true, { from: Math.min(at, drag.at), to: Math.max(at, drag.at) });
  });
  stage.addEventListener("pointerup", (event) => {
    if (drag?.part && Math.abs(event.clientX - drag.x) <= LITTLE) deck.loop(false);
    else if (drag) deck.hear(run);
    drag = null;
  });
  stage.addEventListener("pointercancel", () => (drag = null));
  stage.addEventListener("focus", () => stage.matches(":focus-visible") && deck.hear(run));
  stage.addEventListener("keydown", (event) => moveByKey(event, deck, seconds() / STEP));
}

/** Keys of the slider that a sound's picture is. @param {KeyboardEvent} event @param {SoundDeck} deck @param {number} step seconds */
function moveByKey(event, deck, step) {
  const far = event.shiftKey ? 4 : 1;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "ArrowLeft") deck.seek(deck.position - far * step);
  else if (event.key === "ArrowRight") deck.seek(deck.position + far * step);
  else if (event.key === "Home") deck.seek(0);
  else if (event.key === "End") deck.seek(STEP * step);
  else if (event.key === " ") deck.toggle();
  else return;
  taken(event);
}

/** Keys anywhere in the card. @param {KeyboardEvent} event @param {SoundDeck} deck */
export function soundKeys(event, deck) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLSelectElement) return;
  const { position, part } = deck;
  const digit = /^[1-9]$/.test(event.key) ? deck.runs[Number(event.key) - 1] : undefined;
  if (digit !== undefined) deck.hear(digit);
  else if (event.key === "ArrowUp" || event.key === "ArrowDown") deck.hearNext(event.key === "ArrowUp" ? -1 : 1);
  else if (event.key === "b") deck.hearOther();
  else if (event.key === "l") deck.loop(!deck.looping);
  else if (event.key === "[") deck.loop(true, { from: position, to: Math.max(part?.to ?? Infinity, position + 0.02) });
  else if (event.key === "]") deck.loop(true, { from: Math.min(part?.from ?? 0, position), to: position });
  else if (event.key === "Escape" && deck.looping) deck.loop(false);
  else return;
  taken(event);
}

/** @param {KeyboardEvent} event the page must not act on it, too */
function taken(event) {
  event.preventDefault();
  event.stopPropagation();
}
