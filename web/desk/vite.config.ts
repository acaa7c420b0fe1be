import { defineConfig } from "vite";
import { languages, output } from "../build.ts";

export default defineConfig({
  root: import.meta.dirname,
  base: "/desk/",
  plugins: [languages("en-US", "ru-RU")],
  build: output(),
  // The page and its API come from one origin; a server of `parley serve --demo` stands behind.
  server: { proxy: { "/desk/api": { target: "http://127.0.0.1:8080", ws: true } } },
});
