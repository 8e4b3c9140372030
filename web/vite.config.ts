/**
 * Two builds into one folder: the page, and with `--mode worker` the shared worker, each one file with a fixed name.
 *
 * The names carry no hashes, so that a built file can be compared with the committed one; the server answers with ETags.
 */
import { defineConfig } from "vitest/config";

const OUT = "../meshglobal/dashboard/static";

export default defineConfig(({ mode }) => ({
  base: "/static/",
  build: {
    outDir: OUT,
    emptyOutDir: mode !== "worker",
    copyPublicDir: mode !== "worker",
    target: "es2022",
    cssTarget: ["chrome123", "firefox121", "safari17.5"],
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    assetsInlineLimit: 0,
    // Of what is built in: their licences want to be passed on.
    license: mode === "worker" ? false : { fileName: "licenses.md" },
    rolldownOptions: {
      input: mode === "worker" ? "src/worker.ts" : "index.html",
      output: {
        entryFileNames: mode === "worker" ? "worker.js" : "app.js",
        assetFileNames: "app.[ext]",
        codeSplitting: false,
      },
    },
  },
  test: {
    restoreMocks: true,
    testTimeout: 30_000, // also where machines are busy
    projects: [
      { extends: true, test: { name: "pure", environment: "node", include: ["src/**/*.test.ts"] } },
      { extends: true, test: { name: "drawn", environment: "happy-dom", include: ["src/**/*.test.tsx"] } },
    ],
  },
}));
