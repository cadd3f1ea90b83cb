/** All pictures of a tag: a row a run and a column a step. Only those in sight exist, however many there are. */

import { oncePerFrame } from "../../lib/atom.js";
import { alignSteps, cellPlace, cellsIn, filmShape, filmSize } from "../../lib/film.js";
import { placeOf } from "../../lib/nearest.js";
import { plural } from "../../lib/format.js";
import { cellWidth } from "../../state/media-settings.js";
import { h } from "../../ui/dom.js";
import { FilmCell } from "./film-cell.js";
import { lightOf } from "./image-light.js";
import { infoOf, sampleOf } from "./image-source.js";
import { thumbSize } from "./image-thumbs.js";

/** @typedef {import("./kind.js").CardHost} CardHost */
/** @typedef {import("./kind.js").KindCard} KindCard */
/** @typedef {import("./kind.js").Values} Values */

const MARGIN = 240; // CSS pixels around what is seen that are filled already
const RESTS = 90; // ms without scrolling after which pictures that flew by are asked for
const FAST = 0.1; // windows in a frame: what flies by faster is not asked for
const A_FRAME = { scrolling: 2, resting: 8 }; // pictures asked for in one frame: each costs the browser a millisecond or two

/** @implements {KindCard} */
export class FilmStrip {
  #inner = h("div", { className: "film-inner" });
  #labels = h("div", { className: "film-labels" });
  #scroll = h("div", { className: "film", tabIndex: 0, role: "group" }, this.#labels, this.#inner);
  /** @type {Map<string, FilmCell>} by row and column */ #cells = new Map();
  /** @type {FilmCell[]} */ #spare = [];
  /** @type {(Values | null)[]} */ #values = [];
  /** @type {Int32Array[]} */ #indexAt = [];
  /** @type {import("../../lib/film.js").FilmShape} */ #shape = filmShape(1, 0, 120, 1, 1);
  #laidOut = "";
  /** The cursor that was brought into sight; "" for none. */ #cursor = "";
  #geometry = "";
  #last = { left: 0, top: 0 };
  #resting = 0;
  #place = oncePerFrame(() => this.#placeCells());

  /** @param {CardHost} host @param {(run: string) => void} open */
  constructor(host, open) {
    this.host = host;
    this.open = open;
    this.#scroll.setAttribute("aria-label", `All steps of ${host.tag}`);
    this.#scroll.addEventListener("scroll", this.#place, { passive: true });
    this.#scroll.addEventListener("keydown", ({ key, target }) => {
      if (key === "Enter" && target === this.#scroll) open(host.runs()[0]?.name);
    });
    host.body.append(this.#scroll);
  }

  update() {
    const runs = this.host.runs();
    const values = runs.map(({ name }) => this.host.values(name));
    const wasAtEnd = this.#isAtEnd();
    if (values.length !== this.#values.length || values.some((own, row) => own !== this.#values[row])) {
      this.#values = values;
      this.#indexAt = alignSteps(values.map((own) => own?.step ?? new Float64Array())).indexAt;
    }
    this.#layOut(runs);
    // New pictures do not take away what somebody looks at: only an end that was in sight stays in sight.
    const cursor = `${this.host.cursor()}`;
    if (cursor !== this.#cursor || (this.host.cursor() === null && wasAtEnd)) this.#reveal(runs);
    if (values.some((own) => own !== null)) this.#cursor = cursor;
    this.#placeCells();
  }

  /** @param {import("./kind.js").CardRun[]} runs */
  #layOut(runs) {
    const columns = this.#indexAt[0]?.length ?? 0;
    const width = this.#scroll.clientWidth;
    const cell = Math.max(64, Math.round(cellWidth.get() / 2));
    const known = runs.find((_, row) => this.#values[row]?.n);
    const info = known && infoOf(this.host, known.name);
    const aspect = info ? info.width / info.height : 4 / 3;
    const laidOut = JSON.stringify([runs, columns, width, cell, aspect]);
    if (laidOut === this.#laidOut) return;
    this.#laidOut = laidOut;
    this.#shape = filmShape(runs.length, columns, cell, width, aspect);
    const size = filmSize(this.#shape);
    this.#inner.style.width = `${size.width}px`;
    this.#inner.style.height = `${size.height}px`;
    this.#labels.replaceChildren(...(runs.length > 1 ? runs.map((run, row) => this.#labelOf(run, row)) : []));
    this.host.note(runs.length > 1 ? `${plural(columns, "step")}` : "");
    const geometry = JSON.stringify([runs.map(({ name }) => name), cell, this.#shape.high, runs.length === 1 && this.#shape.perLine]);
    if (geometry === this.#geometry) return; // only more steps
    this.#geometry = geometry;
    for (const [key, film] of this.#cells) this.#release(key, film);
  }

  #isAtEnd() {
    const { scrollLeft, scrollTop, clientWidth, clientHeight, scrollWidth, scrollHeight } = this.#scroll;
    return this.#shape.rows === 1 ? scrollTop + clientHeight >= scrollHeight - 2 : scrollLeft + clientWidth >= scrollWidth - 2;
  }

  /** @param {import("./kind.js").CardRun} run @param {number} row */
  #labelOf({ label, color }, row) {
    const swatch = h("span", { className: "swatch" });
    swatch.style.background = color;
    const element = h("div", { className: "film-label", title: label }, swatch, h("bdi", {}, label));
    element.style.top = `${row * (this.#shape.high + this.#shape.head)}px`;
    return element;
  }

  /** Brings the pictures at the cursor into sight. @param {import("./kind.js").CardRun[]} runs */
  #reveal(runs) {
    const row = runs.findIndex(({ name }) => this.host.at(name) >= 0);
    if (row < 0) return;
    const column = this.#indexAt[row].indexOf(this.host.at(runs[row].name));
    const { left, top } = cellPlace(this.#shape, row, column);
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = this.#scroll;
    const { cell, high } = this.#shape;
    if (left < scrollLeft || left + cell > scrollLeft + clientWidth) this.#scroll.scrollLeft = left - (clientWidth - cell) / 2;
    if (runs.length === 1 && (top < scrollTop || top + high > scrollTop + clientHeight)) this.#scroll.scrollTop = top - (clientHeight - high) / 2;
  }

  #placeCells() {
    const { scrollLeft: left, scrollTop: top, clientWidth: width, clientHeight: height } = this.#scroll;
    if (width === 0) return;
    const [byX, byY] = [Math.abs(left - this.#last.left), Math.abs(top - this.#last.top)];
    const fast = byX > FAST * width || byY > FAST * height;
    this.#last = { left, top };
    const { rows, columns } = cellsIn(this.#shape, { left, top, width, height }, fast ? 0 : MARGIN);
    const inSight = (/** @type {FilmCell} */ { row, column }) => row >= rows[0] && row < rows[1] && column >= columns[0] && column < columns[1];
    for (const [key, film] of this.#cells) if (!inSight(film)) this.#release(key, film);
    const waiting = this.#fill(rows, columns, fast ? 0 : byX + byY > 0 ? A_FRAME.scrolling : A_FRAME.resting);
    for (const film of this.#spare) film.hide();
    if (!waiting) return;
    clearTimeout(this.#resting);
    if (fast) this.#resting = window.setTimeout(() => this.#placeCells(), RESTS);
    else this.#place();
  }

  /** Makes the cells of these rows and columns. @param {[number, number]} rows @param {[number, number]} columns @param {number} room pictures that may be asked for now @returns {boolean} whether some had to wait */
  #fill(rows, columns, room) {
    const runs = this.host.runs();
    const look = { size: thumbSize(this.#shape.cell), ...lightOf(this.host) };
    let left = room;
    let waiting = false;
    for (let row = rows[0]; row < rows[1]; row += 1) {
      const { name } = runs[row];
      const [at, sample] = [this.host.at(name), sampleOf(this.host, name)];
      for (let column = columns[0]; column < columns[1]; column += 1) {
        const index = this.#indexAt[row]?.[column] ?? -1;
        if (index < 0) continue;
        const done = this.#cellAt(row, column, name, index).update({ ...look, sample, selected: at === index, ask: left > 0 });
        if (done === "asked") left -= 1;
        if (done === "waits") waiting = true;
      }
    }
    return waiting;
  }

  /** @param {number} row @param {number} column @param {string} run @param {number} index */
  #cellAt(row, column, run, index) {
    const key = `${row}:${column}`;
    const known = this.#cells.get(key);
    const film = known ?? this.#spare.pop() ?? this.#newCell();
    if (!known) this.#cells.set(key, film);
    if (known && film.index === index) return film;
    film.assign({ row, column, run, index, step: /** @type {Values} */ (this.#values[row]).step[index] }, cellPlace(this.#shape, row, column), this.#shape);
    if (!film.element.isConnected) this.#inner.append(film.element);
    return film;
  }

  #newCell() {
    return new FilmCell(this.host, {
      pick: (run, index) => this.host.moveTo(placeOf(/** @type {Values} */ (this.host.values(run)), index, this.host.axis())),
      open: this.open,
    });
  }

  /** @param {string} key @param {FilmCell} film */
  #release(key, film) {
    this.#cells.delete(key);
    film.release();
    this.#spare.push(film);
  }

  /** Asks again for pictures that could not be had. */
  retry() {
    for (const film of this.#cells.values()) film.retry();
    this.#place();
  }

  ready() {
    return this.#values.length > 0 && this.#values.every((values) => values !== null) && [...this.#cells.values()].every((film) => film.ready);
  }

  destroy() {
    clearTimeout(this.#resting);
    for (const film of this.#cells.values()) film.release();
  }
}
