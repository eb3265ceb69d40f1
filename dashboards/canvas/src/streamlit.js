// The canvas as a Streamlit component (v2): data in, states and triggers out. Nothing else lives here.
import { Engine } from "./engine.js";

const engines = new WeakMap();
const STATES = new Set(["selected"]);

export default function canvas(component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".canvas");
  let engine = engines.get(root);
  if (!engine) {
    engine = new Engine(root, (name, value) => engine.outward(name, value));
    engines.set(root, engine);
  }
  engine.outward = (name, value) => {
    if (STATES.has(name)) component.setStateValue(name, value);
    else component.setTriggerValue(name, value);
  };
  engine.update(data);
  if (data.handle) window.huanchaCanvas = engine;
  return () => {
    engine.destroy();
    engines.delete(root);
  };
}
