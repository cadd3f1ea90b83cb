/** The programs that draw clouds of points and the lines between them. */

/** Attributes in the order of their numbers. */
export const ATTRIBUTES = ["now", "before", "code", "flags", "size"];
export const UNIFORMS = [
  "matrix", "eye", "frame", "frameBefore", "share", "table", "missing", "diameter", "most", "depth", "opacity", "part", "fog", "fogFrom", "quiet", "ring",
];

/** Where a point is on its way, and what colour it has. The bits of `flags` are those of lib/points-cloud.js. */
const COMMON = `#version 300 es
precision highp float;
precision highp int;
uniform mat4 matrix;
uniform vec4 eye; // the row of the view that gives depth
uniform vec4 frame; // middle, half an edge
uniform vec4 frameBefore;
uniform float share;
uniform highp sampler2D table;
uniform uint missing;
in vec3 now;
in vec3 before;
in uint code;
in uint flags;
in float size;

vec3 placed() {
  vec3 there = (now - frame.xyz) / frame.w;
  return share < 1.0 ? mix((before - frameBefore.xyz) / frameBefore.w, there, share) : there;
}

vec4 colored() {
  int at = int(min(code, missing));
  return texelFetch(table, ivec2(at & 255, at >> 8), 0);
}
`;

/** `part`: 0 all points alike, 1 those that are not selected, 2 those that are. */
export const POINT_VERTEX = `${COMMON}
uniform float diameter;
uniform float most;
uniform float depth;
uniform float opacity;
uniform int part;
uniform vec3 fog;
uniform float fogFrom;
uniform vec4 quiet;
out vec4 shade;
out float across;
void main() {
  bool chosen = (flags & 2u) != 0u;
  if ((flags & 5u) != 0u || (part == 1 && chosen) || (part == 2 && !chosen)) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    gl_PointSize = 1.0;
    return;
  }
  vec4 at = vec4(placed(), 1.0);
  gl_Position = matrix * at;
  across = min(most, diameter * size * (depth > 0.0 ? depth / gl_Position.w : 1.0));
  gl_PointSize = across + 1.0;
  vec3 color = colored().rgb;
  float far = fogFrom > 0.0 ? clamp((-dot(eye, at) - fogFrom) / 3.4 + 0.5, 0.0, 1.0) : 0.0;
  color = mix(color, fog, 0.5 * far);
  shade = part == 1 ? vec4(mix(color, quiet.rgb, 0.75), quiet.a) : vec4(color, opacity);
}`;

export const POINT_FRAGMENT = `#version 300 es
precision highp float;
uniform vec4 ring;
in vec4 shade;
in float across;
out vec4 pixel;
void main() {
  float away = length(gl_PointCoord - 0.5) * (across + 1.0);
  float cover = clamp(0.5 * across + 0.5 - away, 0.0, 1.0);
  if (cover < 0.1) discard;
  vec3 color = across > 6.0 ? mix(shade.rgb, ring.rgb, ring.a * clamp(away - 0.5 * across + 1.5, 0.0, 1.0)) : shade.rgb;
  float alpha = shade.a * cover;
  pixel = vec4(color * alpha, alpha);
}`;

/** Of lines `size` says how far along a path a corner is: where it begins it is faint. `part` 1: points are selected. */
export const LINE_VERTEX = `${COMMON}
uniform float opacity;
uniform int part;
out vec4 shade;
void main() {
  gl_Position = (flags & 5u) != 0u ? vec4(2.0, 2.0, 2.0, 1.0) : matrix * vec4(placed(), 1.0);
  float alpha = opacity * mix(0.12, 1.0, size) * (part == 1 && (flags & 2u) == 0u ? 0.15 : 1.0);
  shade = vec4(colored().rgb * alpha, alpha);
}`;

export const LINE_FRAGMENT = `#version 300 es
precision highp float;
in vec4 shade;
out vec4 pixel;
void main() {
  pixel = shade;
}`;
