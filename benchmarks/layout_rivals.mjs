// Lays out the graphs of a JSON file [{nodes, edges}] with dagre or elkjs: `node layout_rivals.mjs dagre|elkjs FILE`.
// Prints [{seconds, lines: [[[x, y], …]]}]: the CPU time of the layout alone, and the points of each edge.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const WIDTH = 60;
const HEIGHT = 20;

function withDagre(graph) {
  const { graphlib, layout } = require("@dagrejs/dagre");
  const drawing = new graphlib.Graph();
  drawing.setGraph({ nodesep: 20, ranksep: 40 });
  drawing.setDefaultEdgeLabel(() => ({}));
  for (let node = 0; node < graph.nodes; node += 1) drawing.setNode(String(node), { width: WIDTH, height: HEIGHT });
  for (const [begin, end] of graph.edges) drawing.setEdge(String(begin), String(end));
  return async () => {
    layout(drawing);
    return graph.edges.map(([begin, end]) => drawing.edge(String(begin), String(end)).points);
  };
}

function withElk(graph) {
  const Elk = require("elkjs/lib/elk.bundled.js");
  const elk = new Elk();
  const root = {
    id: "root",
    layoutOptions: { "elk.algorithm": "layered", "elk.direction": "DOWN" },
    children: Array.from({ length: graph.nodes }, (_, node) => ({ id: String(node), width: WIDTH, height: HEIGHT })),
    edges: graph.edges.map(([begin, end], edge) => ({
      id: `e${edge}`, sources: [String(begin)], targets: [String(end)],
    })),
  };
  return async () => {
    const { edges } = await elk.layout(root);
    return edges.map(({ sections: [{ startPoint, bendPoints, endPoint }] }) => [
      startPoint, ...(bendPoints ?? []), endPoint,
    ]);
  };
}

const [engine, file] = process.argv.slice(2);
const prepare = { dagre: withDagre, elkjs: withElk }[engine];
const answers = [];
for (const graph of JSON.parse(readFileSync(file, "utf8"))) {
  const run = prepare(graph);
  const before = process.cpuUsage();
  const lines = await run();
  const { user, system } = process.cpuUsage(before);
  answers.push({ seconds: (user + system) / 1e6, lines: lines.map((points) => points.map(({ x, y }) => [x, y])) });
}
process.stdout.write(JSON.stringify(answers));
