/** How all films are played, and what their files say. */

import { Atom } from "../lib/atom.js";
import { FormStore } from "./form-store.js";

/**
 * @typedef {object} FilmInfo see webapp/media/video.py
 * @property {string} format
 * @property {string} mime
 * @property {number} width
 * @property {number} height
 * @property {number[]} durations of the frames, milliseconds
 * @property {boolean} whole false where the file is cut off
 * @property {number} bytes
 * @property {number} samples
 */

export const FILM_SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4, 8];

/** Times the speed it was logged with. */
export const filmSpeed = new Atom(1);
/** Whether films begin again at their end. */
export const filmLoop = new Atom(true);

export const filmInfos = new FormStore((buffer) => /** @type {FilmInfo} */ (JSON.parse(new TextDecoder().decode(buffer))), 8e6);
