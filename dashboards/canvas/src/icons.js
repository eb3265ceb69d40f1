// The letter inside a shape and the marks at its corners (grade, notes, pin), as small pictures.
export const FONT = "'Noto Sans CJK SC', 'Noto Sans SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', sans-serif";

const UNSAFE = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const safe = (text) => String(text).replace(/[&<>"']/g, (sign) => UNSAFE[sign]);
const kept = new Map();
const pictures = new Map();

function mark(x, y, text, fill, ink) {
  return `<circle cx="${x}" cy="${y}" r="11" fill="${fill}"/><text x="${x}" y="${y + 6}" font-size="17" fill="${ink}">${safe(text)}</text>`;
}

// What a picture is called. Cytoscape reads the name of each node's picture letter by letter, and does so again with
// every change: a name is short, the picture itself is laid ready by `layReady`.
export function icon(node, pinned, look, theme, lang) {
  const letter = (node.letter || (look && look.letter) || "").slice(0, 2);
  const ink = node.core ? theme.letter : theme.ink;
  const key = [letter, ink, node.grade, node.badge, pinned, look && look.shape, lang, theme.dark].join("\u0000");
  if (kept.has(key)) return kept.get(key);
  const lower = look && look.shape === "triangle" ? 56 : 50;
  const parts = [`<text x="40" y="${lower}" font-size="28" font-weight="600" fill="${ink}">${safe(letter)}</text>`];
  if (node.grade) parts.push(mark(68, 12, node.grade.slice(0, 1), theme.danger, theme.letter));
  if (node.badge) parts.push(mark(12, 12, node.badge > 9 ? "+" : node.badge, theme.ink, theme.paper));
  if (pinned) parts.push(mark(12, 68, "\u25C6", theme.accent, theme.letter));
  const drawn = `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="80" viewBox="0 0 80 80" xml:lang="${safe(lang)}" font-family="${safe(FONT)}" text-anchor="middle">${parts.join("")}</svg>`;
  const name = `icon${kept.size}`;
  kept.set(key, name);
  pictures.set(name, `data:image/svg+xml;utf8,${encodeURIComponent(drawn)}`);
  return name;
}

// Put the picture called `name` among those the renderer has fetched.
export function layReady(renderer, name) {
  renderer.imageCache = renderer.imageCache || {};
  if (renderer.imageCache[name]) return;
  const image = new Image();
  image.src = pictures.get(name);
  renderer.imageCache[name] = { image };
}
