/** Small pictures for panels, as SVG whose colours come from the style sheet: bars with their running sum, and a line. */

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT] = [272, 104];
const [LEFT, RIGHT, TOP, BOTTOM] = [34, 6, 6, 16];
const INNER = { width: WIDTH - LEFT - RIGHT, height: HEIGHT - TOP - BOTTOM };

/** @param {string} tag @param {Record<string, string | number>} attributes @param {...(Node | string)} children */
function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** @param {string} label what it shows, for those who do not see it @param {Node[]} children */
const picture = (label, children) => svg("svg", { class: "small-plot", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label }, ...children);

/** @param {number} share 0 at the bottom, 1 at the top @param {string} text */
function level(share, text) {
  const y = TOP + (1 - share) * INNER.height;
  return [svg("line", { class: "level", x1: LEFT, x2: WIDTH - RIGHT, y1: y, y2: y }), svg("text", { class: "tick", x: LEFT - 4, y: y + 3, "text-anchor": "end" }, text)];
}

/** @param {number} share 0 at the left, 1 at the right @param {string} text */
const mark = (share, text) => svg("text", { class: "tick", x: LEFT + share * INNER.width, y: HEIGHT - 4, "text-anchor": share === 0 ? "start" : share === 1 ? "end" : "middle" }, text);

/**
 * Bars of shares, and the line of their sum so far.
 *
 * @param {string} label @param {readonly number[]} shares 0 … 1 each @param {readonly number[]} chosen places that are marked @param {(place: number) => string} titleOf what a bar says when pointed at
 */
export function sharesPlot(label, shares, chosen, titleOf) {
  const width = INNER.width / shares.length;
  let sum = 0;
  /** @type {string[]} */ const line = [];
  const bars = shares.map((share, place) => {
    sum += share;
    const x = LEFT + place * width;
    line.push(`${x + width / 2},${TOP + (1 - Math.min(1, sum)) * INNER.height}`);
    const height = share * INNER.height;
    const bar = svg("rect", { class: chosen.includes(place) ? "bar chosen" : "bar", x: x + width * 0.12, width: width * 0.76, y: TOP + INNER.height - height, height: Math.max(height, 0.5) });
    return svg("g", {}, svg("title", {}, titleOf(place)), svg("rect", { class: "reach", x, width, y: TOP, height: INNER.height }), bar);
  });
  return picture(label, [...level(0, "0"), ...level(0.5, "50 %"), ...level(1, "100 %"), ...bars, svg("polyline", { class: "sum", points: line.join(" ") }), mark(0, "1"), mark(1, String(shares.length))]);
}

/**
 * A line over the iterations.
 *
 * @param {string} label @param {readonly (readonly [number, number])[]} points rising in x @param {(value: number) => string} format
 */
export function linePlot(label, points, format) {
  const values = points.map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [from, to] = [points[0][0], points[points.length - 1][0]];
  const place = (/** @type {readonly [number, number]} */ [x, y]) => `${LEFT + ((x - from) / (to - from || 1)) * INNER.width},${TOP + (1 - (y - low) / (high - low || 1)) * INNER.height}`;
  return picture(label, [...level(0, format(low)), ...(high > low ? level(1, format(high)) : []), svg("polyline", { class: "curve", points: points.map(place).join(" ") }), mark(0, String(from)), mark(1, String(to))]);
}
