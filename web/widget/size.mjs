// The budget of the widget (guarantees 3.2): what a visitor's browser loads, gzip, in bytes. Over it the build fails.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const dist = join(import.meta.dirname, "dist");
const weigh = (name) => gzipSync(readFileSync(join(dist, name)), { level: 9 }).length;
const loader = weigh("loader.js");
const frame = ["frame.html", ...readdirSync(join(dist, "assets")).map((name) => join("assets", name))].reduce((sum, name) => sum + weigh(name), 0);

let failed = false;
for (const [what, size, most] of [["launcher", loader, 6 * 1024], ["launcher and chat", loader + frame, 45 * 1024]]) {
  console.log(`${what}: ${size} of ${most} bytes gzip`);
  if (size > most) failed = true;
}
if (failed) {
  console.error("The widget is larger than its budget.");
  process.exit(1);
}
