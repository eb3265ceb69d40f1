// A PNG of what is to be seen, with a caption: title, n of N, date and a hash of the content shown.
import { fill, grouped } from "./dom.js";
import { FONT } from "./icons.js";
import { sha256 } from "./sha256.js";

// Where the browser has no memory for a large picture, a smaller one.
const MOST_PIXELS = [4096, 2048, 1024];

// The same picture gives the same hash: what is shown, where, under which filters, out of how many.
export function contentText({ scene, content, state, seen, data }) {
  const points = scene.pointsOf([...seen.nodes].sort());
  const shown = {
    title: data.title, date: data.date, shown: seen.shown, total: content.total, span: state.span, grouping: state.grouping,
    nodes: [...points].map(([id, [x, y]]) => [id, content.nodes.get(id).label, Math.round(x), Math.round(y)]),
    groups: [...seen.groups.values()].map((group) => [group.name, group.opened, [...group.members].sort()]).sort(),
    edges: [...seen.edges].sort(),
    merged: [...seen.bundles.values()].map((found) => [...found.edges].sort().join("\u0000")).sort(),
  };
  return JSON.stringify(shown);
}

export const contentHash = (parts) => sha256(contentText(parts));

export async function pictureOf(parts) {
  const hash = contentHash(parts);
  let refused = null;
  for (const pixels of MOST_PIXELS) {
    try {
      return { hash, blob: await paint(parts, hash, pixels) };
    } catch (error) {
      refused = error;
    }
  }
  throw refused;
}

async function paint({ scene, content, seen, data }, hash, pixels) {
  const { theme } = data.looks;
  const image = await createImageBitmap(
    await scene.cy.png({ output: "blob-promise", full: true, bg: theme.paper, scale: 2, maxWidth: pixels, maxHeight: pixels }),
  );
  const sheet = document.createElement("canvas");
  const size = 26;
  sheet.width = Math.max(image.width + 48, 1100);
  sheet.height = image.height + 48 + 3.6 * size;
  const pen = sheet.getContext("2d");
  pen.fillStyle = theme.paper;
  pen.fillRect(0, 0, sheet.width, sheet.height);
  pen.drawImage(image, Math.round((sheet.width - image.width) / 2), 24);
  pen.fillStyle = theme.ink;
  pen.font = `600 ${size}px ${FONT}`;
  pen.fillText(data.title, 24, image.height + 48 + size, sheet.width - 48);
  pen.font = `${size * 0.8}px ${FONT}`;
  const shown = fill(data.strings.shown, { n: grouped(seen.shown), total: grouped(content.total) });
  const line = [shown, data.date, fill(data.strings.hash, { hash: hash.slice(0, 16) })].join("  ·  ");
  pen.fillText(line, 24, image.height + 48 + 2.3 * size, sheet.width - 48);
  const blob = await new Promise((done) => { sheet.toBlob(done, "image/png"); });
  if (!blob) throw new Error("the browser made no picture");
  return blob;
}

export function download({ hash, blob }, title) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${title.replace(/[\\/:*?"<>|\s]+/g, "_").slice(0, 60)}_${hash.slice(0, 8)}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
