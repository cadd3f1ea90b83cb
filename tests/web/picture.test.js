import assert from "node:assert/strict";
import { test } from "node:test";

import { recordSvg } from "../../webapp/static/charts/picture.js";
import { escapeXml, SvgRecorder } from "../../webapp/static/charts/svg-recorder.js";

const measure = (text, font) => text.length * Number(/([\d.]+)px/.exec(font)[1]) * 0.5;
const record = (draw) => {
  const recorder = new SvgRecorder(measure);
  draw(recorder);
  return recorder.toSvg(100, 50, "test");
};
const INK = { text: "rgb(1, 2, 3)", muted: "#777777", surface: "#ffffff" };
const picture = (changes = {}) => ({
  title: "loss", width: 300, height: 100, paint: () => {}, legend: [{ label: "run <a> & \"b\"", color: "#0072b2" }],
  axes: { x: "step", y: "nats", right: "accuracy" }, ink: INK, ...changes,
});

test("a stroked path keeps its points, colour, width and dashes", () => {
  const svg = record((context) => {
    context.strokeStyle = "#ff0000";
    context.lineWidth = 1.6;
    context.setLineDash([7, 3]);
    context.beginPath();
    context.moveTo(1, 2);
    context.lineTo(10.126, 20);
    context.stroke();
  });
  assert.match(svg, /<path d="M1 2L10.13 20" fill="none" stroke="#ff0000" stroke-width="1.6" stroke-dasharray="7 3"\/>/);
});

test("alpha of the context and of the colour multiply", () => {
  const svg = record((context) => {
    context.globalAlpha = 0.5;
    context.fillStyle = "rgba(255, 0, 128, 0.5)";
    context.fillRect(0, 0, 4, 5);
  });
  assert.match(svg, /<path d="M0 0L4 0L4 5L0 5Z" fill="#ff0080" fill-opacity="0.25"\/>/);
});

test("a clip holds for what is drawn until restore, and groups it", () => {
  const svg = record((context) => {
    context.save();
    context.beginPath();
    context.rect(0, 0, 10, 10);
    context.clip();
    context.fillRect(0, 0, 1, 1);
    context.fillRect(2, 2, 1, 1);
    context.restore();
    context.fillRect(5, 5, 1, 1);
  });
  assert.match(svg, /<clipPath id="c0"><path d="M0 0L10 0L10 10L0 10Z"\/><\/clipPath>/);
  assert.equal(svg.match(/<g clip-path="url\(#c0\)">/g).length, 1);
  assert.match(svg, /<\/g>\n<path d="M5 5/);
});

test("a whole circle is two halves; moved and scaled with the context", () => {
  const svg = record((context) => {
    context.translate(10, 0);
    context.scale(2, 2);
    context.beginPath();
    context.arc(5, 5, 3, 0, 2 * Math.PI);
    context.fill();
  });
  assert.match(svg, /d="M26 10A6 6 0 1 1 14 10A6 6 0 1 1 26 10Z"/);
});

test("text keeps place, alignment and font; its markup is text", () => {
  const svg = record((context) => {
    context.font = '600 14px "Segoe UI", sans-serif';
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.fillText("<script>&", 30, 10);
  });
  assert.match(svg, /<text x="30" y="14.9" font-size="14" font-family="&quot;Segoe UI&quot;, sans-serif" font-weight="600" text-anchor="end" fill="#000000" xml:space="preserve">&lt;script&gt;&amp;<\/text>/);
});

test("turned text carries its matrix", () => {
  const svg = record((context) => {
    context.translate(5, 6);
    context.rotate(-Math.PI / 2);
    context.fillText("up", 0, 0);
  });
  assert.match(svg, /<text x="0" y="0" transform="matrix\(0 -1 1 0 5 6\)"/);
});

test("characters that XML forbids are replaced", () => {
  assert.equal(escapeXml("a\u0001b\ud800c😀"), "a\ufffdb\ufffdc😀");
});

test("a picture has title, axis labels and a legend around the chart", () => {
  const sizes = [];
  const svg = recordSvg(picture({ paint: (context, width, height) => sizes.push([width, height]) }), {}, measure);
  const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((found) => found[1]);
  assert.deepEqual(texts, ["loss", "step", "nats", "accuracy", "run &lt;a&gt; &amp; &quot;b&quot;"]);
  assert.deepEqual(sizes, [[300, 100]]);
  assert.match(svg, /stroke="#0072b2"/);
  assert.match(svg, /fill="#ffffff"/);
  assert.doesNotMatch(recordSvg(picture(), { transparent: true }, measure), /#ffffff/);
});

test("long names are cut, long legends counted", () => {
  const legend = Array.from({ length: 250 }, (_, index) => ({ label: `${"long".repeat(40)} ${index}`, color: "#000000" }));
  const svg = recordSvg(picture({ legend }), {}, measure);
  assert.match(svg, /long\w*…</);
  assert.match(svg, />and 50 more</);
  assert.equal(svg.match(/long\w*…</g).length, 200);
});
