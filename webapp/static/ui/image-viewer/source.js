/**
 * What the viewer is given to show. Types only: nothing imports this file at run time.
 *
 * @typedef {import("../../lib/pixels.js").Pixels} Pixels
 * @typedef {import("../../lib/levels.js").Levels} Levels
 *
 * @typedef {{key: string, label: string, color: string}} Lane a run: pictures in order of step
 *
 * @typedef {object} ViewerSource
 * @property {string} title
 * @property {() => Lane[]} lanes
 * @property {(key: string) => number} count pictures of a lane
 * @property {(key: string) => number} at index of the picture at the step cursor; −1 where there is none
 * @property {(key: string, index: number) => string} caption "step 400"
 * @property {(key: string, index: number, sample: number) => Promise<Pixels>} pixels rejects with a sentence
 * @property {(key: string, index: number, sample: number) => Promise<HTMLImageElement>} preview a small picture, soon there
 * @property {(key: string, index: number, sample: number, x: number, y: number) => Promise<number[]>} valuesAt where `pixels` are reduced: the exact values of one pixel
 * @property {(key: string, index: number, sample: number) => string} file address of the file as it was logged
 * @property {(key: string, index: number) => Promise<number>} samples how many pictures were logged together
 * @property {(direction: 1 | -1) => void} move to the next step that has a picture
 * @property {() => string} where the step cursor in words
 * @property {import("../../lib/atom.js").Atom<Levels>} levels
 * @property {import("../../lib/atom.js").Atom<number>} sample
 * @property {import("../../lib/atom.js").Atom<import("../../lib/pan-zoom.js").Sight>} sight
 * @property {import("../../lib/atom.js").Atom<import("../../lib/picture-pair.js").Comparison>} comparison
 * @property {(changed: () => void) => () => void} follow calls back when lanes, cursor or pictures changed; returns what ends that
 *
 * @typedef {import("../../lib/picture-pair.js").Mode} Mode
 * @typedef {{key: string, index: number}} Layer one picture
 *
 * @typedef {object} Plate one picture, or two in one place
 * @property {string} id
 * @property {string} label
 * @property {string} color "" for none
 * @property {string} caption
 * @property {Layer[]} layers
 * @property {Mode} blend
 */
export {};
