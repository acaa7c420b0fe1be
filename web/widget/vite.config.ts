import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { output } from "../build.ts";

const build = output();

/** The chat inside of the frame. The loader is built beside it, into one file of a name that never changes (loader/vite.config.ts). */
export default defineConfig({
  root: import.meta.dirname,
  base: "/widget/",
  resolve: {
    alias: [
      { find: "react/jsx-runtime", replacement: "preact/jsx-runtime" },
      { find: /^react$/, replacement: fileURLToPath(new URL("./react.ts", import.meta.url)) },
    ],
  },
  build: { ...build, rolldownOptions: { ...build.rolldownOptions, input: { frame: "widget/frame.html" } } },
});
