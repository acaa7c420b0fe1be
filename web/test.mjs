// Builds every *.test.ts(x) and runs them with Node's own test runner.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";

const here = import.meta.dirname;
const out = mkdtempSync(join(here, "node_modules", ".tests-"));
const input = {};
for (const part of ["shared", "desk", "widget"]) {
  for (const name of readdirSync(join(here, part), { recursive: true })) {
    if (/\.test\.tsx?$/.test(name)) input[`${part}-${name.replace(/[\\/]/g, "-").replace(/\.tsx?$/, "")}`] = join(here, part, name);
  }
}
try {
  await build({
    root: here,
    configFile: false,
    logLevel: "warn",
    build: { ssr: true, outDir: out, minify: false, sourcemap: "inline", target: "node20", rolldownOptions: { input } },
  });
  const files = Object.keys(input).map((name) => join(out, `${name}.js`));
  const run = spawnSync(process.execPath, ["--enable-source-maps", "--test", "--test-reporter=dot", ...files], { stdio: "inherit" });
  process.exitCode = run.status ?? 1;
  console.log(`\n${files.length} files of tests`);
} finally {
  rmSync(out, { recursive: true, force: true });
}
