import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";
import { pictograms } from "./vite/pictograms.ts";

const server = process.env["GRIDWARD_SERVER"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [vue(), pictograms()],
  server: { proxy: { "/api": { target: server }, "/enter": { target: server } } },
  build: { target: "es2022", chunkSizeWarningLimit: 900 },
  test: { environment: "happy-dom", include: ["src/**/*.test.ts", "tests/**/*.test.ts"], testTimeout: 10_000 },
});
