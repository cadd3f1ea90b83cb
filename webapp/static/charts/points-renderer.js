/**
 * Draws a cloud of points with WebGL2. It is drawn into a texture, in as many pieces as the graphics card needs to stay
 * quick, and shown when it is whole; what moves above it (the pointer's point, labels) never has it drawn again.
 */

import { viewMatrix, viewProjection } from "../lib/camera.js";
import { channels, Program } from "./gl-program.js";
import { ATTRIBUTES, LINE_FRAGMENT, LINE_VERTEX, POINT_FRAGMENT, POINT_VERTEX, UNIFORMS } from "./points-shaders.js";

/** @typedef {import("../lib/points-screen.js").Places} Places */

/**
 * @typedef {object} CloudData what is on the graphics card; a part that changed is another object
 * @property {Places} now
 * @property {Places | null} before
 * @property {Uint8Array | Uint16Array | Uint32Array} codes
 * @property {readonly string[]} table "#rrggbb" by code
 * @property {number} missing the largest code
 * @property {Float32Array | null} sizes 1 is the usual size
 * @property {Uint32Array | null} lines pairs of rows
 * @property {import("../lib/points-trails.js").TrailMesh | null} trails
 *
 * @typedef {object} CloudSight how it is looked at
 * @property {import("../lib/camera.js").Camera} camera
 * @property {number} share of the way from `before` to `now`
 * @property {number} width device pixels
 * @property {number} height
 * @property {number} diameter device pixels
 * @property {number} most diameter, device pixels
 * @property {number} opacity
 * @property {string} fog "#rrggbb" of what is far away
 * @property {string} quiet "#rrggbb" of what is not selected
 * @property {number} quietOpacity
 * @property {boolean} selecting some points are selected
 * @property {string} ring "#rrggbb" round what is selected
 * @property {number} ringOpacity
 *
 * @typedef {object} Piece some points: `part` as the shaders know it
 * @property {0 | 1 | 2} part
 * @property {number} from
 * @property {number} count
 * @property {number} every 1 all of them; 2 every other one …
 */

/** @typedef {{now: string, before: string, code: string, flags: string, size: string}} Names */

/** @type {Names} */
const POINTS = { now: "now", before: "before", code: "code", flags: "flags", size: "size" };
/** Lines from point to point have the same brightness everywhere. @type {Names} */
const LINES = { ...POINTS, size: "" };
/** @type {Names} */
const TRAILS = { now: "trail coordinates", before: "trail coordinates", code: "trail codes", flags: "trail flags", size: "trail fades" };

export class PointsRenderer {
  #canvas; #gl;
  /** @type {Program} */ #points;
  /** @type {Program} */ #lines;
  /** @type {Map<string, {buffer: WebGLBuffer, data: unknown, bytes: number}>} by name */ #buffers = new Map();
  /** @type {{frame: WebGLFramebuffer, color: WebGLRenderbuffer, depth: WebGLRenderbuffer, width: number, height: number} | null} */ #target = null;
  #table = { texture: /** @type {WebGLTexture | null} */ (null), colors: /** @type {readonly string[] | null} */ (null) };
  /** @type {CloudData | null} */ #data = null;

  /** Null where the browser has no WebGL2. @param {HTMLCanvasElement} canvas */
  static start(canvas) {
    const gl = canvas.getContext("webgl2", { antialias: false, alpha: true, depth: false, stencil: false });
    return gl && !gl.isContextLost() ? new PointsRenderer(canvas, gl) : null;
  }

  /** @param {HTMLCanvasElement} canvas @param {WebGL2RenderingContext} gl */
  constructor(canvas, gl) {
    this.#canvas = canvas;
    this.#gl = gl;
    this.#points = new Program(gl, POINT_VERTEX, POINT_FRAGMENT, ATTRIBUTES, UNIFORMS);
    this.#lines = new Program(gl, LINE_VERTEX, LINE_FRAGMENT, ATTRIBUTES, UNIFORMS);
  }

  get isLost() {
    return this.#gl.isContextLost();
  }

  /** Sends what changed. @param {CloudData} data @param {Uint8Array} flags @param {boolean} flagsChanged their numbers, not their array */
  send(data, flags, flagsChanged) {
    const { now, before, codes, table, sizes, lines, trails } = data;
    const gl = this.#gl;
    this.#data = data;
    if (before) this.#keep("before", gl.ARRAY_BUFFER, before.array);
    this.#keep("now", gl.ARRAY_BUFFER, now.array);
    this.#keep("code", gl.ARRAY_BUFFER, codes);
    this.#keep("flags", gl.ARRAY_BUFFER, flags, flagsChanged);
    if (sizes) this.#keep("size", gl.ARRAY_BUFFER, sizes);
    if (lines) this.#keep("lines", gl.ELEMENT_ARRAY_BUFFER, lines);
    for (const [name, array] of trails ? Object.entries(trails) : []) this.#keep(`trail ${name}`, name === "pairs" ? gl.ELEMENT_ARRAY_BUFFER : gl.ARRAY_BUFFER, array);
    if (this.#table.colors !== table) this.#sendTable(table);
  }

  /** Begins a picture: empties the texture and draws the lines. @param {CloudSight} sight */
  begin(sight) {
    const gl = this.#gl;
    this.#bindTarget(sight.width, sight.height);
    gl.viewport(0, 0, sight.width, sight.height);
    gl.clearColor(0, 0, 0, 0);
    gl.depthMask(true);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.depthFunc(gl.LEQUAL);
    if (this.#data?.lines) this.#drawLines(sight, this.#data.lines.length, LINES, "lines");
    if (this.#data?.trails) this.#drawLines({ ...sight, share: 1 }, this.#data.trails.pairs.length, TRAILS, "trail pairs");
  }

  /** @param {CloudSight} sight @param {Piece} piece */
  draw(sight, { part, from, count, every }) {
    const gl = this.#gl;
    this.#bindTarget(sight.width, sight.height);
    const program = this.#use(this.#points, sight, POINTS, from, every);
    const flat = this.#data?.now.dims !== 3;
    if (flat) gl.disable(gl.DEPTH_TEST);
    else gl.enable(gl.DEPTH_TEST);
    gl.depthMask(part !== 1); // what is selected is seen through all else
    gl.uniform1i(program.at.part, part);
    gl.uniform1f(program.at.diameter, sight.diameter * (part === 2 ? 1.15 : 1));
    gl.uniform1f(program.at.opacity, part === 2 ? Math.max(0.85, sight.opacity) : sight.opacity);
    gl.uniform4f(program.at.ring, ...channels(sight.ring), part === 2 ? sight.ringOpacity : 0);
    gl.drawArrays(gl.POINTS, 0, Math.ceil(count / every));
  }

  /** Shows what was drawn. */
  present() {
    const [gl, target] = [this.#gl, this.#target];
    if (!target) return;
    const { width, height } = target;
    if (this.#canvas.width !== width || this.#canvas.height !== height) Object.assign(this.#canvas, { width, height });
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, target.frame);
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, null);
    gl.blitFramebuffer(0, 0, width, height, 0, 0, width, height, gl.COLOR_BUFFER_BIT, gl.NEAREST);
  }

  /** Tells, asked now and then, whether the graphics card is done with what it was given. @returns {() => boolean} */
  fence() {
    const gl = this.#gl;
    const sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    return () => {
      if (!sync || gl.isContextLost()) return true;
      const done = gl.getSyncParameter(sync, gl.SYNC_STATUS) === gl.SIGNALED;
      if (done) gl.deleteSync(sync);
      return done;
    };
  }

  /** Gives back the graphics card's memory. */
  destroy() {
    this.#gl.getExtension("WEBGL_lose_context")?.loseContext();
  }

  /** @param {CloudSight} sight @param {number} corners @param {Names} names of their buffers @param {string} pairs */
  #drawLines(sight, corners, names, pairs) {
    const gl = this.#gl;
    const { at } = this.#use(this.#lines, sight, names, 0, 1);
    gl.disable(gl.DEPTH_TEST);
    gl.uniform1f(at.opacity, corners > 20_000 ? 0.35 : 0.65);
    gl.uniform1i(at.part, sight.selecting ? 1 : 0);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.#buffers.get(pairs)?.buffer ?? null);
    gl.drawElements(gl.LINES, corners, gl.UNSIGNED_INT, 0);
  }

  /** A program with its attributes, and the uniforms that both have. @param {Program} program @param {CloudSight} sight @param {Names} names of the buffers @param {number} from first point @param {number} every */
  #use(program, sight, names, from, every) {
    const gl = this.#gl;
    const { now, before, codes, missing } = /** @type {CloudData} */ (this.#data);
    gl.useProgram(program.program);
    this.#point(0, names.now, now.dims, from, every);
    this.#point(1, before && sight.share < 1 ? names.before : names.now, now.dims, from, every);
    const bytes = codes.BYTES_PER_ELEMENT;
    this.#whole(2, names.code, bytes === 1 ? gl.UNSIGNED_BYTE : bytes === 2 ? gl.UNSIGNED_SHORT : gl.UNSIGNED_INT, bytes, from, every);
    this.#whole(3, names.flags, gl.UNSIGNED_BYTE, 1, from, every);
    this.#point(4, names.size, 1, from, every);
    gl.uniform1ui(program.at.missing, missing);
    this.#place(program, sight);
    return program;
  }

  /** Where the eye is. @param {Program} program @param {CloudSight} sight */
  #place({ at }, { camera, share, width, height, most, fog, quiet, quietOpacity }) {
    const gl = this.#gl;
    const { now, before } = /** @type {CloudData} */ (this.#data);
    const view = viewMatrix(camera);
    const frames = [now, before ?? now].map(({ frame }) => /** @type {[number, number, number, number]} */ ([...frame.center, frame.scale]));
    gl.uniformMatrix4fv(at.matrix, false, viewProjection(camera, width / height));
    gl.uniform4f(at.eye, view[2], view[6], view[10], view[14]);
    gl.uniform4f(at.frame, ...frames[0]);
    gl.uniform4f(at.frameBefore, ...frames[1]);
    gl.uniform1f(at.share, before ? share : 1);
    gl.uniform1f(at.most, most);
    gl.uniform1f(at.depth, now.dims === 3 && !camera.orthographic ? camera.distance : 0);
    gl.uniform3f(at.fog, ...channels(fog));
    gl.uniform1f(at.fogFrom, now.dims === 3 ? camera.distance : 0);
    gl.uniform4f(at.quiet, ...channels(quiet), quietOpacity);
  }

  /** Numbers of a point; without a buffer all are 1. @param {number} index @param {string} name @param {number} parts @param {number} from @param {number} every */
  #point(index, name, parts, from, every) {
    const gl = this.#gl;
    const held = name === "size" && !this.#data?.sizes ? undefined : this.#buffers.get(name);
    if (!held) {
      gl.disableVertexAttribArray(index);
      return gl.vertexAttrib1f(index, 1);
    }
    gl.bindBuffer(gl.ARRAY_BUFFER, held.buffer);
    gl.enableVertexAttribArray(index);
    return gl.vertexAttribPointer(index, parts, gl.FLOAT, false, every * parts * 4, from * parts * 4);
  }

  /** A whole number of a point. @param {number} index @param {string} name @param {number} type @param {number} bytes @param {number} from @param {number} every */
  #whole(index, name, type, bytes, from, every) {
    const gl = this.#gl;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffers.get(name)?.buffer ?? null);
    gl.enableVertexAttribArray(index);
    gl.vertexAttribIPointer(index, 1, type, every * bytes, from * bytes);
  }

  /** @param {string} name @param {number} kind @param {AllowSharedBufferSource} data @param {boolean} [changed] */
  #keep(name, kind, data, changed = false) {
    const gl = this.#gl;
    const held = this.#buffers.get(name);
    if (held?.data === data && !changed) return;
    const buffer = held?.buffer ?? gl.createBuffer();
    gl.bindBuffer(kind, buffer);
    if (held?.bytes === data.byteLength) gl.bufferSubData(kind, 0, data);
    else gl.bufferData(kind, data, gl.DYNAMIC_DRAW);
    this.#buffers.set(name, { buffer, data, bytes: data.byteLength });
  }

  /** @param {readonly string[]} table */
  #sendTable(table) {
    const gl = this.#gl;
    const rows = Math.ceil(table.length / 256);
    const bytes = new Uint8Array(rows * 256 * 4).fill(255);
    table.forEach((color, at) => bytes.set(channels(color).map((part) => Math.round(part * 255)), 4 * at));
    this.#table.texture ??= gl.createTexture();
    this.#table.colors = table;
    gl.bindTexture(gl.TEXTURE_2D, this.#table.texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, rows, 0, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  }

  /** @param {number} width @param {number} height */
  #bindTarget(width, height) {
    const gl = this.#gl;
    this.#target ??= { frame: gl.createFramebuffer(), color: gl.createRenderbuffer(), depth: gl.createRenderbuffer(), width: 0, height: 0 };
    const target = this.#target;
    gl.bindFramebuffer(gl.FRAMEBUFFER, target.frame);
    if (target.width === width && target.height === height) return;
    for (const [buffer, format, place] of /** @type {[WebGLRenderbuffer, number, number][]} */ ([
      [target.color, gl.RGBA8, gl.COLOR_ATTACHMENT0], [target.depth, gl.DEPTH_COMPONENT24, gl.DEPTH_ATTACHMENT]])) {
      gl.bindRenderbuffer(gl.RENDERBUFFER, buffer);
      gl.renderbufferStorage(gl.RENDERBUFFER, format, width, height);
      gl.framebufferRenderbuffer(gl.FRAMEBUFFER, place, gl.RENDERBUFFER, buffer);
    }
    Object.assign(target, { width, height });
  }
}
