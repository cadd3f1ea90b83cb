/** What a JSON file that somebody opens holds, told before it is sent: a graph, or a table of module path → number. */

const OF_GRAPHS = ["class_name", "config", "graph_module", "nodes", "graphs", "node", "graph", "modelTopology"]; // what says that something is one

/** Whether it is likelier a table than a graph. @param {string} text */
export function seemsTable(text) {
  try {
    const found = JSON.parse(text);
    return typeof found === "object" && found !== null && !OF_GRAPHS.some((key) => key in found && typeof found[key] !== "number");
  } catch {
    return false;
  }
}
