/** A Vite plugin: Leaflet as it comes, beside the bundle, for pages that the server makes to be sent around. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

const FILES = ["leaflet.js", "leaflet.css", "images/layers.png", "images/layers-2x.png", "images/marker-icon.png"];
const require = createRequire(import.meta.url);

export function leafletAlone(): Plugin {
  return {
    name: "gridward-leaflet",
    apply: "build",
    generateBundle() {
      const folder = join(dirname(require.resolve("leaflet/package.json")), "dist");
      for (const file of FILES) this.emitFile({ type: "asset", fileName: `leaflet/${file}`, source: readFileSync(join(folder, file)) });
    },
  };
}
