import { safeLink } from "./link.ts";

export type Span =
  | { kind: "text"; text: string }
  | { kind: "break" }
  | { kind: "code"; text: string }
  | { kind: "strong" | "emphasis" | "strike"; spans: Span[] }
  | { kind: "link"; url: string; spans: Span[] };

export type Block =
  | { kind: "paragraph" | "heading"; spans: Span[] }
  | { kind: "quote"; blocks: Block[] }
  | { kind: "code"; text: string }
  | { kind: "rule" }
  | { kind: "list"; ordered: boolean; start: number; items: Span[][] };

/** How deep quotes and emphasis may nest; deeper marks stay text. */
const deepest = 6;

/** Reads the Markdown that chats use. Total: every text has a reading, and time grows with its length alone. */
export function parseMarkdown(text: string): Block[] {
  return readBlocks(text.replace(/\r\n?/g, "\n").split("\n"), 0);
}

const bullet = /^ {0,3}[-*+] +(\S.*)$/;
const numbered = /^ {0,3}(\d{1,9})[.)] +(\S.*)$/;

function readBlocks(lines: string[], depth: number): Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at]!;
    if (line.trim() === "") {
      at++;
    } else if (line.startsWith("```")) {
      const end = lines.findIndex((l, i) => i > at && l.startsWith("```"));
      const stop = end < 0 ? lines.length : end;
      blocks.push({ kind: "code", text: lines.slice(at + 1, stop).join("\n") });
      at = stop + 1;
    } else if (/^ {0,3}(-{3,}|\*{3,}|_{3,}) *$/.test(line)) {
      blocks.push({ kind: "rule" });
      at++;
    } else if (line.startsWith(">") && depth < deepest) {
      const start = at;
      while (at < lines.length && lines[at]!.startsWith(">")) at++;
      blocks.push({ kind: "quote", blocks: readBlocks(lines.slice(start, at).map((l) => l.replace(/^> ?/, "")), depth + 1) });
    } else if (/^#{1,6} +\S/.test(line)) {
      blocks.push({ kind: "heading", spans: readSpans(line.replace(/^#{1,6} +/, "")) });
      at++;
    } else if (bullet.test(line) || numbered.test(line)) {
      const ordered = !bullet.test(line);
      const shape = ordered ? numbered : bullet;
      const items: Span[][] = [];
      const start = ordered ? Number(numbered.exec(line)![1]) : 1;
      for (let found; at < lines.length && (found = shape.exec(lines[at]!)); at++) items.push(readSpans(found[found.length - 1]!));
      blocks.push({ kind: "list", ordered, start, items });
    } else {
      const start = at++;
      while (at < lines.length && !opensBlock(lines[at]!, depth)) at++;
      blocks.push({ kind: "paragraph", spans: readSpans(lines.slice(start, at).join("\n")) });
    }
  }
  return blocks;
}

function opensBlock(line: string, depth: number): boolean {
  return line.trim() === "" || line.startsWith("```") || (line.startsWith(">") && depth < deepest) || bullet.test(line) || numbered.test(line) || /^#{1,6} +\S/.test(line);
}

const marks: [string, "strong" | "emphasis" | "strike"][] = [["**", "strong"], ["__", "strong"], ["~~", "strike"], ["*", "emphasis"], ["_", "emphasis"]];

/** A mark whose end is not on the next few thousand characters is text; this bounds the search of each mark. */
const farthest = 4000;

export function readSpans(text: string, depth = 0): Span[] {
  const spans: Span[] = [];
  const dead = new Set<string>(); // marks that have no end in what is left
  let plain = "";
  let at = 0;
  const flush = () => {
    if (plain !== "") spans.push({ kind: "text", text: plain });
    plain = "";
  };
  const put = (span: Span, next: number) => {
    flush();
    spans.push(span);
    at = next;
  };
  while (at < text.length) {
    const c = text[at]!;
    if (c === "\n") {
      put({ kind: "break" }, at + 1);
      continue;
    }
    if (c === "\\" && /[\\`*_~[\]()#>.!-]/.test(text[at + 1] ?? "")) {
      plain += text[at + 1];
      at += 2;
      continue;
    }
    const found = c === "`" ? code(text, at, dead) : c === "[" ? bracketed(text, at, depth, dead) : c === "h" ? bare(text, at) : "*_~".includes(c) ? marked(text, at, depth, dead) : null;
    if (found) {
      put(found.span, found.next);
      continue;
    }
    plain += c;
    at++;
  }
  flush();
  return spans;
}

type Found = { span: Span; next: number } | null;

function code(text: string, at: number, dead: Set<string>): Found {
  const end = dead.has("`") ? -1 : text.indexOf("`", at + 1);
  if (end < 0) dead.add("`");
  return end > at + 1 ? { span: { kind: "code", text: text.slice(at + 1, end) }, next: end + 1 } : null;
}

function bracketed(text: string, at: number, depth: number, dead: Set<string>): Found {
  if (dead.has("](")) return null;
  const middle = text.indexOf("](", at);
  if (middle < 0) {
    dead.add("](");
    return null;
  }
  if (middle - at > farthest || depth >= deepest || text.slice(at + 1, middle).includes("\n")) return null;
  const end = text.slice(middle, middle + farthest).search(/[)\s]/);
  if (end < 0 || text[middle + end] !== ")") return null;
  const url = safeLink(text.slice(middle + 2, middle + end));
  const label = text.slice(at + 1, middle);
  if (url === null || label.trim() === "" || label.includes("[")) return null;
  return { span: { kind: "link", url, spans: [{ kind: "text", text: label }] }, next: middle + end + 1 };
}

/** A web address that stands in the text as it is. Punctuation at its end belongs to the sentence. */
function bare(text: string, at: number): Found {
  if (at > 0 && /[\p{L}\p{N}]/u.test(text[at - 1]!)) return null;
  const found = /^https?:\/\/[^\s<>"'`]{3,2000}/.exec(text.slice(at, at + 2010));
  if (!found) return null;
  let shown = found[0].replace(/[.,;:!?*_~'"»]+$/, "");
  while (shown.endsWith(")") && !shown.includes("(")) shown = shown.slice(0, -1);
  const url = safeLink(shown);
  return url === null ? null : { span: { kind: "link", url, spans: [{ kind: "text", text: shown }] }, next: at + shown.length };
}

function marked(text: string, at: number, depth: number, dead: Set<string>): Found {
  for (const [mark, kind] of marks) {
    if (!text.startsWith(mark, at) || dead.has(mark) || depth >= deepest) continue;
    const opens = /\S/.test(text[at + mark.length] ?? "") && !(mark.startsWith("_") && at > 0 && /[\p{L}\p{N}]/u.test(text[at - 1]!));
    if (!opens) continue;
    const end = closing(text, at + mark.length, mark);
    if (end === "never") dead.add(mark);
    if (typeof end !== "number") continue;
    return { span: { kind, spans: readSpans(text.slice(at + mark.length, end), depth + 1) }, next: end + mark.length };
  }
  return null;
}

function closing(text: string, from: number, mark: string): number | "never" | "far" {
  let end = text.indexOf(mark, from + 1);
  if (end < 0) return "never";
  for (; end >= 0 && end - from <= farthest; end = text.indexOf(mark, end + 1)) {
    const wordGoesOn = mark.startsWith("_") && /[\p{L}\p{N}]/u.test(text[end + mark.length] ?? "");
    const partOfDouble = mark.length === 1 && (text[end + 1] === mark || text[end - 1] === mark);
    if (/\S/.test(text[end - 1]!) && !wordGoesOn && !partOfDouble) return end;
  }
  return "far";
}
