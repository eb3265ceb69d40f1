// Where new nodes go: on rings round the node they came with. Nothing that is there moves.
import { neighboursOf } from "./content.js";

const ROOM = 104;
const START = 120;
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

function centre(points) {
  let x = 0;
  let y = 0;
  for (const point of points.values()) {
    x += point[0];
    y += point[1];
  }
  return points.size ? [x / points.size, y / points.size] : [0, 0];
}

function taken(points, x, y) {
  for (const [a, b] of points.values()) {
    if (Math.abs(a - x) < ROOM * 0.55 && Math.abs(b - y) < ROOM * 0.55) return true;
  }
  return false;
}

function ring(around, number, away, points) {
  const found = [];
  let radius = START;
  while (found.length < number && radius < START + 40 * ROOM) {
    const seats = Math.max(6, Math.floor((2 * Math.PI * radius) / ROOM));
    for (let seat = 0; seat < seats && found.length < number; seat += 1) {
      // From the side that looks outward, alternating to both hands.
      const step = (seat % 2 ? 1 : -1) * Math.ceil(seat / 2);
      const angle = away + (step * 2 * Math.PI) / seats;
      const x = around[0] + radius * Math.cos(angle);
      const y = around[1] + radius * Math.sin(angle);
      if (!taken(points, x, y)) found.push([x, y]);
    }
    radius += ROOM;
  }
  while (found.length < number) {
    const turn = found.length * GOLDEN;
    found.push([around[0] + radius * Math.cos(turn), around[1] + radius * Math.sin(turn)]);
  }
  return found;
}

// Points for `ids`, given `points` (a Map) of everything that stands already.
export function placed(content, ids, points) {
  const standing = new Map(points);
  const middle = centre(points);
  const families = new Map();
  for (const id of ids) {
    const node = content.nodes.get(id);
    if (typeof node.x === "number" && typeof node.y === "number") {
      standing.set(id, [node.x, node.y]);
      continue;
    }
    const parent = points.has(node.parent) ? node.parent : neighboursOf(content, id).find((other) => points.has(other));
    const key = parent || "";
    if (!families.has(key)) families.set(key, []);
    families.get(key).push(id);
  }
  for (const [parent, members] of families) {
    const around = parent ? standing.get(parent) : middle;
    const away = Math.atan2(around[1] - middle[1], around[0] - middle[0]);
    members.sort();
    ring(around, members.length, away, standing).forEach((point, at) => standing.set(members[at], point));
  }
  return new Map(ids.map((id) => [id, standing.get(id)]));
}
