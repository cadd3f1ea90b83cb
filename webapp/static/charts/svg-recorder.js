/**
 * The canvas 2D calls that our charts paint with, written down as SVG: a chart is drawn by the same code on the screen
 * and into a file. Attributes only (no CSS), so that editors other than browsers show the same.
 */

/** @typedef {[number, number, number, number, number, number]} Matrix as of canvas: a b c d e f */

/** @typedef {ReturnType<typeof initialState>} State */

function initialState() {
  return {
    fillStyle: "#000000", strokeStyle: "#000000", lineWidth: 1, lineJoin: "miter", lineCap: "butt", globalAlpha: 1,
    font: "10px sans-serif", textAlign: "start", textBaseline: "alphabetic",
    dash: /** @type {number[]} */ ([]), matrix: /** @type {Matrix} */ ([1, 0, 0, 1, 0, 0]), clip: "",
  };
}

/** How far the baseline lies below the point that canvas calls by these names, in parts of the font size. */
const BASELINES = new Map([["middle", 0.35], ["top", 0.8], ["hanging", 0.8], ["bottom", -0.2], ["ideographic", -0.2]]);
const ANCHORS = new Map([["center", "middle"], ["right", "end"], ["end", "end"]]);
const FONT = /^\s*(?:(italic)\s+)?(?:(\d{3}|bold|normal)\s+)?([\d.]+)px(?:\/\S+)?\s+(.+)$/;

export class SvgRecorder {
  /** @type {State[]} */ #stack = [];
  /** @type {State} */ #state = initialState();
  /** @type {string[]} */ #parts = [];
  /** @type {string[]} */ #clips = [];
  /** @type {(text: string, font: string) => number} */ #measure;
  #path = "";
  #openClip = "";

  /** @param {(text: string, font: string) => number} measure width of a text in a font, pixels */
  constructor(measure) {
    this.#measure = measure;
  }

  set fillStyle(/** @type {string} */ value) { this.#state.fillStyle = value; }
  get fillStyle() { return this.#state.fillStyle; }
  set strokeStyle(/** @type {string} */ value) { this.#state.strokeStyle = value; }
  get strokeStyle() { return this.#state.strokeStyle; }
  set lineWidth(/** @type {number} */ value) { this.#state.lineWidth = value; }
  get lineWidth() { return this.#state.lineWidth; }
  set lineJoin(/** @type {string} */ value) { this.#state.lineJoin = value; }
  get lineJoin() { return this.#state.lineJoin; }
  set lineCap(/** @type {string} */ value) { this.#state.lineCap = value; }
  get lineCap() { return this.#state.lineCap; }
  set globalAlpha(/** @type {number} */ value) { this.#state.globalAlpha = value; }
  get globalAlpha() { return this.#state.globalAlpha; }
  set font(/** @type {string} */ value) { this.#state.font = value; }
  get font() { return this.#state.font; }
  set textAlign(/** @type {string} */ value) { this.#state.textAlign = value; }
  get textAlign() { return this.#state.textAlign; }
  set textBaseline(/** @type {string} */ value) { this.#state.textBaseline = value; }
  get textBaseline() { return this.#state.textBaseline; }

  save() {
    this.#stack.push({ ...this.#state });
  }

  restore() {
    this.#state = this.#stack.pop() ?? this.#state;
  }

  /** @param {number[]} dash */
  setLineDash(dash) {
    this.#state.dash = [...dash];
  }

  getLineDash() {
    return [...this.#state.dash];
  }

  /** @param {number} x @param {number} y */
  translate(x, y) {
    this.#transform([1, 0, 0, 1, x, y]);
  }

  /** @param {number} x @param {number} y */
  scale(x, y) {
    this.#transform([x, 0, 0, y, 0, 0]);
  }

  /** @param {number} angle radians */
  rotate(angle) {
    this.#transform([Math.cos(angle), Math.sin(angle), -Math.sin(angle), Math.cos(angle), 0, 0]);
  }

  beginPath() {
    this.#path = "";
  }

  closePath() {
    this.#path += "Z";
  }

  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    this.#path += `M${this.#at(x, y)}`;
  }

  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    this.#path += `${this.#path ? "L" : "M"}${this.#at(x, y)}`;
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  rect(x, y, width, height) {
    this.#path += rectangle((px, py) => this.#at(px, py), x, y, width, height);
  }

  /** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 @param {number} x @param {number} y */
  bezierCurveTo(x1, y1, x2, y2, x, y) {
    this.#path += `C${this.#at(x1, y1)} ${this.#at(x2, y2)} ${this.#at(x, y)}`;
  }

  /** @param {number} x1 @param {number} y1 @param {number} x @param {number} y */
  quadraticCurveTo(x1, y1, x, y) {
    this.#path += `Q${this.#at(x1, y1)} ${this.#at(x, y)}`;
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height @param {number} radius at most half of the shorter side */
  roundRect(x, y, width, height, radius) {
    const [right, bottom] = [x + width, y + height];
    const r = Math.min(radius, width / 2, height / 2);
    const corner = (/** @type {number} */ px, /** @type {number} */ py) => `A${short(r * this.#zoom())} ${short(r * this.#zoom())} 0 0 1 ${this.#at(px, py)}`;
    this.#path += `M${this.#at(x + r, y)}L${this.#at(right - r, y)}${corner(right, y + r)}L${this.#at(right, bottom - r)}${corner(right - r, bottom)}` +
      `L${this.#at(x + r, bottom)}${corner(x, bottom - r)}L${this.#at(x, y + r)}${corner(x + r, y)}Z`;
  }

  /** @param {number} x @param {number} y @param {number} radius @param {number} from @param {number} to radians */
  arc(x, y, radius, from, to) {
    const r = short(radius * this.#zoom());
    const point = (/** @type {number} */ angle) => this.#at(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
    const whole = Math.abs(to - from) >= 2 * Math.PI - 1e-6;
    const large = Math.abs(to - from) > Math.PI ? 1 : 0;
    const start = `${this.#path && !whole ? "L" : "M"}${point(from)}`;
    // SVG draws nothing from a point to itself: a circle is two halves.
    this.#path += whole ? `${start}A${r} ${r} 0 1 1 ${point(from + Math.PI)}A${r} ${r} 0 1 1 ${point(from)}Z` : `${start}A${r} ${r} 0 ${large} 1 ${point(to)}`;
  }

  stroke() {
    if (this.#path) this.#emit(`<path d="${this.#path}" fill="none"${this.#strokeAttributes()}/>`);
  }

  fill() {
    if (this.#path) this.#emit(`<path d="${this.#path}"${this.#paintAttributes("fill", this.#state.fillStyle)}/>`);
  }

  clip() {
    const id = `c${this.#clips.length}`;
    const within = this.#state.clip ? ` clip-path="url(#${this.#state.clip})"` : "";
    this.#clips.push(`<clipPath id="${id}"${within}><path d="${this.#path}"/></clipPath>`);
    this.#state.clip = id;
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  fillRect(x, y, width, height) {
    const path = rectangle((px, py) => this.#at(px, py), x, y, width, height);
    this.#emit(`<path d="${path}"${this.#paintAttributes("fill", this.#state.fillStyle)}/>`);
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  strokeRect(x, y, width, height) {
    const path = rectangle((px, py) => this.#at(px, py), x, y, width, height);
    this.#emit(`<path d="${path}" fill="none"${this.#strokeAttributes()}/>`);
  }

  /** There is nothing below. */
  clearRect() {}

  /** @param {string} text */
  measureText(text) {
    return { width: this.#measure(text, this.#state.font) };
  }

  /** @param {string} text @param {number} x @param {number} y */
  fillText(text, x, y) {
    this.#text(text, x, y, this.#paintAttributes("fill", this.#state.fillStyle));
  }

  /** @param {string} text @param {number} x @param {number} y */
  strokeText(text, x, y) {
    this.#text(text, x, y, ` fill="none"${this.#strokeAttributes()}`);
  }

  /**
   * A picture, or a part of one, becomes a part of the file.
   *
   * @param {CanvasImageSource} image @param {...number} box as of canvas: where it comes (x, y, width, height), before it what part of the picture
   */
  drawImage(image, ...box) {
    const [x, y, width, height] = box.slice(-4);
    const canvas = document.createElement("canvas");
    const whole = /** @type {{width: number, height: number}} */ (/** @type {unknown} */ (image));
    const part = box.length === 8 ? box.slice(0, 4) : [0, 0, whole.width, whole.height];
    Object.assign(canvas, { width: Math.max(1, Math.round(part[2])), height: Math.max(1, Math.round(part[3])) });
    canvas.getContext("2d")?.drawImage(image, part[0], part[1], part[2], part[3], 0, 0, canvas.width, canvas.height);
    const [a, b, c, d, e, f] = this.#state.matrix.map((number) => Number(number.toFixed(4)));
    const opacity = this.#state.globalAlpha < 1 ? ` opacity="${this.#state.globalAlpha}"` : "";
    const place = `x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" transform="matrix(${a} ${b} ${c} ${d} ${e} ${f})"`;
    this.#emit(`<image ${place} preserveAspectRatio="none"${opacity} href="${canvas.toDataURL()}"/>`);
  }

  /** @param {string} text @param {number} x @param {number} y @param {string} paint attributes */
  #text(text, x, y, paint) {
    const { font, textAlign, textBaseline, matrix } = this.#state;
    const [, style, weight, size, family] = FONT.exec(font) ?? ["", "", "", "10", "sans-serif"];
    const down = (BASELINES.get(textBaseline) ?? 0) * Number(size);
    const [a, b, c, d] = matrix;
    const turned = a !== 1 || b !== 0 || c !== 0 || d !== 1;
    const [px, py] = turned ? [x, y + down] : [x + matrix[4], y + down + matrix[5]];
    const place = `x="${short(px)}" y="${short(py)}"${turned ? ` transform="matrix(${matrix.map((part) => Number(part.toFixed(4))).join(" ")})"` : ""}`;
    const anchor = ANCHORS.get(textAlign);
    const look = `${style ? ' font-style="italic"' : ""}${weight ? ` font-weight="${weight}"` : ""}${anchor ? ` text-anchor="${anchor}"` : ""}`;
    this.#emit(`<text ${place} font-size="${size}" font-family="${escapeXml(family)}"${look}${paint} xml:space="preserve">${escapeXml(text)}</text>`);
  }

  /** The whole document. @param {number} width @param {number} height pixels @param {string} title */
  toSvg(width, height, title) {
    const body = this.#openClip ? [...this.#parts, "</g>"] : this.#parts;
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<svg xmlns="http://www.w3.org/2000/svg" width="${short(width)}" height="${short(height)}" viewBox="0 0 ${short(width)} ${short(height)}">`,
      `<title>${escapeXml(title)}</title>`,
      `<defs>${this.#clips.join("")}</defs>`,
      ...body,
      "</svg>\n",
    ].join("\n");
  }

  /** Elements with the same clip share a group. @param {string} element */
  #emit(element) {
    const { clip } = this.#state;
    if (clip !== this.#openClip) {
      if (this.#openClip) this.#parts.push("</g>");
      if (clip) this.#parts.push(`<g clip-path="url(#${clip})">`);
      this.#openClip = clip;
    }
    this.#parts.push(element);
  }

  #strokeAttributes() {
    const { strokeStyle, lineWidth, lineJoin, lineCap, dash } = this.#state;
    const zoom = this.#zoom();
    const dashes = dash.length ? ` stroke-dasharray="${dash.map((part) => short(part * zoom)).join(" ")}"` : "";
    const shape = `${lineJoin === "miter" ? "" : ` stroke-linejoin="${lineJoin}"`}${lineCap === "butt" ? "" : ` stroke-linecap="${lineCap}"`}`;
    return `${this.#paintAttributes("stroke", strokeStyle)} stroke-width="${short(lineWidth * zoom)}"${shape}${dashes}`;
  }

  /** @param {"fill" | "stroke"} what @param {string} style */
  #paintAttributes(what, style) {
    const { color, alpha } = opaque(style);
    const opacity = alpha * this.#state.globalAlpha;
    return ` ${what}="${escapeXml(color)}"${opacity < 1 ? ` ${what}-opacity="${Number(opacity.toFixed(3))}"` : ""}`;
  }

  #zoom() {
    const [a, b, c, d] = this.#state.matrix;
    return Math.sqrt(Math.abs(a * d - b * c));
  }

  /** @param {number} x @param {number} y */
  #at(x, y) {
    const [a, b, c, d, e, f] = this.#state.matrix;
    return `${short(a * x + c * y + e)} ${short(b * x + d * y + f)}`;
  }

  /** @param {Matrix} next */
  #transform([a, b, c, d, e, f]) {
    const [A, B, C, D, E, F] = this.#state.matrix;
    this.#state.matrix = [A * a + C * b, B * a + D * b, A * c + C * d, B * c + D * d, A * e + C * f + E, B * e + D * f + F];
  }
}

/** @param {(x: number, y: number) => string} at @param {number} x @param {number} y @param {number} width @param {number} height */
function rectangle(at, x, y, width, height) {
  return `M${at(x, y)}L${at(x + width, y)}L${at(x + width, y + height)}L${at(x, y + height)}Z`;
}

/** Hundredths of a pixel are finer than any screen or print. @param {number} value */
function short(value) {
  return String(Math.round(value * 100) / 100);
}

/** "rgba(1, 2, 3, 0.5)" → a colour that SVG 1.1 knows, and how much of it. @param {string} style */
function opaque(style) {
  const parts = /^rgba?\(([^)]+)\)$/.exec(style)?.[1].split(/[\s,/]+/).map(Number);
  if (!parts || parts.length < 3) return { color: style, alpha: 1 };
  const color = `#${parts.slice(0, 3).map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
  return { color, alpha: parts[3] ?? 1 };
}

/** Names come out of logs: markup is escaped, and characters that XML forbids are shown as such. @param {string} text */
export function escapeXml(text) {
  return String(text)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd")
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
