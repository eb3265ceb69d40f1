// What the canvas was given, ready to look up. Nothing here knows how it is drawn.
import { dayOf } from "./amounts.js";

const NODE = { sub: "", letter: "", hint: "", grade: "", core: true, community: "", place: "", parent: "", size: 32, pinned: false, badge: 0 };
// What lasts for years says little of when things happened, and would make the timeline mostly empty.
const LASTING = new Set(["REGISTERED_AT", "HOLDS", "KIN_OF"]);
const EDGE = { weight: 1, count: 0, fund: null, hint: "", badge: 0 };

export function contentOf(data) {
  const nodes = new Map();
  const edges = new Map();
  const touching = new Map();
  for (const given of data.nodes) {
    nodes.set(given.id, { ...NODE, degrees: {}, ...given });
    touching.set(given.id, []);
  }
  for (const given of data.edges) {
    const edge = { ...EDGE, ...given, first: dayOf(given.first), last: dayOf(given.last) };
    if (edge.first === null) edge.first = edge.last;
    if (edge.last === null) edge.last = edge.first;
    edges.set(edge.id, edge);
    touching.get(edge.source).push(edge);
    if (edge.target !== edge.source) touching.get(edge.target).push(edge);
  }
  return { nodes, edges, touching, total: data.total, days: daysOf([...edges.values()]) };
}

// From the first day to the last one on which something happened, where nothing did on which something held.
function daysOf(edges) {
  const dated = edges.filter((edge) => edge.first !== null);
  const happened = dated.filter((edge) => !LASTING.has(edge.kind));
  let days = null;
  for (const { first, last } of happened.length ? happened : dated) {
    days = days ? [Math.min(days[0], first), Math.max(days[1], last)] : [first, last];
  }
  return days;
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
