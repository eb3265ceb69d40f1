// What the shapes and lines mean; a click switches a kind off and on.
import { button, drawing, element } from "./dom.js";

const SHAPES = {
  ellipse: ["circle", { cx: 9, cy: 9, r: 7.5 }],
  triangle: ["path", { d: "M9 1.5 17 16H1Z" }],
  rectangle: ["rect", { x: 2, y: 2, width: 14, height: 14 }],
  hexagon: ["path", { d: "M5 2h8l4 7-4 7H5L1 9Z" }],
  diamond: ["path", { d: "M9 1 17 9 9 17 1 9Z" }],
  octagon: ["path", { d: "M6 1h6l5 5v6l-5 5H6l-5-5V6Z" }],
};
const DASHES = { solid: "", dashed: "6 3", dotted: "2 3" };

function shape(look, letterInk) {
  const [tag, attributes] = SHAPES[look.shape];
  const letter = drawing("text", { x: 9, y: look.shape === "triangle" ? 14.5 : 12.6, "font-size": 9.5, "text-anchor": "middle", fill: letterInk });
  letter.textContent = look.letter;
  return drawing("svg", { width: 18, height: 18, "aria-hidden": "true" }, [drawing(tag, { ...attributes, fill: look.colour }), letter]);
}

function line(look) {
  const stroke = drawing("path", { d: "M0 9H30", stroke: look.colour, "stroke-width": 3, "stroke-dasharray": DASHES[look.line] });
  return drawing("svg", { width: 30, height: 18, "aria-hidden": "true" }, [stroke]);
}

export class Legend {
  constructor(engine) {
    this.engine = engine;
    this.root = element("div", "legend");
    this.root.setAttribute("role", "group");
  }

  dress(data, content) {
    const { looks } = data;
    this.root.setAttribute("aria-label", data.strings.legend);
    const kinds = (items) => new Set([...items.values()].map((item) => item.kind));
    const entry = (part, kind, look, picture) => {
      const made = button("", "entry", () => this.engine.toggleKind(part, kind), data.strings.legend);
      made.setAttribute("aria-label", look.word);
      made.dataset.kind = kind;
      made.dataset.part = part;
      made.append(picture, element("span", "", part === "offEdges" ? `${look.letter} ${look.word}` : look.word));
      return made;
    };
    const nodes = kinds(content.nodes);
    const edges = kinds(content.edges);
    this.entries = [
      ...Object.entries(looks.nodes).filter(([kind]) => nodes.has(kind)).map(([kind, look]) => entry("offNodes", kind, look, shape(look, looks.theme.letter))),
      ...Object.entries(looks.edges).filter(([kind]) => edges.has(kind)).map(([kind, look]) => entry("offEdges", kind, look, line(look))),
    ];
    this.root.replaceChildren(...this.entries);
  }

  show({ state }) {
    for (const made of this.entries) {
      made.setAttribute("aria-pressed", String(!state[made.dataset.part].has(made.dataset.kind)));
    }
  }
}
