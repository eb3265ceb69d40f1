// The picture itself: keeps Cytoscape's elements in step with what is to be seen.
import cytoscape from "cytoscape";
import fcose from "cytoscape-fcose";
import { money } from "./amounts.js";
import { fill, grouped } from "./dom.js";
import { icon, layReady } from "./icons.js";
import { placed } from "./place.js";
import { styleSheet } from "./style.js";

cytoscape.use(fcose);

const LABEL = 22;
const MARGIN = 36;

export class Scene {
  constructor(holder) {
    this.cy = cytoscape({
      container: holder, layout: { name: "preset" }, minZoom: 0.03, maxZoom: 4, boxSelectionEnabled: true,
      multiClickDebounceTime: 300, selectionType: "single", hideEdgesOnViewport: false,
    });
    this.nodes = new Set();
    this.edges = new Set();
    this.drawn = null;
    this.keepPlace(holder);
  }

  // Cytoscape remembers where its box stands and hears of scrolling only; a sentence that appears above the box moves it
  // unheard, and every click would miss by that much.
  keepPlace(holder) {
    let stood = holder.getBoundingClientRect();
    const look = () => {
      const now = holder.getBoundingClientRect();
      if (now.x === stood.x && now.y === stood.y) return;
      stood = now;
      this.cy.resize();
    };
    for (const kind of ["pointermove", "pointerdown", "mousemove", "mousedown", "touchstart", "wheel"]) {
      holder.addEventListener(kind, look, { capture: true, passive: true });
    }
  }

  // Words, looks and numbers that elements are labelled with.
  dress(data) {
    this.strings = data.strings;
    this.lang = data.lang;
    this.looks = data.looks;
    const sheet = styleSheet(data.looks, data.edges.length);
    // Cytoscape works out every element's style anew for a new sheet.
    if (JSON.stringify(sheet) !== JSON.stringify(this.sheet)) this.cy.style(sheet);
    this.sheet = sheet;
    this.cy.renderer().hideEdgesOnViewport = data.edges.length > 2500;
  }

  // Bring elements in line with `content`; returns the ids of nodes that are new.
  take(content, pinned) {
    this.content = content;
    const { cy } = this;
    const gone = [...this.nodes].filter((id) => !content.nodes.has(id)).concat([...this.edges].filter((id) => !content.edges.has(id)));
    const fresh = [...content.nodes.keys()].filter((id) => !this.nodes.has(id));
    const points = placed(content, fresh, this.points());
    const added = fresh.map((id) => this.nodeElement(content.nodes.get(id), points.get(id), pinned.has(id)));
    const freshEdges = [...content.edges.values()].filter((edge) => !this.edges.has(edge.id));
    freshEdges.forEach((edge) => added.push(this.edgeElement(edge)));
    cy.batch(() => {
      gone.forEach((id) => { cy.getElementById(id).remove(); this.nodes.delete(id); this.edges.delete(id); });
      this.refresh(content, pinned);
      cy.add(added);
    });
    fresh.forEach((id) => this.nodes.add(id));
    freshEdges.forEach((edge) => this.edges.add(edge.id));
    return fresh;
  }

  // Only what is said otherwise than before is touched: each change costs Cytoscape a new style.
  refresh(content, pinned) {
    const say = (id, fields) => {
      const item = this.cy.getElementById(id);
      const before = item.data();
      if (Object.keys(fields).some((name) => before[name] !== fields[name])) item.data(fields);
    };
    for (const id of this.nodes) say(id, this.nodeFields(content.nodes.get(id), pinned.has(id)));
    for (const id of this.edges) say(id, this.edgeFields(content.edges.get(id)));
  }

  nodeFields(node, pinned) {
    return {
      kind: node.kind, size: node.size, core: node.core, text: node.sub ? `${node.label}\n${node.sub}` : node.label,
      icon: this.iconOf(node, pinned),
    };
  }

  iconOf(node, pinned) {
    const name = icon(node, pinned, this.looks.nodes[node.kind], this.looks.theme, this.lang);
    layReady(this.cy.renderer(), name);
    return name;
  }

  nodeElement(node, point, pinned) {
    return { group: "nodes", data: { id: node.id, ...this.nodeFields(node, pinned) }, position: { x: point[0], y: point[1] } };
  }

  edgeFields(edge) {
    const look = this.looks.edges[edge.kind];
    const parts = [look ? look.letter : "", edge.count ? grouped(edge.count) : ""];
    if (edge.badge) parts.push(fill(this.strings.notes, { n: edge.badge }));
    return { kind: edge.kind, badge: edge.badge, width: Math.min(Math.max(edge.weight, 1), 8), text: parts.filter(Boolean).join(" ") };
  }

  edgeElement(edge) {
    return { group: "edges", data: { id: edge.id, source: edge.source, target: edge.target, ...this.edgeFields(edge) } };
  }

  repin(ids, pinned) {
    for (const id of ids) {
      const node = this.content.nodes.get(id);
      if (node) this.cy.getElementById(id).data("icon", this.iconOf(node, pinned.has(id)));
    }
  }

  // Every real node's point as it stands.
  points() {
    const found = new Map();
    for (const id of this.nodes) {
      const { x, y } = this.cy.getElementById(id).position();
      found.set(id, [x, y]);
    }
    return found;
  }

  pointsOf(ids) {
    const all = ids.filter((id) => this.nodes.has(id));
    return new Map(all.map((id) => {
      const { x, y } = this.cy.getElementById(id).position();
      return [id, [x, y]];
    }));
  }

  // A closed group goes with its members, unless it was what the user moved.
  move(points, withGroups = true) {
    const { cy } = this;
    const given = new Map(points);
    cy.batch(() => {
      for (const group of withGroups && this.drawn ? this.drawn.groups.values() : []) {
        const lead = group.opened ? null : group.members.find((id) => given.has(id));
        if (!lead) continue;
        const from = cy.getElementById(lead).position();
        const [x, y] = given.get(lead);
        cy.getElementById(group.id).shift({ x: x - from.x, y: y - from.y });
      }
      for (const [id, [x, y]] of given) cy.getElementById(id).position({ x, y });
    });
  }

  // Show what `seen` (of visible.js) says, changing only what differs from before.
  show(seen) {
    const { cy } = this;
    cy.batch(() => {
      this.foldGroups(seen);
      const toggled = (ids, on) => {
        for (const id of ids) {
          const item = cy.getElementById(id);
          if (item.hasClass("off") === on(id)) {
            if (on(id)) item.removeClass("off");
            else item.addClass("off").unselect();
          }
        }
      };
      toggled(this.nodes, (id) => seen.nodes.has(id));
      toggled(this.edges, (id) => seen.edges.has(id));
      this.mergeEdges(seen);
    });
    this.drawn = seen;
  }

  foldGroups(seen) {
    const { cy } = this;
    const wanted = new Map([...seen.groups.values()].map((group) => [group.id, group]));
    cy.nodes(".group").forEach((node) => {
      const group = wanted.get(node.id());
      if (!group || !group.opened) node.children().move({ parent: null });
      if (!group || group.opened !== node.data("opened")) node.remove();
    });
    for (const group of wanted.values()) {
      const text = `${group.name}\n${fill(this.strings.members, { n: group.members.length })}`;
      let node = cy.getElementById(group.id);
      if (node.empty()) node = cy.add(this.groupElement(group, text));
      node.data("text", text);
      if (group.opened) {
        group.members.forEach((id) => {
          const member = cy.getElementById(id);
          if (member.data("parent") !== group.id) member.move({ parent: group.id });
        });
      }
    }
  }

  groupElement(group, text) {
    let x = 0;
    let y = 0;
    for (const id of group.members) {
      const point = this.cy.getElementById(id).position();
      x += point.x / group.members.length;
      y += point.y / group.members.length;
    }
    const size = Math.min(40 + 6 * Math.sqrt(group.members.length), 130);
    return { group: "nodes", data: { id: group.id, made: true, opened: group.opened, size, text, icon: "none" }, classes: "group", position: { x, y } };
  }

  mergeEdges(seen) {
    const { cy, strings } = this;
    cy.edges(".merged").filter((edge) => !seen.bundles.has(edge.id())).remove();
    for (const found of seen.bundles.values()) {
      const parts = [];
      if (found.kinds.size > 1) parts.push(fill(strings.kinds_merged, { n: found.kinds.size }));
      else parts.push((this.looks.edges[[...found.kinds][0]] || { letter: "" }).letter);
      if (found.count) parts.push(fill(strings.times, { n: grouped(found.count) }));
      if (found.fund !== null) parts.push(money(found.fund, strings, this.lang));
      const fields = { text: parts.filter(Boolean).join(" · "), width: Math.min(1 + Math.log2(1 + found.edges.length), 8) };
      const edge = cy.getElementById(found.id);
      if (edge.nonempty()) edge.data(fields);
      else cy.add({ group: "edges", data: { id: found.id, made: true, source: found.source, target: found.target, ...fields }, classes: "merged" });
    }
  }

  // Arrange what is visible anew; pinned nodes stay. Resolves when it has come to rest.
  tidy(pinned) {
    const seen = this.cy.elements().not(".off");
    const fixed = [...pinned].filter((id) => this.nodes.has(id)).map((id) => ({ nodeId: id, position: { ...this.cy.getElementById(id).position() } }));
    const many = seen.nodes().length > 1500;
    return new Promise((done) => {
      const layout = seen.layout({
        name: "fcose", quality: many ? "draft" : "default", randomize: many, animate: false, fit: false,
        nodeSeparation: 110, idealEdgeLength: 110, nodeRepulsion: 9000, fixedNodeConstraint: fixed.length ? fixed : undefined,
      });
      layout.one("layoutstop", done);
      layout.run();
    });
  }

  highlight(paths) {
    const { cy } = this;
    cy.batch(() => {
      cy.elements(".onpath, .faded").removeClass("onpath faded");
      if (!paths.length) return;
      const on = cy.collection();
      for (const path of paths) {
        path.forEach((id, at) => {
          const node = cy.getElementById(id);
          on.merge(node);
          if (at) on.merge(node.edgesWith(cy.getElementById(path[at - 1])));
        });
      }
      on.addClass("onpath");
      cy.elements().not(on).not(".group").addClass("faded");
    });
  }

  // By points and sizes alone: measuring five thousand labels takes longer than drawing them.
  // A page may show us before it has given us any room: then as soon as there is some.
  fit() {
    const { cy } = this;
    if (Math.min(cy.width(), cy.height()) <= 2 * MARGIN) {
      cy.one("resize", () => this.fit());
      return;
    }
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    cy.nodes().not(".off").forEach((node) => {
      const { x, y } = node.position();
      const reach = node.data("size") / 2;
      box[0] = Math.min(box[0], x - reach);
      box[1] = Math.min(box[1], y - reach);
      box[2] = Math.max(box[2], x + reach);
      box[3] = Math.max(box[3], y + reach + LABEL);
    });
    if (box[0] === Infinity) return;
    const [wide, high] = [box[2] - box[0], box[3] - box[1]];
    const zoom = Math.min((cy.width() - 2 * MARGIN) / wide, (cy.height() - 2 * MARGIN) / high, 1.4);
    const x = (cy.width() - zoom * (box[0] + box[2])) / 2;
    const y = (cy.height() - zoom * (box[1] + box[3])) / 2;
    cy.viewport({ zoom, pan: { x, y } });
  }
}
