// The canvas in a page of its own: its data stands in the page, and nothing is asked of anyone.
import { Engine } from "./engine.js";

const data = JSON.parse(document.getElementById("canvas-data").textContent);
const engine = new Engine(document.querySelector(".canvas"), () => {});
engine.update(data);
window.huanchaCanvas = engine;
