/** Boot: state from the URL, the frame of the page, the dashboards. */

import { oncePerFrame } from "./lib/atom.js";
import { runPanel } from "./dashboards/run-panel.js";
import { PageDeck } from "./dashboards/page-deck.js";
import { following, isTyping, KEY_HELP } from "./dashboards/scalar-keys.js";
import { followEvents } from "./state/events.js";
import { connection, follow } from "./state/follow.js";
import { firstDrawn, idle } from "./state/first-cards.js";
import { askAhead } from "./state/kinds-catalog.js";
import { stateFile, stateMessage } from "./state/user-state.js";
import { keepSettings } from "./state/settings.js";
import * as store from "./state/store.js";
import { pageHeader } from "./dashboards/page-header.js";
import { h } from "./ui/dom.js";
import { notice } from "./ui/notice.js";
import { progress } from "./ui/start-page.js";

const THEMES = /** @type {const} */ (["system", "light", "dark"]);

/** The pages in the order of the header. */
const PAGES = [
  { id: "scalars", title: "Scalars", load: () => import("./dashboards/scalars.js").then(({ scalars }) => scalars) },
  { id: "runs", title: "Runs", load: () => import("./dashboards/runs/page.js").then(({ runs }) => runs) },
  { id: "views", title: "Views", load: () => import("./dashboards/views/page.js").then(({ views }) => views) },
  { id: "hparams", title: "Hyperparameters", load: () => import("./dashboards/hparams/page.js").then(({ hparams }) => hparams) },
  { id: "media", title: "Media", load: () => withKinds(import("./dashboards/media/page.js")).then(({ media }) => media) },
  { id: "distributions", title: "Distributions", load: () => withKinds(import("./dashboards/distributions/page.js")).then(({ distributions }) => distributions) },
  { id: "graph", title: "Graph", load: () => import("./dashboards/graph/page.js").then(({ graph }) => graph) },
  { id: "projector", title: "Projector", load: () => import("./dashboards/projector/page.js").then(({ projector }) => projector) },
  { id: "profile", title: "Profile", load: () => import("./dashboards/profile/page.js").then(({ profile }) => profile) },
];

/** Asks which kinds there are while a page that shows them is on its way. @template T @param {Promise<T>} page */
function withKinds(page) {
  askAhead();
  return page;
}

/** Pages that nobody has opened yet come while there is nothing else to do. @param {(id: string) => Promise<void>} fetch @param {PageDeck} deck */
async function fetchAhead(fetch, deck) {
  await firstDrawn();
  for (const { id } of PAGES) {
    await idle();
    await fetch(id);
    await idle();
    deck.prepare(id);
  }
  for (const dialogs of [() => import("./dashboards/alerts/panel.js"), () => import("./dashboards/runs/run-dialogs.js")]) {
    await idle();
    await dialogs().catch(() => {}); // whoever opens one is told
  }
}

/** What a click asks for and cannot have is told, whoever asked: the dashboard is away, or another version by now. */
function tellMissingParts() {
  addEventListener("unhandledrejection", ({ reason }) => {
    const isOfModule = (reason instanceof TypeError || reason instanceof SyntaxError) && /module/i.test(reason.message);
    if (isOfModule) stateMessage.set("This part of the page could not be loaded. Is the dashboard running? Reload the page to try again.");
  });
}

/** @param {import("./state/store.js").Theme} theme */
function showTheme(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** Keys of every page. */
const KEYS_ANYWHERE = [["t", "theme: system, light, dark"], ["?", "this list"]];

/** @param {string[][]} keys of the page */
async function showHelp(keys) {
  (await import("./ui/dialogs.js")).showHelp([...keys, ...KEYS_ANYWHERE]);
}

/** What is wrong with the file of names, notes and views. */
function stateNotice() {
  const { element, show } = notice();
  stateFile.subscribe(({ where, problem }) => show(where ? problem : "")); // without a file it matters once something was changed
  stateMessage.subscribe(show);
  return element;
}

function start() {
  tellMissingParts();
  keepSettings();
  showTheme(store.theme.get());
  const nextTheme = () => store.theme.set(following(THEMES, store.theme.get()));
  const panel = runPanel();
  const main = h("main", { className: "main" });
  const reading = progress();
  const app = h("div", { id: "app" }, pageHeader(PAGES, { onTheme: nextTheme, onHelp: () => help(), onAim: (id) => void fetchPage(id) }), panel.element, main, stateNotice());
  document.body.replaceChildren(app);
  main.append(reading.element);
  store.sidebarWidth.subscribe((width) => app.style.setProperty("--sidebar", `${width}px`));
  app.style.setProperty("--sidebar", `${store.sidebarWidth.get()}px`);

  /** @type {import("./state/series-store.js").SeriesStore[]} one for each page that draws series */
  const stores = [];
  const deck = new PageDeck(main, PAGES, { keepCurrent: (series) => void stores.push(series), focusRunFilter: () => panel.focusFilter() });
  const help = () => showHelp(deck.keys() ?? KEY_HELP);
  const fetchPage = (/** @type {string} */ id) => deck.fetch(id).catch(() => {}); // whoever opens it is told
  const showPage = (/** @type {string} */ id) => {
    app.dataset.page = id;
    deck.show(id);
  };
  store.page.subscribe(showPage);
  showPage(store.page.get());
  const repaint = oncePerFrame(() => {
    panel.refresh();
    deck.recolor();
  });
  store.theme.subscribe((theme) => {
    showTheme(theme);
    repaint();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  store.status.subscribe((status) => {
    reading.update(status);
    document.title = status?.window_title || "stepscope";
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") help();
    if (event.key === "t") nextTheme();
  });
  connection.subscribe(({ state }) => {
    if (state === "live" || state === "polling") for (const series of stores) series.retry(); // what failed while the server was away
  });
  void fetchAhead(fetchPage, deck);
  followEvents();
  follow((version, runs) => {
    for (const series of stores) series.changed(version, runs);
  });
}

/** A script that a script added waits neither for the body nor for the colours that charts read. */
async function framed() {
  const told = (/** @type {EventTarget} */ target, /** @type {string[]} */ ...events) => new Promise((done) => events.forEach((event) => target.addEventListener(event, done, { once: true })));
  if (!document.body) await told(document, "DOMContentLoaded");
  const styles = document.querySelector('link[rel="stylesheet"]');
  if (styles instanceof HTMLLinkElement && !styles.sheet && document.readyState !== "complete") await told(styles, "load", "error");
}

void framed().then(start);
