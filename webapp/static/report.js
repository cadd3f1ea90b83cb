/** A report: the charts of a view in one HTML file, drawn by the modules of the dashboard from data in the file. */

import { reportCard } from "./dashboards/report/report-card.js";
import { readReport } from "./dashboards/report/report-file.js";
import { reportLegend } from "./dashboards/report/report-legend.js";
import { textsOf } from "./dashboards/report/report-markdown.js";
import { notesOf } from "./dashboards/report/report-notes.js";
import { oncePerFrame } from "./lib/atom.js";
import { assignSlots, slotColor, SLOT_COUNT } from "./lib/color.js";
import { formatCount, formatTime, plural } from "./lib/format.js";
import { marksAmong } from "./lib/marks.js";
import { chartSize } from "./lib/view-file.js";
import { h, icon, iconButton } from "./ui/dom.js";
import { isDark, readInk } from "./ui/ink.js";
import { tooltip } from "./ui/tooltip.js";

/** @typedef {import("./dashboards/report/report-file.js").Report} Report */
/** @typedef {import("./dashboards/report/report-file.js").ChartEntry} ChartEntry */
/** @typedef {import("./dashboards/report/report-card.js").ReportCard} ReportCard */

const MOST_COLUMNS = 4; // of charts
const AHEAD = "300px"; // charts are drawn before they come into sight

async function start() {
  try {
    show(await readReport(document.getElementById("page-data")?.textContent ?? ""));
  } catch (error) {
    document.body.append(h("p", { className: "card-problem" }, `This report cannot be read: ${/** @type {Error} */ (error).message}`));
  }
}

/** @param {Report} report */
function show(report) {
  const slots = assignSlots(report.all_runs.map(([name, begin]) => ({ name, start: begin })));
  const starts = new Map(report.all_runs);
  const groups = [...new Set(report.charts.flatMap((entry) => entry.groups ?? []))];
  const theme = () => (isDark() ? "dark" : "light");
  const labelOf = (/** @type {string} */ name) => saidOf(report, name).name || name;
  const colorOf = () => {
    const now = theme();
    return (/** @type {string} */ name) => groups.includes(name) ? slotColor(groups.indexOf(name) % SLOT_COUNT, now) : saidOf(report, name).color ?? slotColor(slots.get(name) ?? 0, now);
  };
  const words = h("div", { className: "tip", role: "tooltip", hidden: true });
  const tip = tooltip({ onGroup: () => {} });
  /** @type {{card: ReportCard, near: boolean, dirty: boolean}[]} */
  const cards = [];
  const drawSoon = oncePerFrame(() => draw(cards));
  const redraw = () => {
    for (const item of cards) item.dirty = true;
    drawSoon();
  };
  const alone = report.charts.some((entry) => entry.frames.length > 0 && !entry.groups); // a chart that shows the runs themselves
  const names = [...new Set([...groups, ...(alone || groups.length === 0 ? report.runs : [])])];
  const legend = reportLegend(names, {
    labelOf, colorOf, onChange: redraw,
    onPoint: (name) => { for (const { card } of cards) card.highlight(name); },
  });
  let ink = readInk();
  const repaint = () => {
    ink = readInk();
    legend.recolor();
    redraw();
  };
  const showText = textsOf(report);
  const around = {
    showText,
    shown: (/** @type {ChartEntry} */ entry) => ({
      names: (entry.groups ?? report.runs).filter((name) => !names.includes(name) || legend.isOn(name)),
      look: { theme: /** @type {"light" | "dark"} */ (theme()), colorOf: colorOf(), labelOf },
    }),
    marks: (/** @type {any} */ axis, /** @type {any[]} */ lines, /** @type {ChartEntry} */ entry) => marksAmong(report.events, axis, lines, {
      isDrawn: (run) => Boolean(entry.groups) || lines.some(({ series }) => series.run === run), isHidden: () => false, startOf: (run) => starts.get(run) ?? null, labelOf,
    }),
    ink: () => ink,
    onWords: wordTip(words),
    onHover: (/** @type {any} */ hover) => (hover ? tip.show(hover, "nearest") : tip.hide()),
  };
  const sections = sectionsOf(report, cards, around);
  document.body.append(h("div", { className: "report-page" }, headerOf(report, showText, repaint), h("div", { className: "report-body" }, legend.element, h("main", {}, ...sections, ...notesOf(report, labelOf, showText))), footerOf(report)), tip.element, words);
  document.documentElement.style.setProperty("--report-columns", String(columnsFor(report.view)));
  watch(cards, drawSoon, redraw);
  paintForPaper(() => {
    for (const item of cards) item.near = true;
    repaint();
    draw(cards); // at once: the page is printed when the event is over
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
}

/** Shows what a dot or a bar says beside the pointer. @param {HTMLElement} element */
function wordTip(element) {
  return (/** @type {string[]} */ lines, /** @type {number} */ clientX, /** @type {number} */ clientY) => {
    element.hidden = lines.length === 0;
    element.replaceChildren(...lines.map((line) => h("div", {}, line)));
    element.style.left = `${Math.max(8, Math.min(clientX + 14, innerWidth - element.offsetWidth - 8))}px`;
    element.style.top = `${Math.max(8, Math.min(clientY + 14, innerHeight - element.offsetHeight - 8))}px`;
  };
}

/** Never something an object inherits: a run may be called "constructor". @param {Report} report @param {string} run */
function saidOf(report, run) {
  return Object.hasOwn(report.people, run) ? report.people[run] : {};
}

/** @param {Report} report @param {{card: ReportCard, near: boolean, dirty: boolean}[]} cards filled here @param {any} around */
function sectionsOf(report, cards, around) {
  let index = 0;
  return report.view.sections.map(({ title, charts }) => {
    const mine = charts.map((chart) => {
      const onCursor = (/** @type {number | null} */ x) => { for (const other of cards) if (other.card.axis === card.axis) other.card.line()?.showCursor(x); };
      const card = reportCard(report, chart, report.charts[index++], { ...around, onCursor });
      cards.push({ card, near: false, dirty: true });
      return card.element;
    });
    return h("section", { className: "report-section" }, title && h("h2", {}, title), h("div", { className: "report-grid" }, ...mine));
  });
}

/** @param {{card: ReportCard, near: boolean, dirty: boolean}[]} cards */
function draw(cards) {
  for (const item of cards) {
    if (!item.near || !item.dirty) continue;
    item.dirty = false;
    item.card.draw();
  }
  document.documentElement.dataset.drawn = String(cards.every(({ near, dirty }) => !near || !dirty));
}

/** Draws what comes near, and everything again when the width is another. @param {{card: ReportCard, near: boolean}[]} cards @param {() => void} drawSoon @param {() => void} redraw */
function watch(cards, drawSoon, redraw) {
  const byElement = new Map(cards.map((item) => [item.card.element, item]));
  const sight = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const item = byElement.get(/** @type {HTMLElement} */ (target));
      if (item) item.near = isIntersecting;
    }
    drawSoon();
  }, { rootMargin: AHEAD });
  for (const { card } of cards) sight.observe(card.element);
  let width = 0;
  new ResizeObserver(() => {
    if (document.body.clientWidth === width) return;
    width = document.body.clientWidth;
    redraw();
  }).observe(document.body);
}

/** Paper is white: what is printed is painted light, whatever the screen shows. @param {() => void} paintAll */
function paintForPaper(paintAll) {
  /** @type {string | undefined} */
  let before;
  addEventListener("beforeprint", () => {
    before = document.documentElement.dataset.theme;
    document.documentElement.dataset.theme = "light";
    paintAll();
  });
  addEventListener("afterprint", () => {
    if (before === undefined) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = before;
    paintAll();
  });
}

/** As many columns as the fullest section fills, so that a view of three charts is not as narrow as one of twenty. @param {import("./lib/view-file.js").View} view */
function columnsFor({ sections }) {
  const wanted = sections.map(({ charts }) => charts.reduce((sum, chart) => sum + chartSize(chart).columns, 0));
  return Math.max(2, Math.min(MOST_COLUMNS, Math.max(0, ...wanted)));
}

/** @param {Report} report @param {import("./dashboards/report/report-markdown.js").ShowText} showText @param {() => void} repaint */
function headerOf({ view, runs, source }, showText, repaint) {
  const about = h("div", { className: "report-about" });
  if (view.description) showText(about, view.description);
  const theme = iconButton("theme", "Light or dark", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    theme.replaceChildren(icon(isDark() ? "moon" : "sun"));
    repaint();
  });
  const line = [plural(runs.length, "run"), source].filter(Boolean).join(" · ");
  return h("header", { className: "report-head" },
    h("div", {}, h("h1", {}, view.title), view.description && about, h("p", { className: "quiet" }, line)), theme);
}

/** @param {Report} report */
function footerOf({ made, columns, stepscope }) {
  const reduced = `Long series are reduced to the lowest and highest value in each of up to ${formatCount(columns)} columns a chart; smoothing and bands were computed from all points.`;
  return h("footer", { className: "report-foot" }, `Made ${formatTime(made)} by stepscope ${stepscope}. ${reduced} Drag to zoom, double click to show everything.`);
}

void start();
