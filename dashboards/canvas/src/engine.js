// The canvas as a whole: takes data, keeps what the user did, tells what happened by `send(name, value)`.
// Knows nothing of Streamlit; the same engine stands in a page of its own.
import { contentOf, missingEdges, neighboursOf } from "./content.js";
import { entriesFor } from "./entries.js";
import { element } from "./dom.js";
import { Keyboard } from "./keyboard.js";
import { Legend } from "./legend.js";
import { FloodQuestion, Menu } from "./menu.js";
import { listen } from "./mouse.js";
import { contentHash, contentText, download, pictureOf } from "./picture.js";
import { Scene } from "./scene.js";
import { History, copyOf, freshState, stateOf, viewOf } from "./state.js";
import { Timeline } from "./timeline.js";
import { Toolbar } from "./toolbar.js";
import { visible } from "./visible.js";

// What one gesture selects and lets go is told once.
const CHOOSE_AFTER = 20;
const EXPANDED_AFTER = 600;
const VIEW_AFTER = 2000;

export class Engine {
  constructor(root, send) {
    this.send = send;
    this.root = root;
    this.toolbar = new Toolbar(this);
    this.legend = new Legend(this);
    this.timeline = new Timeline(this);
    this.stage = element("div", "stage");
    this.holder = element("div", "holder");
    this.tip = element("div", "tip");
    this.tip.hidden = true;
    this.live = element("div", "live");
    this.live.setAttribute("aria-live", "polite");
    this.said = element("div", "said");
    this.said.setAttribute("role", "status");
    this.stage.tabIndex = 0;
    this.stage.setAttribute("role", "application");
    this.menu = new Menu(this.stage);
    this.flood = new FloodQuestion(this.stage);
    this.stage.append(this.holder, this.said, this.tip, this.menu.root, this.flood.root, this.live);
    root.replaceChildren(this.toolbar.root, this.stage, this.legend.root, this.timeline.root);
    this.scene = new Scene(this.holder);
    this.keyboard = new Keyboard(this, this.stage);
    this.history = new History();
    this.state = freshState();
    this.timers = {};
    this.boxing = false;
    listen(this);
  }

  // Data from outside, the first time and whenever it changes.
  update(data) {
    const first = !this.data;
    const restoring = first || data.restore !== this.data.restore;
    const before = this.data;
    this.data = data;
    this.content = contentOf(data);
    this.paint(data);
    this.scene.dress(data);
    if (first) this.state.pinned = new Set(data.nodes.filter((node) => node.pinned).map((node) => node.id));
    const old = copyOf(this.state);
    const fresh = this.scene.take(this.content, this.state.pinned);
    for (const part of [this.toolbar, this.timeline, this.legend]) part.dress(data, this.content);
    if (restoring) this.restore(data.view);
    else if (fresh.length) {
      // One step back and what came in is hidden again.
      old.hidden = new Set([...old.hidden, ...fresh]);
      this.history.record(old);
    }
    this.apply();
    if (first && !(data.view && data.view.zoom)) this.fit();
    if (!before || String(data.focus) !== String(before.focus)) this.focus(data.focus, Boolean(before));
    if (!before || JSON.stringify(data.paths) !== JSON.stringify(before.paths)) this.scene.highlight(data.paths);
    if (!first && fresh.length) this.later("view", VIEW_AFTER, () => this.tellView());
  }

  paint(data) {
    const { theme } = data.looks;
    this.root.lang = data.lang;
    this.root.style.height = data.height ? `${data.height}px` : "";
    for (const [name, value] of Object.entries(theme)) this.root.style.setProperty(`--${name}`, String(value));
    this.root.style.colorScheme = theme.dark ? "dark" : "light";
    this.said.hidden = !data.said;
    if (this.said.textContent !== data.said) this.said.textContent = data.said;
    this.stage.setAttribute("aria-label", `${data.strings.label}: ${data.strings.keys}`);
  }

  restore(view) {
    this.history = new History();
    if (!view) return;
    const pinned = this.state.pinned;
    this.state = stateOf(view, this.content);
    if (!view.pins) this.state.pinned = pinned;
    this.scene.repin(this.content.nodes.keys(), this.state.pinned);
    this.scene.move(Object.entries(view.positions || {}).filter(([id]) => this.content.nodes.has(id)));
    if (view.zoom) this.scene.cy.viewport({ zoom: view.zoom, pan: view.pan ? { x: view.pan[0], y: view.pan[1] } : { x: 0, y: 0 } });
  }

  apply() {
    this.seen = visible(this.content, this.state);
    this.scene.show(this.seen);
    this.shown();
    // Said once the frame that shows it has been drawn.
    this.scene.cy.one("render", () => {
      this.root.dataset.stable = String(this.scene.cy.nodes().not(".off").length);
      this.root.dataset.shown = String(this.seen.shown);
    });
    this.scene.cy.forceRender();
  }

  shown() {
    const selected = this.scene.cy.elements(":selected").length;
    for (const part of [this.toolbar, this.legend, this.timeline]) part.show({ ...this, selected });
  }

  // Do something that can be undone; `moving` are the ids whose points it changes.
  change(act, moving = []) {
    const step = [copyOf(this.state), this.scene.pointsOf(moving)];
    act(this.state);
    this.history.record(...step);
    this.changed();
    return true;
  }

  changed() {
    this.apply();
    this.later("view", VIEW_AFTER, () => this.tellView());
  }

  undo() {
    return this.travel((now) => this.history.back(now));
  }

  redo() {
    return this.travel((now) => this.history.forward(now));
  }

  travel(step) {
    const found = step((ids) => ({ state: copyOf(this.state), points: this.scene.pointsOf(ids) }));
    if (!found) return true;
    const pinned = this.state.pinned;
    this.state = copyOf(found.state);
    this.scene.repin([...pinned, ...this.state.pinned], this.state.pinned);
    this.scene.move(found.points);
    this.changed();
    return true;
  }

  chosen() {
    return this.scene.cy.nodes(":selected").map((node) => node.id());
  }

  // The real nodes meant by ids that may name closed groups.
  real(ids) {
    return ids.flatMap((id) => {
      const group = this.seen.groups.get(this.groupName(id));
      return group ? group.members : [id];
    });
  }

  groupName(id) {
    const found = [...this.seen.groups.values()].find((group) => group.id === id);
    return found ? found.name : null;
  }

  hide(ids) {
    if (!ids.length) return false;
    return this.change((state) => this.real(ids).forEach((id) => state.hidden.add(id)));
  }

  hideChosen(cursor) {
    const ids = this.chosen();
    return this.hide(ids.length ? ids : cursor ? [cursor] : []);
  }

  only(ids) {
    const kept = new Set(this.real(ids));
    return this.change((state) => this.content.nodes.forEach((_, id) => { if (!kept.has(id)) state.hidden.add(id); }));
  }

  showAll() {
    return this.change((state) => Object.assign(state, { hidden: new Set(), offNodes: new Set(), offEdges: new Set(), span: null }));
  }

  pin(ids, on) {
    this.change((state) => this.real(ids).forEach((id) => (on ? state.pinned.add(id) : state.pinned.delete(id))));
    this.scene.repin(this.real(ids), this.state.pinned);
    return true;
  }

  togglePin(cursor) {
    const ids = this.chosen().length ? this.chosen() : cursor ? [cursor] : [];
    return ids.length ? this.pin(ids, !this.real(ids).every((id) => this.state.pinned.has(id))) : false;
  }

  group(way) {
    return this.change((state) => Object.assign(state, { grouping: way, opened: new Set() }));
  }

  openGroup(name, open) {
    return this.change((state) => (open ? state.opened.add(name) : state.opened.delete(name)));
  }

  toggleMerge() {
    return this.change((state) => { state.merged = !state.merged; });
  }

  toggleKind(part, kind) {
    return this.change((state) => { if (!state[part].delete(kind)) state[part].add(kind); });
  }

  // Days seen; `moving` while a handle is being drawn, so that one gesture is one step back.
  brush(span, moving = false) {
    const whole = span && span[0] === this.content.days[0] && span[1] === this.content.days[1];
    if (!this.brushing) this.brushing = copyOf(this.state);
    this.state.span = whole ? null : span;
    if (!moving) return this.endBrush();
    this.later("brush", 0, () => this.apply());
    return true;
  }

  endBrush() {
    if (!this.brushing) return false;
    this.history.record(this.brushing);
    this.brushing = null;
    this.changed();
    return true;
  }

  async tidy() {
    const before = [copyOf(this.state), this.scene.points()];
    await this.scene.tidy(this.state.pinned);
    this.history.record(...before);
    this.fit();
    this.changed();
  }

  toggleBox() {
    this.boxing = !this.boxing;
    this.scene.cy.userPanningEnabled(!this.boxing);
    this.shown();
  }

  choose(id, more = false) {
    const node = this.scene.cy.getElementById(id);
    if (!more) this.scene.cy.elements(":selected").not(node).unselect();
    if (more && node.selected()) node.unselect();
    else node.select();
    return true;
  }

  selectAll() {
    this.scene.cy.nodes().not(".off").select();
    return true;
  }

  chooseNeighbours(ids) {
    const found = new Set(ids.flatMap((id) => neighboursOf(this.content, id)).filter((id) => this.seen.nodes.has(id)));
    this.scene.cy.batch(() => found.forEach((id) => this.scene.cy.getElementById(id).select()));
  }

  clear() {
    this.menu.close();
    this.scene.highlight([]);
    this.scene.cy.elements(":selected").unselect();
    return true;
  }

  tellChosen() {
    this.shown();
    this.later("selected", CHOOSE_AFTER, () => this.sendChosen());
  }

  // The real nodes and edges behind what is selected, groups and merged edges taken apart.
  sendChosen() {
    const edges = this.scene.cy.edges(":selected").toArray().flatMap((edge) => {
      const bundle = this.seen.bundles.get(edge.id());
      return bundle ? bundle.edges : [edge.id()];
    });
    const chosen = { nodes: this.real(this.chosen()), edges };
    if (JSON.stringify(chosen) === this.told) return;
    this.told = JSON.stringify(chosen);
    this.send("selected", chosen);
  }

  // Ask for neighbours; many are asked about first (`always`: whatever their number).
  expand(id, always = false) {
    const name = this.groupName(id);
    if (name !== null) return this.openGroup(name, !this.state.opened.has(name));
    if (!this.data.may_expand) return false;
    clearTimeout(this.timers.selected?.id);
    const missing = missingEdges(this.content, id);
    const total = missing && Object.values(missing).reduce((sum, number) => sum + number, 0);
    const send = (asked) => {
      this.send("expand", { id, ...asked });
      this.later("selected", EXPANDED_AFTER, () => this.sendChosen());
    };
    if (total === 0) this.say(this.content.nodes.get(id).label);
    else if (always || total > this.data.flood) this.flood.ask(this.data, missing, send);
    else send({ kinds: [], limit: this.data.flood, first: null, last: null, by_fund: false });
    return true;
  }

  menuAt(id, point) {
    const { cy } = this.scene;
    const item = id ? cy.getElementById(id) : cy.collection();
    if (item.nonempty() && !item.selected()) this.choose(id);
    const found = entriesFor(this, item);
    const at = point || (item.nonempty() && item.isNode() ? item.renderedPosition() : { x: cy.width() / 2, y: cy.height() / 3 });
    this.menu.open(found, at.x, at.y, this.data.strings.menu);
    return true;
  }

  focus(ids, gently) {
    const { cy } = this.scene;
    const found = cy.collection(ids.map((id) => cy.getElementById(id)).filter((item) => item.nonempty() && !item.hasClass("off")));
    if (found.empty()) return;
    this.quiet = true;
    this.told = null;
    cy.elements(":selected").unselect();
    found.select();
    this.quiet = false;
    this.shown();
    if (gently) cy.center(found);
  }

  announce(id) {
    const node = this.content.nodes.get(id);
    const look = node && this.data.looks.nodes[node.kind];
    this.say(node ? [look ? look.word : "", node.label, node.sub].filter(Boolean).join(" ") : this.groupName(id));
  }

  say(text) {
    this.live.textContent = text;
  }

  zoom(by) {
    const { cy } = this.scene;
    cy.zoom({ level: cy.zoom() * by, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
    this.later("view", VIEW_AFTER, () => this.tellView());
    return true;
  }

  fit() {
    this.scene.fit();
    return true;
  }

  async picture() {
    const made = await pictureOf(this);
    download(made, this.data.title);
    this.send("saved", { hash: made.hash, shown: this.seen.shown, total: this.content.total });
    return made.hash;
  }

  hash() {
    return contentHash(this);
  }

  // What the hash is of, for whoever wants to check it.
  hashed() {
    return contentText(this);
  }

  view() {
    const { cy } = this.scene;
    const { x, y } = cy.pan();
    const points = Object.fromEntries([...this.scene.points()].map(([id, point]) => [id, point.map((value) => Math.round(value * 10) / 10)]));
    return viewOf(this.state, points, cy.zoom(), [x, y], this.history.past.length);
  }

  tellView() {
    this.send("view", this.view());
  }

  later(name, wait, act) {
    clearTimeout(this.timers[name]?.id);
    const run = () => {
      delete this.timers[name];
      act();
    };
    this.timers[name] = { id: setTimeout(run, wait), run };
  }

  // Whoever leaves the canvas may press a button next that needs what is still to be told.
  tellNow() {
    const { view } = this.timers;
    if (!view) return;
    clearTimeout(view.id);
    view.run();
  }

  destroy() {
    Object.values(this.timers).forEach(({ id }) => clearTimeout(id));
    this.scene.cy.destroy();
    this.root.replaceChildren();
  }
}
