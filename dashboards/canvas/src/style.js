// Cytoscape's style sheet from the looks and the theme. Selectors by kind, few mappers: it is drawn often.

// Short on purpose: Cytoscape hashes it for every element.
const FONT = '"Noto Sans CJK SC", "Microsoft YaHei", sans-serif';
const MANY_EDGES = 1500;

function mixed(colour, paper) {
  const part = (text, at) => parseInt(text.slice(at, at + 2), 16);
  return `#${[1, 3, 5].map((at) => Math.round((part(colour, at) + 2 * part(paper, at)) / 3).toString(16).padStart(2, "0")).join("")}`;
}

function nodeRules(looks, theme) {
  return Object.entries(looks.nodes).flatMap(([kind, look]) => [
    { selector: `node[kind = "${kind}"]`, style: { shape: look.shape, "background-color": look.colour, "border-color": look.colour } },
    { selector: `node[kind = "${kind}"][!core]`, style: { "background-color": mixed(look.colour, theme.paper), "border-style": "dashed" } },
  ]);
}

function edgeRules(looks, curve) {
  return Object.entries(looks.edges).map(([kind, look]) => ({
    selector: `edge[kind = "${kind}"]`,
    style: {
      "line-color": look.colour, ...(look.line === "solid" ? {} : { "line-style": look.line }),
      ...(look.arrow && curve !== "haystack" ? { "target-arrow-shape": "triangle", "target-arrow-color": look.colour, "arrow-scale": 0.8 } : {}),
    },
  }));
}

// Each property an element has is another thousand steps before the first frame of a great picture: nothing here
// says what Cytoscape takes for granted, and edges that say nothing have no script.
export function styleSheet(looks, edgeCount) {
  const { theme } = looks;
  const many = edgeCount > MANY_EDGES;
  const curve = many ? "haystack" : "bezier";
  const text = {
    "font-family": FONT, "font-size": 14, color: theme.ink, "text-outline-color": theme.paper,
    "text-outline-width": 2.5, "text-outline-opacity": 0.9,
  };
  const alone = many ? text : {};
  return [
    { selector: "node", style: {
      ...text, width: "data(size)", height: "data(size)", label: "data(text)", "text-valign": "bottom", "text-margin-y": 3,
      "text-wrap": "wrap", "text-max-width": 120, "min-zoomed-font-size": 8, "border-width": 2,
      "background-image": "data(icon)", "background-width": "126%", "background-height": "126%",
      "background-clip": "none", "background-image-containment": "over", "bounds-expansion": 8,
    } },
    ...nodeRules(looks, theme),
    { selector: "node.group", style: {
      shape: "round-rectangle", "background-color": theme.card, "border-color": theme.ink, "border-width": 2,
      "border-style": "double", "background-image": "none", "font-weight": 600, "text-max-width": 180,
    } },
    { selector: "node.group:parent", style: {
      "background-opacity": 0.55, "border-style": "dashed", "border-width": 1.5, padding: 26, "text-valign": "top", "text-margin-y": -4,
    } },
    { selector: "edge", style: {
      width: "data(width)", "curve-style": curve, "line-opacity": 0.85,
      ...(many ? {} : { ...text, label: "data(text)", "min-zoomed-font-size": 10 }),
    } },
    ...edgeRules(looks, curve),
    { selector: "edge.merged", style: {
      ...alone, "line-color": theme.muted, "line-style": "solid", label: "data(text)", "min-zoomed-font-size": 7, "curve-style": curve === "haystack" ? "haystack" : "straight",
    } },
    { selector: "edge[badge > 0]", style: { ...alone, label: "data(text)", "min-zoomed-font-size": 7, "font-weight": 600 } },
    { selector: ":active", style: { "overlay-opacity": 0 } },
    { selector: ".off", style: { display: "none" } },
    { selector: ".faded", style: { opacity: 0.18 } },
    { selector: "node.onpath", style: { "border-color": theme.accent, "border-width": 5, "z-index": 9 } },
    { selector: "edge.onpath", style: { "line-color": theme.accent, "target-arrow-color": theme.accent, width: 5, "z-index": 9 } },
    { selector: "node:selected", style: { "border-color": theme.accent, "border-width": 5, "border-style": "solid", "underlay-color": theme.accent, "underlay-opacity": 0.35, "underlay-padding": 9, "underlay-shape": "ellipse", "z-index": 10 } },
    { selector: "edge:selected", style: { ...alone, "line-color": theme.accent, "target-arrow-color": theme.accent, width: 4, label: "data(text)", "min-zoomed-font-size": 1 } },
    { selector: "node.cursor", style: { "outline-width": 4, "outline-offset": 3, "outline-color": theme.ink, "outline-opacity": 1 } },
  ];
}
