// Reading the word lists, and writing rows of a dictionary: id;name,name;{json}.
import { readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const library = join(here, "..", "zb-common");

export const words = (name) =>
  readFileSync(join(here, "words", name), "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith("#"));

export const list = (text) => (text || "").split(",").map((s) => s.trim()).filter(Boolean);

// The names of a row: each once, without what would end the field.
const names = (row) => [...new Set(row.names.map((n) => n.trim()).filter((n) => n && !/[;,"]/.test(n)))];

// The rows are numbered from one, or from first.
export function dictionary(path, rows, first = 1) {
  const file = join(library, path);
  mkdirSync(dirname(file), { recursive: true });
  const taken = new Set(rows.map((r) => r.id).filter((id) => id !== undefined));
  let next = first;
  const text = rows.map((row) => {
    let id = row.id;
    if (id === undefined) {
      while (taken.has(next)) next++;
      id = next++;
    }
    return { id, line: `${id};${names(row).join(",")};${JSON.stringify(row.value)}\n` };
  });
  text.sort((a, b) => a.id - b.id);
  writeFileSync(file, text.map((t) => t.line).join(""));
  console.log(path, rows.length);
}
