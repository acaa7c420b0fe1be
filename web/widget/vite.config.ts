import { defineConfig } from "vite";
import { output } from "../build.ts";

const build = output();

export default defineConfig({
  root: import.meta.dirname,
  base: "/widget/",
  resolve: {
    alias: {
      "react/jsx-runtime": "preact/jsx-runtime",
      "react-dom/client": "preact/compat/client",
      "react-dom": "preact/compat",
      react: "preact/compat",
    },
  },
  build: { ...build, rolldownOptions: { ...build.rolldownOptions, input: { frame: "widget/frame.html" } } },
});
