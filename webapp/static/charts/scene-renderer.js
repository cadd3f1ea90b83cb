/**
 * Draws scenes with WebGL2. One context serves the whole page, since a browser allows some sixteen: it draws into a
 * canvas that nobody sees, from which each picture is copied to its own.
 */

import { viewMatrix, viewProjection } from "../lib/camera.js";
import { cornerNormals, edgesOf } from "../lib/scene-data.js";
import { channels, Program } from "./gl-program.js";
import { FACE_FRAGMENT, FACE_VERTEX, POINT_FRAGMENT, POINT_VERTEX } from "./scene-shaders.js";

/** @typedef {import("../lib/scene-data.js").Scene} Scene */
/** @typedef {import("../lib/camera.js").Camera} Camera */

/**
 * @typedef {object} SceneLook
 * @property {"smooth" | "flat" | "wireframe" | "points"} shading of faces
 * @property {number} pointSize pixels
 * @property {string} tint "#rrggbb" of what has no colours of its own
 * @property {string} fog "#rrggbb" of the background
 *
 * @typedef {object} Drawing
 * @property {Scene} scene
 * @property {{offset: import("../lib/camera.js").Vector, factor: number}} place
 * @property {Camera} camera
 * @property {SceneLook} look
 * @property {number} from the first point drawn; above 0 they are added to the last picture
 * @property {number} most points drawn at most; they are ordered so that the first cover the whole
 *
 * @typedef {{position: WebGLBuffer, color: WebGLBuffer | null, face: WebGLBuffer | null, normal: WebGLBuffer | null, edge: {buffer: WebGLBuffer, count: number} | null}} Model buffers of a scene
 */

const ROUND = 2.6; // pixels: a larger point is a disc
const ATTRIBUTES = ["position", "color", "normal"];
const UNIFORMS = ["view", "matrix", "place", "tint", "tinted", "size", "fog", "depth", "round", "flatness"];

/** @type {SceneRenderer | null | undefined} */
let shared;

/** The page's renderer; null where the browser has no WebGL2. */
export function sceneRenderer() {
  if (shared === undefined) shared = SceneRenderer.start();
  return shared;
}

class SceneRenderer {
  /** Called when the graphics card is back: everything is to be drawn anew. */
  onRestored = () => {};
  canvas;
  /** @type {WebGL2RenderingContext} */ #gl;
  /** @type {Map<Scene, Model>} */ #models = new Map();
  /** @type {Program} */ #points;
  /** @type {Program} */ #faces;

  static start() {
    const canvas = document.createElement("canvas");
    const gl = canvas.getContext("webgl2", { antialias: true, alpha: true, powerPreference: "low-power" });
    return gl ? new SceneRenderer(canvas, gl) : null;
  }

  /** @param {HTMLCanvasElement} canvas @param {WebGL2RenderingContext} gl */
  constructor(canvas, gl) {
    this.canvas = canvas;
    this.#gl = gl;
    this.#points = new Program(gl, POINT_VERTEX, POINT_FRAGMENT, ATTRIBUTES, UNIFORMS);
    this.#faces = new Program(gl, FACE_VERTEX, FACE_FRAGMENT, ATTRIBUTES, UNIFORMS);
    canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
    canvas.addEventListener("webglcontextrestored", () => {
      this.#models.clear();
      this.#points = new Program(gl, POINT_VERTEX, POINT_FRAGMENT, ATTRIBUTES, UNIFORMS);
      this.#faces = new Program(gl, FACE_VERTEX, FACE_FRAGMENT, ATTRIBUTES, UNIFORMS);
      this.onRestored();
    });
  }

  /** @param {Drawing} drawing @param {CanvasRenderingContext2D} target @param {number} width device pixels @param {number} height */
  draw(drawing, target, width, height) {
    const gl = this.#gl;
    if (gl.isContextLost() || width === 0 || height === 0) return;
    if (this.canvas.width < width) this.canvas.width = width;
    if (this.canvas.height < height) this.canvas.height = height;
    gl.viewport(0, this.canvas.height - height, width, height); // its upper left corner
    gl.enable(gl.DEPTH_TEST);
    gl.clearColor(0, 0, 0, 0);
    const { scene, look, from } = drawing;
    if (from === 0) gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT); // nobody sees the canvas: what it shows stays
    if (scene.header.points > 0) {
      if (drawsPoints(scene, look)) this.#drawPoints(drawing, width / height);
      else if (look.shading === "wireframe") this.#drawEdges(drawing, width / height);
      else this.#drawFaces(drawing, width / height);
    }
    target.drawImage(this.canvas, 0, 0, width, height, 0, 0, width, height);
  }

  /** Gives back what a scene holds on the graphics card. @param {Scene} scene */
  forget(scene) {
    const model = this.#models.get(scene);
    if (!model) return;
    this.#models.delete(scene);
    for (const buffer of [model.position, model.color, model.face, model.normal, model.edge?.buffer]) this.#gl.deleteBuffer(buffer ?? null);
  }

  /** @param {Drawing} drawing @param {number} aspect */
  #drawPoints(drawing, aspect) {
    const gl = this.#gl;
    const program = this.#begin(this.#points, drawing, aspect);
    gl.uniform1f(program.at.round, drawing.look.pointSize >= ROUND ? 1 : 0);
    gl.drawArrays(gl.POINTS, drawing.from, Math.min(drawing.scene.header.points - drawing.from, drawing.most));
  }

  /** @param {Drawing} drawing @param {number} aspect */
  #drawEdges(drawing, aspect) {
    const gl = this.#gl;
    const { scene } = drawing;
    const program = this.#begin(this.#points, drawing, aspect);
    const model = this.#modelOf(scene);
    if (!model.edge) {
      const edges = edgesOf(/** @type {Uint32Array} */ (scene.face), scene.header.points);
      model.edge = { buffer: this.#upload(gl.ELEMENT_ARRAY_BUFFER, edges), count: edges.length };
    }
    gl.uniform1f(program.at.round, 0);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, model.edge.buffer);
    gl.drawElements(gl.LINES, model.edge.count, gl.UNSIGNED_INT, 0);
  }

  /** @param {Drawing} drawing @param {number} aspect */
  #drawFaces(drawing, aspect) {
    const gl = this.#gl;
    const { scene, look } = drawing;
    const face = /** @type {Uint32Array} */ (scene.face);
    const program = this.#begin(this.#faces, drawing, aspect);
    const model = this.#modelOf(scene);
    if (look.shading === "smooth") model.normal ??= this.#upload(gl.ARRAY_BUFFER, cornerNormals(scene.position, face));
    this.#attribute(2, look.shading === "smooth" ? model.normal : null, gl.FLOAT);
    gl.uniform1f(program.at.flatness, look.shading === "flat" ? 1 : 0);
    model.face ??= this.#upload(gl.ELEMENT_ARRAY_BUFFER, face);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, model.face);
    gl.drawElements(gl.TRIANGLES, face.length, gl.UNSIGNED_INT, 0);
  }

  /** What all programs need. @param {Program} program @param {Drawing} drawing @param {number} aspect */
  #begin(program, { scene, place, camera, look }, aspect) {
    const gl = this.#gl;
    const model = this.#modelOf(scene);
    gl.useProgram(program.program);
    this.#attribute(0, model.position, gl.FLOAT);
    this.#attribute(1, model.color, gl.UNSIGNED_BYTE);
    this.#attribute(2, null, gl.FLOAT);
    gl.uniformMatrix4fv(program.at.view, false, viewMatrix(camera));
    gl.uniformMatrix4fv(program.at.matrix, false, viewProjection(camera, aspect));
    gl.uniform4f(program.at.place, ...place.offset, place.factor);
    gl.uniform3f(program.at.tint, ...channels(look.tint));
    gl.uniform1f(program.at.tinted, scene.color ? 0 : 1);
    gl.uniform3f(program.at.fog, ...channels(look.fog));
    gl.uniform1f(program.at.depth, camera.distance);
    gl.uniform1f(program.at.size, look.pointSize);
    return program;
  }

  /** @param {Scene} scene @returns {Model} */
  #modelOf(scene) {
    let model = this.#models.get(scene);
    if (!model) {
      const color = scene.color && this.#upload(this.#gl.ARRAY_BUFFER, scene.color);
      model = { position: this.#upload(this.#gl.ARRAY_BUFFER, scene.position), color, face: null, normal: null, edge: null };
      this.#models.set(scene, model);
    }
    return model;
  }

  /** Three numbers a point; without a buffer all are 0. @param {number} index @param {WebGLBuffer | null} buffer @param {number} type */
  #attribute(index, buffer, type) {
    const gl = this.#gl;
    if (!buffer) {
      gl.disableVertexAttribArray(index);
      return gl.vertexAttrib3f(index, 0, 0, 0);
    }
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.enableVertexAttribArray(index);
    return gl.vertexAttribPointer(index, 3, type, type === gl.UNSIGNED_BYTE, 0, 0);
  }

  /** @param {number} target @param {AllowSharedBufferSource} data */
  #upload(target, data) {
    const gl = this.#gl;
    const buffer = /** @type {WebGLBuffer} */ (gl.createBuffer());
    gl.bindBuffer(target, buffer);
    gl.bufferData(target, data, gl.STATIC_DRAW);
    return buffer;
  }
}

/** Whether a scene is shown as points. @param {Scene} scene @param {SceneLook} look */
export function drawsPoints({ face }, { shading }) {
  return !face || shading === "points";
}
