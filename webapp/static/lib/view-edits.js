/** Edits of a view: each gives a new view and leaves the old one as it was, so that undo is going back to it. */

/** @typedef {import("./view-file.js").View} View */
/** @typedef {import("./view-file.js").Chart} Chart */
/** @typedef {import("./view-file.js").ViewSection} ViewSection */
/** @typedef {{section: number, chart: number}} Place */

/** @param {View} view @param {number} index @param {(section: ViewSection) => ViewSection} change @returns {View} */
function changeSection(view, index, change) {
  return { ...view, sections: view.sections.map((section, at) => (at === index ? change(section) : section)) };
}

/** At the end of a section, the last one unless told. @param {View} view @param {Chart} chart @param {number} [section] @returns {View} */
export function addChart(view, chart, section = view.sections.length - 1) {
  if (view.sections.length === 0) return { ...view, sections: [{ title: "", charts: [chart] }] };
  return changeSection(view, section, (known) => ({ ...known, charts: [...known.charts, chart] }));
}

/** @param {View} view @param {Place} place @param {Chart} chart @returns {View} */
export function replaceChart(view, place, chart) {
  return changeSection(view, place.section, (known) => ({ ...known, charts: known.charts.with(place.chart, chart) }));
}

/** @param {View} view @param {Place} place @returns {View} */
export function removeChart(view, place) {
  return changeSection(view, place.section, (known) => ({ ...known, charts: known.charts.toSpliced(place.chart, 1) }));
}

/** @param {View} view @param {Place} place @returns {View} */
export function duplicateChart(view, place) {
  const copy = structuredClone(view.sections[place.section].charts[place.chart]);
  return changeSection(view, place.section, (known) => ({ ...known, charts: known.charts.toSpliced(place.chart + 1, 0, copy) }));
}

/** @param {View} view @param {Place} from @param {Place} to where it stands afterwards @returns {View} */
export function moveChart(view, from, to) {
  const chart = view.sections[from.section].charts[from.chart];
  const without = removeChart(view, from);
  return changeSection(without, to.section, (known) => ({ ...known, charts: known.charts.toSpliced(Math.min(to.chart, known.charts.length), 0, chart) }));
}

/**
 * One place on, over the borders of sections.
 *
 * @param {View} view @param {Place} from @param {1 | -1} direction
 * @returns {Place | null} null at the end
 */
export function neighbourPlace(view, from, direction) {
  const chart = from.chart + direction;
  if (chart >= 0 && chart < view.sections[from.section].charts.length) return { section: from.section, chart };
  const section = from.section + direction;
  if (section < 0 || section >= view.sections.length) return null;
  return { section, chart: direction > 0 ? 0 : view.sections[section].charts.length };
}

/** @param {View} view @param {string} title @returns {View} */
export function addSection(view, title) {
  return { ...view, sections: [...view.sections, { title, charts: [] }] };
}

/** @param {View} view @param {number} index @param {string} title @returns {View} */
export function renameSection(view, index, title) {
  return changeSection(view, index, (section) => ({ ...section, title }));
}

/** Its charts go to the section before it (the first one's to the next). @param {View} view @param {number} index @returns {View} */
export function removeSection(view, index) {
  const { charts } = view.sections[index];
  const sections = view.sections.toSpliced(index, 1);
  const heir = Math.max(0, index - 1);
  if (sections.length === 0) return { ...view, sections: charts.length ? [{ title: "", charts }] : [] };
  const joined = index === 0 ? [...charts, ...sections[0].charts] : [...sections[heir].charts, ...charts];
  return { ...view, sections: sections.with(heir, { ...sections[heir], charts: joined }) };
}

/** @param {View} view @param {number} index @param {1 | -1} direction @returns {View} */
export function moveSection(view, index, direction) {
  const to = index + direction;
  if (to < 0 || to >= view.sections.length) return view;
  return { ...view, sections: view.sections.toSpliced(index, 1).toSpliced(to, 0, view.sections[index]) };
}

/** A name nobody has: "loss", "loss 2", "loss 3" … @param {string} wanted @param {Iterable<string>} taken */
export function freeName(wanted, taken) {
  const known = new Set(taken);
  const base = wanted.trim() || "Untitled";
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? base : `${base} ${count}`;
    if (!known.has(name)) return name;
  }
}
