/**
 * Where thousands of cards would lie, so that only those in sight need to exist. Pure arithmetic, in CSS pixels.
 * Sections of one short row stand beside each other while there is room: on a wide screen three charts do not leave the rest of the row empty.
 */

const CARD_HEIGHT = 262;
const WIDE_HEIGHT = 400;
const HEADER_HEIGHT = 36;
const GAP = 12;

/**
 * @typedef {{key: string, title: string, tags: string[], collapsed: boolean}} SectionSpec
 * @typedef {{tag: string, x: number, y: number, width: number, height: number}} Place y within its section
 * @typedef {{key: string, title: string, count: number, collapsed: boolean, top: number, left: number, width: number, height: number, places: Place[]}} Section
 * @typedef {{sections: Section[], height: number}} Layout
 *
 * @param {SectionSpec[]} specs
 * @param {number} width of the area
 * @param {number} cardWidth wanted at least
 * @param {(key: string, tag: string) => boolean | number} isWide whether a card has a row of its own; a number is its height
 * @returns {Layout}
 */
export function layOut(specs, width, cardWidth, isWide) {
  const columns = Math.max(1, Math.floor((width + GAP) / (cardWidth + GAP)));
  const unit = Math.floor((width - GAP * (columns - 1)) / columns);
  const sections = [];
  let top = 0;
  let taken = 0; // columns of the row being filled with short sections
  let bottom = 0;
  for (const spec of specs) {
    const { places, height } = spec.collapsed ? { places: [], height: 0 } : rows(spec, { columns, unit, width, isWide });
    const short = places.length > 0 && places.length < columns && !places.some((place) => place.width !== unit);
    if (!short || taken + places.length > columns) [top, taken] = [bottom, 0];
    const left = taken * (unit + GAP);
    const section = { ...spec, count: spec.tags.length, top, left, width: short ? places.length * (unit + GAP) - GAP : width, places, height: HEADER_HEIGHT + height };
    sections.push(section);
    bottom = Math.max(bottom, top + section.height);
    taken = short ? taken + places.length : columns;
  }
  return { sections, height: bottom };
}

/**
 * @param {SectionSpec} spec
 * @param {{columns: number, unit: number, width: number, isWide: (key: string, tag: string) => boolean | number}} grid
 */
function rows(spec, { columns, unit, width, isWide }) {
  const places = [];
  let column = 0;
  let y = HEADER_HEIGHT;
  for (const tag of spec.tags) {
    const wide = isWide(spec.key, tag);
    if (column > 0 && (wide || column === columns)) {
      column = 0;
      y += CARD_HEIGHT + GAP;
    }
    const height = typeof wide === "number" && wide > 0 ? wide : wide ? WIDE_HEIGHT : CARD_HEIGHT;
    places.push({ tag, x: column * (unit + GAP), y, width: wide ? width : unit, height });
    if (wide) y += height + GAP;
    else column += 1;
  }
  if (column > 0) y += CARD_HEIGHT + GAP;
  return { places, height: y - HEADER_HEIGHT };
}

/**
 * Sections and places that touch the band from `lo` to `hi`.
 *
 * @param {Layout} layout @param {number} lo @param {number} hi
 * @returns {{section: Section, places: Place[]}[]}
 */
export function inSight(layout, lo, hi) {
  const seen = [];
  for (let i = firstEndingAfter(layout.sections, lo); i < layout.sections.length; i += 1) {
    const section = layout.sections[i];
    if (section.top > hi) break;
    seen.push({ section, places: placesBetween(section.places, lo - section.top, hi - section.top) });
  }
  return seen;
}

/** @param {Section[]} sections @param {number} y */
function firstEndingAfter(sections, y) {
  let lo = 0;
  let hi = sections.length;
  while (lo < hi) {
    const middle = (lo + hi) >> 1;
    if (sections[middle].top + sections[middle].height < y) lo = middle + 1;
    else hi = middle;
  }
  return lo;
}

/** @param {Place[]} places in order of y @param {number} lo @param {number} hi */
function placesBetween(places, lo, hi) {
  let first = 0;
  let end = places.length;
  while (first < end) {
    const middle = (first + end) >> 1;
    if (places[middle].y + places[middle].height < lo) first = middle + 1;
    else end = middle;
  }
  let last = first;
  while (last < places.length && places[last].y <= hi) last += 1;
  return places.slice(first, last);
}
