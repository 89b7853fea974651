/**
 * A Vite plugin. `virtual:pictograms` holds the pictograms of maki and temaki that the reference tables and we ourselves
 * name; `virtual:all-pictograms` holds every one, for tables that a city brought along. Both: "set/name" -> SVG path.
 */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

const PACKAGES: Record<string, string> = { maki: "@mapbox/maki", temaki: "@rapideditor/temaki" };
const OWN = [
  "maki/marker", "maki/car", "maki/bicycle", "temaki/pedestrian", "maki/home", "maki/circle-stroked", "maki/landmark", "maki/square-stroked", "maki/city", "maki/danger",
  "maki/town-hall", "temaki/row_houses", "temaki/gate", "temaki/chicane_arrow", "temaki/junction", "temaki/milestone", "temaki/compass",
];
const require = createRequire(import.meta.url);

function all(): Record<string, string> {
  return Object.fromEntries(Object.entries(PACKAGES).flatMap(([set, name]) => {
    const folder = join(dirname(require.resolve(`${name}/package.json`)), "icons");
    const files = readdirSync(folder).filter((file) => file.endsWith(".svg"));
    return files.map((file) => [`${set}/${file.slice(0, -4)}`, pathOf(readFileSync(join(folder, file), "utf8"))]);
  }));
}

function pathOf(svg: string): string {
  return [...svg.matchAll(/<path[^>]*?\sd="([^"]+)"/g)].map((match) => (match[1] ?? "").replace(/&#x[0-9A-F]+;|\s+/gi, " ")).join(" ");
}

/** The names that stand in the reference tables beside this folder. */
function named(reference: string): Set<string> {
  const tables = readdirSync(reference).filter((file) => file.endsWith(".json"));
  return new Set([...OWN, ...tables.flatMap((file) => readFileSync(join(reference, file), "utf8").match(/(?:maki|temaki)\/[\w-]+/g) ?? [])]);
}

export function pictograms(reference: string): Plugin {
  return {
    name: "gridward-pictograms",
    resolveId: (id) => (id === "virtual:pictograms" || id === "virtual:all-pictograms" ? `\0${id}` : null),
    load(id) {
      if (id === "\0virtual:all-pictograms") return `export default ${JSON.stringify(all())}`;
      if (id !== "\0virtual:pictograms") return null;
      const names = named(reference);
      return `export default ${JSON.stringify(Object.fromEntries(Object.entries(all()).filter(([name]) => names.has(name))))}`;
    },
  };
}
