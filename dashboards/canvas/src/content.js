// What the canvas was given, ready to look up. Nothing here knows how it is drawn.
import { dayOf } from "./amounts.js";

const NODE = { sub: "", letter: "", hint: "", grade: "", core: true, community: "", place: "", parent: "", size: 32, pinned: false, badge: 0 };
const EDGE = { weight: 1, count: 0, fund: null, hint: "", badge: 0 };

export function contentOf(data) {
  const nodes = new Map();
  const edges = new Map();
  const touching = new Map();
  for (const given of data.nodes) {
    nodes.set(given.id, { ...NODE, degrees: {}, ...given });
    touching.set(given.id, []);
  }
  let first = Infinity;
  let last = -Infinity;
  for (const given of data.edges) {
    const edge = { ...EDGE, ...given, first: dayOf(given.first), last: dayOf(given.last) };
    if (edge.first === null) edge.first = edge.last;
    if (edge.last === null) edge.last = edge.first;
    if (edge.first !== null) {
      first = Math.min(first, edge.first);
      last = Math.max(last, edge.last);
    }
    edges.set(edge.id, edge);
    touching.get(edge.source).push(edge);
    if (edge.target !== edge.source) touching.get(edge.target).push(edge);
  }
  return { nodes, edges, touching, total: data.total, days: first <= last ? [first, last] : null };
}

export function neighboursOf(content, id) {
  return content.touching.get(id).map((edge) => (edge.source === id ? edge.target : edge.source));
}

// How many edges of each kind a node has that are not here yet; null where nobody counted.
export function missingEdges(content, id) {
  const node = content.nodes.get(id);
  if (!Object.keys(node.degrees).length) return null;
  const here = {};
  for (const edge of content.touching.get(id)) here[edge.kind] = (here[edge.kind] || 0) + 1;
  const missing = {};
  for (const [kind, number] of Object.entries(node.degrees)) {
    const left = number - (here[kind] || 0);
    if (left > 0) missing[kind] = left;
  }
  return missing;
}
