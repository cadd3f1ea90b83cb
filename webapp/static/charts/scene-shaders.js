/** The programs that draw points, lines and faces. */

const PLACE = `#version 300 es
precision highp float;
uniform mat4 view;
uniform mat4 matrix;
uniform vec4 place; // offset, factor
uniform vec3 tint;
uniform float tinted;
in vec3 position;
in vec3 color;
out vec3 shade;
`;

/** Points and lines: their colour, paler towards the background. */
export const POINT_VERTEX = `${PLACE}
uniform float size;
uniform vec3 fog;
uniform float depth;
void main() {
  vec4 at = vec4(place.xyz + place.w * position, 1.0);
  gl_Position = matrix * at;
  gl_PointSize = size;
  float far = clamp((-(view * at).z - depth) / 3.4 + 0.5, 0.0, 1.0);
  shade = mix(mix(color, tint, tinted), fog, 0.45 * far);
}`;

export const POINT_FRAGMENT = `#version 300 es
precision mediump float;
uniform float round;
in vec3 shade;
out vec4 pixel;
void main() {
  vec2 from = gl_PointCoord - 0.5;
  if (round > 0.5 && dot(from, from) > 0.25) discard;
  pixel = vec4(shade, 1.0);
}`;

/** Faces: lit from beside the eye, from both sides alike. */
export const FACE_VERTEX = `${PLACE}
in vec3 normal;
out vec3 seen;
out vec3 facing;
void main() {
  vec4 at = view * vec4(place.xyz + place.w * position, 1.0);
  gl_Position = matrix * vec4(place.xyz + place.w * position, 1.0);
  seen = at.xyz;
  facing = mat3(view) * normal;
  shade = mix(color, tint, tinted);
}`;

export const FACE_FRAGMENT = `#version 300 es
precision highp float;
uniform float flatness;
in vec3 shade;
in vec3 seen;
in vec3 facing;
out vec4 pixel;
void main() {
  vec3 plane = cross(dFdx(seen), dFdy(seen));
  vec3 normal = flatness > 0.5 || dot(facing, facing) < 1e-20 ? plane : facing;
  float light = abs(dot(normalize(normal), normalize(vec3(0.35, 0.5, 0.8))));
  pixel = vec4(shade * (0.5 + 0.5 * light), 1.0);
}`;
