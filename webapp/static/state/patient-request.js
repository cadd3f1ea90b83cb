/** Questions whose answer may take long: the server says 202 and how far it is until it has one. */

import { request } from "./api.js";

/** @typedef {{state: string, message?: string, done?: number, total?: number}} Waiting */

const PAUSE = 150; // ms between an answer that is none and the next question; the server itself waits, too

/**
 * @param {string} path @param {RequestInit} init @param {(waiting: Waiting) => void} [onWaiting]
 * @returns {Promise<Response>} the answer
 * @throws {Error} with a sentence for people
 */
export async function requestDone(path, init, onWaiting) {
  for (;;) {
    const answer = await request(path, init);
    if (answer.status !== 202) return answer;
    onWaiting?.(await answer.json());
    await new Promise((done) => setTimeout(done, PAUSE));
    init.signal?.throwIfAborted();
  }
}

/** How far it is, in words. @param {Waiting} waiting */
export function waitingText({ message, done, total }) {
  const share = done !== undefined && total ? ` ${Math.floor((100 * done) / total)} %` : "";
  return `${message || "Working"}${share} …`;
}
