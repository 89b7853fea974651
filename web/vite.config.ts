import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";
import { leafletAlone } from "./vite/leaflet.ts";
import { pictograms } from "./vite/pictograms.ts";

const server = process.env["GRIDWARD_SERVER"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [
    vue(),
    pictograms(fileURLToPath(new URL("../data/reference", import.meta.url))),
    leafletAlone(),
    VitePWA({
      registerType: "autoUpdate",
      manifest: {
        name: "Gridward", short_name: "Gridward", start_url: "/field", display: "standalone", background_color: "#f2f1ed", theme_color: "#1a5fb4",
        icons: [{ src: "/mark.svg", sizes: "any", type: "image/svg+xml", purpose: "any" }],
      },
      workbox: {
        globPatterns: ["**/*.{js,css,html,svg}"],
        globIgnores: ["leaflet/**", "**/*all-pictograms*"], // for pages that are sent around; and only where a city brought pictograms of its own
        maximumFileSizeToCacheInBytes: 4_000_000,
        navigateFallback: "/index.html",
        navigateFallbackDenylist: [/^\/api\//, /^\/ogc/, /^\/enter\//, /^\/docs/],
        runtimeCaching: [
          // The base map only: what belongs to a person is kept by the page itself, by account.
          { urlPattern: /\/api\/tiles\/\d+\/base\//, handler: "NetworkFirst", options: { networkTimeoutSeconds: 3, cacheName: "gridward-tiles", expiration: { maxEntries: 3000, purgeOnQuotaError: true } } },
        ],
      },
    }),
  ],
  server: { proxy: { "/api": { target: server }, "/enter": { target: server } } },
  build: { target: "es2022", chunkSizeWarningLimit: 900 },
  test: { environment: "happy-dom", include: ["src/**/*.test.ts", "tests/**/*.test.ts"], testTimeout: 10_000 },
});
