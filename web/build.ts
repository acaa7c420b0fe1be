import type { Plugin, UserConfig } from "vite";

/** Names carry a hash of the content, so that the same source makes the same files and browsers may keep them for ever. */
export function output(): NonNullable<UserConfig["build"]> {
  return {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    sourcemap: false,
    reportCompressedSize: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        entryFileNames: "assets/[name]-[hash].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  };
}

/** The component library brings its words in thirty languages; we have two. */
export function languages(...kept: string[]): Plugin {
  return {
    name: "parley-languages",
    enforce: "pre",
    load(id) {
      const found = /[\\/]intl[\\/].*?([a-z]{2}-[A-Z]{2})\.m?js$/.exec(id);
      return found && !kept.includes(found[1]!) ? "export default {};" : null;
    },
  };
}
