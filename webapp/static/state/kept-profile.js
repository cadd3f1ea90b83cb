/** The answers about profiles that a page of one file carries, in the place of a server's. */

import { packArrays, parseArrays } from "../lib/arrays-frame.js";
import { answerTiles, keptPart, tilesWanted } from "../lib/kept-tiles.js";

/** @typedef {import("../lib/kept-tiles.js").KeptPart} KeptPart */

const TILES = "timeline/tiles?";
const REFUSED = "!".charCodeAt(0); // in front of the sentence that says why there is no answer
const PATH = "timeline/path?";
const WHOLE_PATH = "This is the critical path of the whole trace: the file has none of a part of it.";
const MISSING = "This file does not hold that: it has what the views show first, of the whole trace and of single steps, and the slices that they lead to. The dashboard that reads the trace itself can tell.";

export class KeptProfile {
  /** @type {Map<string, Uint8Array<ArrayBuffer>>} */ #answers;
  /** @type {Map<string, KeptPart[]>} levels of a rank's timeline, the closest first; parsed when they are asked for */ #parts = new Map();

  /** @param {readonly string[]} addresses @param {Record<string, Uint8Array<ArrayBuffer>>} bodies by the place of their address */
  constructor(addresses, bodies) {
    this.#answers = new Map(addresses.map((address, place) => [address, bodies[place]]));
  }

  /** In the place of `fetch`. @param {string} path */
  answer = async (path) => {
    const address = addressOf(path);
    const found = address.startsWith(TILES) ? this.#tiles(new URLSearchParams(address.slice(TILES.length))) : this.#answers.get(address) ?? this.#wholePath(address);
    if (!found) return new Response(JSON.stringify({ error: MISSING }), { status: 404 });
    return found[0] === REFUSED ? new Response(found.slice(1), { status: 422 }) : new Response(found);
  };

  /** @param {URLSearchParams} query */
  #tiles(query) {
    const p = query.get("p") ?? "";
    return answerTiles(tilesWanted(query.get("ask") ?? ""), (rank) => this.#levels(p, rank)) ?? undefined;
  }

  /** Of a part of a trace the path of all of it, and that it is. @param {string} address */
  #wholePath(address) {
    if (!address.startsWith(PATH)) return undefined;
    const query = new URLSearchParams(address.slice(PATH.length));
    query.delete("from");
    query.delete("to");
    const found = this.#answers.get(`${PATH}${query}`);
    if (!found || found[0] === REFUSED) return found;
    const { header, arrays } = parseArrays(found.slice().buffer);
    return packArrays({ ...header, remarks: [WHOLE_PATH, ...header.remarks] }, arrays);
  }

  /** @param {string} p @param {number} rank */
  #levels(p, rank) {
    const key = `${rank} of ${p}`;
    const known = this.#parts.get(key);
    if (known) return known;
    const parts = [...this.#answers].filter(([address]) => {
      if (!address.startsWith(TILES)) return false;
      const query = new URLSearchParams(address.slice(TILES.length));
      return query.get("p") === p && tilesWanted(query.get("ask") ?? "")[0].rank === rank;
    }).map(([, body]) => keptPart(parseArrays(body.slice().buffer)));
    parts.sort((a, b) => a.header.level - b.header.level);
    this.#parts.set(key, parts);
    return parts;
  }
}

/** One question has one address: its parameters in the order of their names. @param {string} path */
export function addressOf(path) {
  const [what, query = ""] = path.split("?");
  const parameters = [...new URLSearchParams(query)].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${what.replace(/^api\/(profile\/)?/, "")}?${new URLSearchParams(parameters)}`;
}
