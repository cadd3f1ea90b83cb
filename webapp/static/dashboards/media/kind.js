/**
 * What a kind of data brings to a page of cards, and what the page gives to its cards. Types only: nothing imports this
 * file at run time.
 *
 * A card is a tag over all drawn runs. The page decides which cards there are, keeps the cursor, draws frame, title,
 * menu and foot, and calls `update` at most once a frame and only while the card is in sight. A card out of sight is
 * taken down (`destroy`) and made anew when it comes back: what people chose in it belongs in an atom, not in the card.
 *
 * @typedef {import("../../lib/blob-frame.js").Values} Values
 *
 * @typedef {object} Kind
 * @property {string} id the log's name of the kind ("images"); "video" for pictures that move; "other" for every kind that no other one takes
 * @property {string} title "Images"
 * @property {string} [short] the title on the chip that chooses the kind, where the whole one is long
 * @property {string} code the line that logs the first value, for the page without any
 * @property {(tag: string, host: CardHost) => KindCard} card draws into `host.body`
 * @property {() => HTMLElement} [toolbar] controls for all cards of the kind, in the head of its section; made once
 * @property {"cells" | "card"} [layout] "cells" (default): as wide as its runs need, a cell each; "card": one card, whatever the number of runs
 * @property {import("../../lib/atom.js").Atom<any>[]} [reshaped] atoms that change what `layout` and `width` say
 * @property {import("../../lib/atom.js").Atom<any>[]} [answers] atoms that change when what cards have asked for is here
 * @property {number} [width] columns that a "card", or a run's cell, takes, 1 unless said
 * @property {number} [height] a guess at the height of the body before it exists, pixels
 * @property {(tags: string[]) => {tag: string, title?: string}[]} [cards] which tags are cards, where it is not a card a tag
 *
 * @typedef {{name: string, label: string, color: string}} CardRun
 *
 * @typedef {object} CardHost
 * @property {string} key of the card in URLs and atoms: kind and tag
 * @property {string} kind as the log calls it: "images" for video, the plugin's name for unknown ones
 * @property {string} tag
 * @property {HTMLElement} body where the card draws
 * @property {HTMLElement} controls buttons of the kind, in the card's head
 * @property {(items: {label: string, act: () => void}[]) => void} menu entries of the card's menu, above those of the page
 * @property {() => CardRun[]} runs drawn runs that have the tag, in list order
 * @property {(run: string, tag?: string) => Values | null} values null while they are on their way; asking fetches them (`tag`: another tag of the kind)
 * @property {(run: string) => number} at index of the value at the card's cursor; −1 where there is none
 * @property {() => number | null} cursor the card's cursor in units of `axis()`; null: the latest
 * @property {() => "step" | "relative" | "wall"} axis what steps are measured in
 * @property {(at: number | null) => void} moveTo moves the card's cursor: the page's, or its own where it is unlinked
 * @property {(form: string, run: string, index: number, params?: Record<string, string | number>) => string} address of a value in one form
 * @property {(message: string | null, retry?: () => void) => void} say something about the whole card, instead of its body; null takes it away
 * @property {(text: string) => void} note beside the title: "16 bins", "sample 2 of 4"
 * @property {() => boolean} visible whether a part of the card is in the window now
 * @property {() => void} redraw asks for an `update` in the next frame
 *
 * @typedef {object} KindCard
 * @property {() => void} update runs, values, cursor, size or theme may have changed
 * @property {() => boolean} [ready] whether it shows all there is to show now (true unless said); what tests wait for
 * @property {() => void} [destroy] it is taken down; elements in `body` go by themselves
 */
export {};
