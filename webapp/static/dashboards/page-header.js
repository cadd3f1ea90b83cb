/** The top of the page: name, pages, whether we are live, theme and help. */

import { formatAge, formatCompact } from "../lib/format.js";
import { changedAt, connection } from "../state/follow.js";
import * as store from "../state/store.js";
import { h, icon, iconButton } from "../ui/dom.js";
import { troubleText } from "../ui/start-page.js";
import { alertBell } from "./alerts/bell.js";

const EDGE = 8; // pixels of the strip of pages that hide nothing

/**
 * @param {{id: string, title: string}[]} pages
 * @param {{onTheme: () => void, onHelp: () => void, onAim: (id: string) => void}} events `onAim`: somebody is about to open a page
 */
export function pageHeader(pages, { onTheme, onHelp, onAim }) {
  const nav = h("nav", { "aria-label": "Pages" }, ...pages.map(({ id, title }) => pageLink(id, title, onAim)));
  const showPage = (/** @type {string} */ shown) => {
    for (const [index, link] of [...nav.children].entries()) {
      if (pages[index].id === shown) {
        link.setAttribute("aria-current", "page");
        if (nav.isConnected) link.scrollIntoView({ block: "nearest", inline: "nearest" });
      } else link.removeAttribute("aria-current");
    }
  };
  store.page.subscribe(showPage);
  showPage(store.page.get());
  const showMore = () => {
    nav.classList.toggle("more-left", nav.scrollLeft > EDGE);
    nav.classList.toggle("more-right", nav.scrollLeft + nav.clientWidth < nav.scrollWidth - EDGE);
  };
  nav.addEventListener("scroll", showMore, { passive: true });
  new ResizeObserver(() => {
    showMore();
    nav.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }).observe(nav);
  const theme = iconButton("theme", "Theme", onTheme);
  const showTheme = () => {
    const drawings = /** @type {const} */ ({ system: "theme", light: "sun", dark: "moon" });
    theme.replaceChildren(icon(drawings[store.theme.get()]));
    theme.title = `Theme: ${store.theme.get()} (t)`;
    theme.setAttribute("aria-label", theme.title);
  };
  store.theme.subscribe(showTheme);
  showTheme();
  return h("header", { className: "top" }, h("div", { className: "brand" }, "stepscope"), nav, liveState(), alertBell(), theme,
    h("button", { type: "button", className: "icon-button wide-only", title: "Keys and mouse (?)", "aria-label": "Keys and mouse", onclick: onHelp }, "?"));
}

/** @param {string} id @param {string} title @param {(id: string) => void} onAim */
function pageLink(id, title, onAim) {
  const aim = () => onAim(id);
  return h("a", { href: `#${id}`, onclick: (/** @type {Event} */ event) => open(event, id), onpointerenter: aim, onfocus: aim }, title);
}

/** Following the link itself would drop what the URL holds. @param {Event} event @param {string} id */
function open(event, id) {
  event.preventDefault();
  store.page.set(id);
}

function liveState() {
  const text = h("span", { className: "live-text" });
  const spoken = h("span", { className: "spoken", role: "status" });
  const element = h("div", { className: "live" }, h("span", { className: "dot" }), text, spoken);
  const update = () => {
    const { state } = connection.get();
    element.dataset.state = state;
    const line = lineOf();
    const trouble = troubleText(store.status.get()?.files ?? { count: 0, damaged: 0, truncated: 0, unreadable: 0 });
    text.replaceChildren(line, ...(trouble ? [" · ", h("b", {}, trouble)] : []));
    element.title = trouble ? `${line} · ${trouble}` : line;
  };
  connection.subscribe(({ state }) => {
    spoken.textContent = state === "lost" ? "Disconnected, retrying" : "";
    update();
  });
  store.status.subscribe(update);
  changedAt.subscribe(update);
  setInterval(() => document.hidden || update(), 1000);
  update();
  return element;
}

/** "live · 10.2 M points · 0.4 s ago" */
function lineOf() {
  const { state, retryAt } = connection.get();
  const status = store.status.get();
  if (state === "lost") return `disconnected, retrying in ${Math.max(1, Math.ceil((retryAt - Date.now()) / 1000))} s`;
  const words = { connecting: "connecting", live: "live", polling: "live, by asking", paused: "paused" };
  const parts = [/** @type {string} */ (words[state])];
  if (status?.scalar_points) parts.push(`${formatCompact(status.scalar_points)} points`); // a log may hold profiles alone
  if (changedAt.get()) parts.push(`${formatAge((Date.now() - changedAt.get()) / 1000)} ago`);
  return parts.join(" · ");
}
