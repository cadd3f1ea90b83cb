/**
 * Ids of a graph's boxes: "a/b" is a node, "a/b/" a group, "/" the root. Made for the picture alone are "a/b.0/*12",
 * twelve times what begins with a group, "a/add/**12" with a node, and "a/*section 1/4", a part of many.
 */

import { escapeName } from "./names.js";

const MADE = /(?<=^|\/)\*(?:\d+|section .*)$|\/\*\*\d+$/s;

/** Whether a box was made for the picture: the model has nothing of this id. @param {string} id */
export const isMade = (id) => MADE.test(id);

/** What the first of some that are alike is called: a group or a node. @param {string} id */
export const firstMember = (id) => id.replace(MADE, "");

/** The groups around a box, outermost first, without the root. @param {string} id @returns {string[]} */
export function groupsAround(id) {
  const parts = id.replace(/^\//, "").replace(/\*section .*$/s, "section").replace(MADE, "").replace(/\/$/, "").split("/").slice(0, -1);
  return parts.map((_, index) => `${parts.slice(0, index + 1).join("/")}/`);
}

/** What a box is called within its group. @param {string} id */
export function nameOf(id) {
  const section = /\*(section .*)$/s.exec(id);
  if (section) return section[1].replace("/", " of ");
  const repeats = /\/\*+(\d+)$/.exec(id);
  const name = (id.replace(MADE, "").replace(/\/$/, "").split("/").pop() ?? "").replaceAll("%2F", "/");
  return repeats ? `${repeats[1]} × ${name}` : name;
}

/** A path as it is read beside another: without the groups that both lie in. @param {string} id @param {string} base */
export function pathBeside(id, base) {
  const shared = groupsAround(base).filter((group) => id.startsWith(group)).at(-1) ?? "";
  return (id === shared ? nameOf(id) : id.slice(shared.length).replace(/\/$/, "")).replaceAll("%2F", "/") || "model";
}

/** @param {string} id */
export const isGroup = (id) => id.endsWith("/");

/**
 * Ids as text of a URL: one behind the other in their order, each without the parts it shares with the one before.
 *
 * @param {Iterable<string>} ids @returns {string} "encoder/,1~layers.0/,2~ff/"
 */
export function encodeIds(ids) {
  /** @type {string[]} */
  let before = [];
  return [...ids].sort().map((id) => {
    const parts = id.split("/");
    let shared = 0;
    while (shared < parts.length - 1 && shared < before.length - 1 && parts[shared] === before[shared]) shared += 1;
    before = parts;
    const rest = escapeName(parts.slice(shared).join("/"));
    return shared > 0 || rest.includes("~") ? `${shared}~${rest}` : rest;
  }).join(",");
}

/** @param {string} text @returns {Set<string>} */
export function decodeIds(text) {
  /** @type {string[]} */
  let before = [];
  return new Set(text.split(",").filter(Boolean).map((entry) => {
    const [, shared, rest] = /^(?:(\d+)~)?(.*)$/s.exec(entry) ?? ["", "0", entry];
    before = [...before.slice(0, Number(shared ?? 0)), ...decodeURIComponent(rest).split("/")];
    return before.join("/");
  }));
}
