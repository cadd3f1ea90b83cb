/** Names of slices as they fit onto slices: what tells kernels apart stands at the end of long C++ names. */

const MOST = 4000; // kept
/** @type {Map<string, string>} */
const known = new Map();

/** "void at::native::reduce_kernel<512, …>(…)" → "reduce_kernel"; "a/b.py(12): f" → "f". @param {string} name */
export function shortName(name) {
  const found = known.get(name);
  if (found !== undefined) return found;
  if (known.size > MOST) known.clear();
  const short = shortened(name);
  known.set(name, short);
  return short;
}

/** "void at::native::(anonymous namespace)::f<g>(…)" → "f<g>(…)". @param {string} name */
export const withoutPlaces = (name) => name.replace(/^void /, "").replaceAll("(anonymous namespace)::", "").replaceAll("at::native::", "");

/** @param {string} name */
function shortened(name) {
  const frame = /^[^:]*\(\d+\): (.+)$/.exec(name);
  if (frame) return frame[1];
  if (!/[<(]/.test(name) || !/^(?:void |std::)|::.*[<(]/.test(name)) return name;
  const bare = withoutNested(name.replace(/^void /, "").replaceAll("(anonymous namespace)", "")).trim();
  const last = bare.split("::").filter(Boolean).at(-1)?.trim();
  return last || name;
}

/** Without what stands in <> and (). @param {string} text */
function withoutNested(text) {
  let depth = 0;
  let kept = "";
  for (const letter of text) {
    if (letter === "<" || letter === "(") depth += 1;
    else if (letter === ">" || letter === ")") depth = Math.max(0, depth - 1);
    else if (depth === 0) kept += letter;
  }
  return kept;
}
