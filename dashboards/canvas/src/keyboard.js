// Everything without a mouse: a cursor that walks from node to node, and keys for what the tools do.
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Keyboard {
  constructor(engine, stage) {
    this.engine = engine;
    this.cursor = null;
    stage.addEventListener("keydown", (event) => {
      if (event.target !== stage && event.target.closest(".menu, .flood")) return;
      if (this.press(event)) {
        event.preventDefault();
        event.stopPropagation();
      }
    });
    stage.addEventListener("blur", () => this.at(null));
  }

  press(event) {
    const { engine } = this;
    const control = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (control && key === "z") return event.shiftKey ? engine.redo() : engine.undo();
    if (control && key === "y") return engine.redo();
    if (control && key === "a") return engine.selectAll();
    if (control || event.altKey) return false;
    if (WAYS[event.key]) return this.walk(WAYS[event.key]);
    if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) return engine.menuAt(this.cursor);
    if (event.key === "Enter" && event.shiftKey) return this.cursor ? engine.expand(this.cursor) : false;
    if (event.key === "Enter" || event.key === " ") return this.cursor ? engine.choose(this.cursor, event.key === " ") : false;
    if (event.key === "Delete" || event.key === "Backspace") return engine.hideChosen(this.cursor);
    if (event.key === "Escape") return engine.clear();
    if (key === "+" || key === "=") return engine.zoom(1.25);
    if (key === "-") return engine.zoom(0.8);
    if (key === "0") return engine.fit();
    if (key === "p") return engine.togglePin(this.cursor);
    return false;
  }

  walk([dx, dy]) {
    const { cy } = this.engine.scene;
    const nodes = cy.nodes().not(".off").filter((node) => !node.isParent());
    if (nodes.empty()) return false;
    const from = this.cursor ? cy.getElementById(this.cursor) : cy.collection();
    if (from.empty() || from.hasClass("off")) {
      const chosen = cy.nodes(":selected");
      this.at((chosen.nonempty() ? chosen : nodes)[0].id());
      return true;
    }
    const here = from.position();
    let best = null;
    let least = Infinity;
    nodes.forEach((node) => {
      const x = node.position().x - here.x;
      const y = node.position().y - here.y;
      const along = x * dx + y * dy;
      if (along <= 1) return;
      // Straight ahead counts once, sideways twice.
      const cost = along + 2 * Math.abs(x * dy - y * dx);
      if (cost < least) [best, least] = [node, cost];
    });
    if (best) this.at(best.id());
    return true;
  }

  at(id) {
    const { cy } = this.engine.scene;
    cy.nodes(".cursor").removeClass("cursor");
    this.cursor = id;
    if (id === null) return;
    const node = cy.getElementById(id);
    node.addClass("cursor");
    const { x1, y1, x2, y2 } = cy.extent();
    const { x, y } = node.position();
    if (x < x1 || x > x2 || y < y1 || y > y2) cy.center(node);
    this.engine.announce(id);
  }
}
