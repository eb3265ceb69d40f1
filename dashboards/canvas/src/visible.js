// What is to be seen: from content and state to nodes, edges, groups and merged edges. Pure.
export const GROUP = "group\u0000";
const MERGED = "merged\u0000";

function within(edge, span) {
  return !span || edge.first === null || (edge.first <= span[1] && edge.last >= span[0]);
}

function nodesLeft(content, state) {
  const left = new Set();
  for (const node of content.nodes.values()) {
    if (state.hidden.has(node.id) || state.offNodes.has(node.kind)) continue;
    if (state.span) {
      const dated = content.touching.get(node.id).filter((edge) => edge.first !== null);
      if (dated.length && !dated.some((edge) => within(edge, state.span))) continue;
    }
    left.add(node.id);
  }
  return left;
}

function groupsOf(content, state, left) {
  const groups = new Map();
  if (!state.grouping) return groups;
  for (const id of left) {
    const name = content.nodes.get(id)[state.grouping];
    if (!name) continue;
    if (!groups.has(name)) groups.set(name, { name, id: GROUP + name, members: [], opened: state.opened.has(name) });
    groups.get(name).members.push(id);
  }
  for (const [name, group] of groups) if (group.members.length < 2) groups.delete(name);
  return groups;
}

function bundle(bundles, a, b, edge) {
  const [source, target] = a < b ? [a, b] : [b, a];
  const id = `${MERGED}${source}\u0000${target}`;
  if (!bundles.has(id)) bundles.set(id, { id, source, target, edges: [], kinds: new Set(), count: 0, fund: null });
  const found = bundles.get(id);
  found.edges.push(edge.id);
  found.kinds.add(edge.kind);
  found.count += edge.count;
  if (edge.fund !== null) found.fund = (found.fund || 0) + edge.fund;
}

// nodes and edges: ids drawn as themselves; shown: nodes drawn or inside a closed group.
export function visible(content, state) {
  const left = nodesLeft(content, state);
  const groups = groupsOf(content, state, left);
  const folded = new Map();
  for (const group of groups.values()) {
    if (!group.opened) group.members.forEach((id) => folded.set(id, group.id));
  }
  const edges = new Set();
  const bundles = new Map();
  let shownEdges = 0;
  for (const edge of content.edges.values()) {
    if (state.offEdges.has(edge.kind) || !left.has(edge.source) || !left.has(edge.target)) continue;
    if (!within(edge, state.span)) continue;
    shownEdges += 1;
    const a = folded.get(edge.source) || edge.source;
    const b = folded.get(edge.target) || edge.target;
    if (a === b) continue;
    if (state.merged || a !== edge.source || b !== edge.target) bundle(bundles, a, b, edge);
    else edges.add(edge.id);
  }
  for (const [id, found] of bundles) {
    const alone = found.edges.length === 1 && !found.source.startsWith(GROUP) && !found.target.startsWith(GROUP);
    if (!alone) continue;
    edges.add(found.edges[0]);
    bundles.delete(id);
  }
  const nodes = new Set([...left].filter((id) => !folded.has(id)));
  return { nodes, edges, groups, bundles, shown: left.size, shownEdges, left };
}
