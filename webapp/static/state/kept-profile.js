/** The answers about profiles that a page of one file carries, in the place of a server's. */

const REFUSED = "!".charCodeAt(0); // in front of the sentence that says why there is no answer
const MISSING = "This file does not hold that: it has what the views show first, of the whole trace and of single steps. The dashboard that reads the trace itself can tell.";

export class KeptProfile {
  /** @type {Map<string, Uint8Array<ArrayBuffer>>} */ #answers;

  /** @param {readonly string[]} addresses @param {Record<string, Uint8Array<ArrayBuffer>>} bodies by the place of their address */
  constructor(addresses, bodies) {
    this.#answers = new Map(addresses.map((address, place) => [address, bodies[place]]));
  }

  /** In the place of `fetch`. @param {string} path */
  answer = async (path) => {
    const found = this.#answers.get(addressOf(path));
    if (!found) return new Response(JSON.stringify({ error: MISSING }), { status: 404 });
    return found[0] === REFUSED ? new Response(found.slice(1), { status: 422 }) : new Response(found);
  };
}

/** One question has one address: its parameters in the order of their names. @param {string} path */
export function addressOf(path) {
  const [what, query = ""] = path.split("?");
  const parameters = [...new URLSearchParams(query)].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${what.replace(/^api\/(profile\/)?/, "")}?${new URLSearchParams(parameters)}`;
}
