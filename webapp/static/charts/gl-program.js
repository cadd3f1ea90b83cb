/** What WebGL drawings share: programs, and colours as they take them. */

/** A compiled program and where its uniforms are. */
export class Program {
  program;
  /** @type {Record<string, WebGLUniformLocation | null>} */ at = {};

  /**
   * @param {WebGL2RenderingContext} gl @param {string} vertex @param {string} fragment
   * @param {readonly string[]} attributes in the order of their numbers @param {readonly string[]} uniforms
   * @throws {Error} with the compiler's words
   */
  constructor(gl, vertex, fragment, attributes, uniforms) {
    this.program = gl.createProgram();
    for (const [type, text] of /** @type {[number, string][]} */ ([[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]])) {
      const shader = /** @type {WebGLShader} */ (gl.createShader(type));
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      gl.attachShader(this.program, shader);
    }
    attributes.forEach((name, index) => gl.bindAttribLocation(this.program, index, name));
    gl.linkProgram(this.program);
    if (!gl.getProgramParameter(this.program, gl.LINK_STATUS) && !gl.isContextLost()) throw new Error(`the graphics card refuses a program: ${gl.getProgramInfoLog(this.program)}`);
    for (const name of uniforms) this.at[name] = gl.getUniformLocation(this.program, name);
  }
}

/** "#rrggbb" → 0 … 1. @param {string} color @returns {[number, number, number]} */
export function channels(color) {
  const part = (/** @type {number} */ at) => parseInt(color.slice(at, at + 2), 16) / 255;
  return [part(1), part(3), part(5)];
}
