/** A Vite plugin: `virtual:maki` and `virtual:temaki` are the paths of those sets as one object, name -> SVG path. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

const SETS: Record<string, string> = { "virtual:maki": "@mapbox/maki", "virtual:temaki": "@rapideditor/temaki" };
const require = createRequire(import.meta.url);

function paths(name: string): Record<string, string> {
  const folder = join(dirname(require.resolve(`${name}/package.json`)), "icons");
  const files = readdirSync(folder).filter((file) => file.endsWith(".svg"));
  return Object.fromEntries(files.map((file) => [file.slice(0, -4), pathOf(readFileSync(join(folder, file), "utf8"))]));
}

function pathOf(svg: string): string {
  return [...svg.matchAll(/<path[^>]*?\sd="([^"]+)"/g)].map((match) => (match[1] ?? "").replace(/&#x[0-9A-F]+;|\s+/gi, " ")).join(" ");
}

export function pictograms(): Plugin {
  return {
    name: "gridward-pictograms",
    resolveId: (id) => (id in SETS ? `\0${id}` : null),
    load(id) {
      const name = SETS[id.slice(1)];
      return id.startsWith("\0") && name ? `export default ${JSON.stringify(paths(name))}` : null;
    },
  };
}
