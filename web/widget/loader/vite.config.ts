import { defineConfig } from "vite";

/** One classic script, /widget/loader.js: what a page names in its script tag. */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  build: {
    outDir: "../dist",
    emptyOutDir: false,
    target: "es2022",
    reportCompressedSize: false,
    lib: { entry: "loader.ts", formats: ["iife"], name: "parleyLoader", fileName: () => "loader.js" },
  },
});
