// What the user did to the picture, and the way back: 50 steps, in the browser alone.
import { dayOf, textOf } from "./amounts.js";

const MOST_STEPS = 50;

export function freshState() {
  return {
    hidden: new Set(), pinned: new Set(), grouping: "", opened: new Set(), merged: false,
    offNodes: new Set(), offEdges: new Set(), span: null,
  };
}

export function copyOf(state) {
  return {
    ...state,
    hidden: new Set(state.hidden), pinned: new Set(state.pinned), opened: new Set(state.opened),
    offNodes: new Set(state.offNodes), offEdges: new Set(state.offEdges),
  };
}

export function stateOf(view, content) {
  const filters = view.filters || {};
  const known = (ids) => new Set((ids || []).filter((id) => content.nodes.has(id)));
  const first = dayOf(filters.first);
  const last = dayOf(filters.last);
  const days = content.days || [0, 0];
  return {
    hidden: known(view.hidden), pinned: known(view.pins), grouping: view.grouping || "",
    opened: new Set(view.opened || []), merged: Boolean(view.merged),
    offNodes: new Set(filters.off_nodes || []), offEdges: new Set(filters.off_edges || []),
    span: first === null && last === null ? null : [first ?? days[0], last ?? days[1]],
  };
}

export function viewOf(state, positions, zoom, pan, undo) {
  return {
    positions, zoom, pan, undo,
    pins: [...state.pinned], hidden: [...state.hidden], grouping: state.grouping,
    opened: [...state.opened], merged: state.merged,
    filters: {
      off_nodes: [...state.offNodes], off_edges: [...state.offEdges],
      first: state.span ? textOf(state.span[0]) : null, last: state.span ? textOf(state.span[1]) : null,
    },
  };
}

// A step holds the state before it and, where nodes were moved, their points before it.
export class History {
  constructor() {
    this.past = [];
    this.future = [];
  }

  record(state, points = new Map()) {
    this.past.push({ state, points });
    if (this.past.length > MOST_STEPS) this.past.shift();
    this.future = [];
  }

  // `now(ids)` gives the step that leads back here; returns the step to go to, or null.
  back(now) {
    return this.step(this.past, this.future, now);
  }

  forward(now) {
    return this.step(this.future, this.past, now);
  }

  step(from, to, now) {
    const wanted = from.pop();
    if (!wanted) return null;
    to.push(now([...wanted.points.keys()]));
    return wanted;
  }
}
