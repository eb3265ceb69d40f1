// Bundle src/ into DIST with the packages under MODULES: node build.mjs MODULES DIST
// CANVAS_READABLE=1 leaves the bundle readable, for measuring and mending.
import { createRequire } from "node:module";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const modules = resolve(process.argv[2] || join(here, "node_modules"));
const dist = resolve(process.argv[3] || join(here, "dist"));
const { build } = createRequire(join(modules, "esbuild", "package.json"))("esbuild");

const shared = {
  bundle: true, minify: !process.env.CANVAS_READABLE, write: true, metafile: true, target: "es2020", charset: "utf8", legalComments: "none",
  entryNames: "[name]-[hash]", nodePaths: [modules], absWorkingDir: here, define: { "process.env.NODE_ENV": '"production"' },
};

function packagesOf(metafile) {
  const found = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const at = input.lastIndexOf("node_modules/");
    if (at < 0) continue;
    const parts = input.slice(at + "node_modules/".length).split("/");
    found.add(parts[0].startsWith("@") ? parts.slice(0, 2).join("/") : parts[0]);
  }
  return [...found].sort();
}

function licence(name) {
  const folder = join(modules, name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} ${version} carries no licence file`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
}

const fresh = `${dist}.new`;
rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh, { recursive: true });
const canvas = await build({ ...shared, entryPoints: { canvas: "src/streamlit.js" }, format: "esm", outdir: fresh });
await build({ ...shared, entryPoints: { standalone: "src/standalone.js" }, format: "iife", outdir: fresh });
await build({ ...shared, entryPoints: { canvas: "src/canvas.css" }, outdir: fresh });
const rule = `\n${"-".repeat(72)}\n\n`;
writeFileSync(join(fresh, "LICENCES.txt"), packagesOf(canvas.metafile).map(licence).join(rule));
rmSync(dist, { recursive: true, force: true });
renameSync(fresh, dist);
