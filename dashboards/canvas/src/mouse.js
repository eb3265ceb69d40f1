// Clicks, double clicks, the right button, dragging and hovering.
import { copyOf } from "./state.js";

export function listen(engine) {
  const { scene, stage, tip } = engine;
  const { cy } = scene;
  let grabbed = null;
  cy.on("select unselect", () => { if (!engine.quiet) engine.tellChosen(); });
  cy.on("dbltap", "node", (event) => engine.expand(event.target.id()));
  cy.on("tap", (event) => {
    engine.menu.close();
    stage.focus({ preventScroll: true });
    if (event.target === cy) scene.highlight([]);
  });
  cy.on("cxttap", (event) => {
    tip.hidden = true;
    engine.menuAt(event.target === cy ? null : event.target.id(), event.renderedPosition);
  });
  stage.addEventListener("contextmenu", (event) => event.preventDefault());
  cy.on("grab", "node", (event) => {
    if (grabbed) return;
    const moving = event.target.selected() ? cy.nodes(":selected").union(event.target) : event.target;
    const ids = moving.union(moving.descendants()).map((node) => node.id());
    const folded = moving.filter(".group").not(":parent").map((node) => engine.real([node.id()]));
    grabbed = { points: scene.pointsOf([...ids, ...folded.flat()]), folded: folded.flat(), from: { ...event.target.position() } };
  });
  cy.on("free", "node", (event) => {
    if (!grabbed) return;
    const { from, points, folded } = grabbed;
    const { x, y } = event.target.position();
    grabbed = null;
    if (Math.hypot(x - from.x, y - from.y) < 1) return;
    // What is inside a closed group goes with it.
    const shifted = folded.map((id) => [id, [points.get(id)[0] + x - from.x, points.get(id)[1] + y - from.y]]);
    scene.move(shifted, false);
    engine.history.record(copyOf(engine.state), points);
    engine.changed();
  });
  cy.on("dragpan scrollzoom pinchzoom", () => engine.later("view", 2000, () => engine.tellView()));
  stage.addEventListener("pointerleave", () => engine.tellNow());
  cy.on("mouseover", "node, edge", (event) => show(event.target, event.renderedPosition));
  cy.on("mouseout viewport grab", () => { tip.hidden = true; });

  function show(item, at) {
    const { content } = engine;
    const known = content.nodes.get(item.id()) || content.edges.get(item.id());
    const text = known ? known.hint : item.data("text");
    if (!text) return;
    tip.textContent = text;
    tip.hidden = false;
    tip.style.left = `${Math.min(at.x + 14, stage.clientWidth - tip.offsetWidth - 4)}px`;
    tip.style.top = `${Math.min(at.y + 14, stage.clientHeight - tip.offsetHeight - 4)}px`;
  }
}
