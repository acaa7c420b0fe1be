/** A context document as a page edits it: its leaves, and the patch that a change makes. Rules of merging: moveo (d). */
export type Path = readonly string[];
export type Section = "user" | "global" | "tags" | "custom" | "system";
export type Kind = "text" | "number" | "boolean" | "empty" | "json";

export interface Field {
  path: Path;
  section: Section;
  kind: Kind;
  value: unknown;
  masked: boolean; // what the role may not see
  locked: boolean; // what the server fills in
}

const systemKeys = new Set(["channels", "live_instructions"]);
const identity = new Set(["user.user_id", "user.custom_psid", "user.contact_id", "user.ip"]);

export function kindOf(value: unknown): Kind {
  if (value === null || value === undefined) return "empty";
  if (typeof value === "string") return "text";
  if (typeof value === "number") return "number";
  return typeof value === "boolean" ? "boolean" : "json";
}

export function sectionOf(key: string): Section {
  if (key === "user" || key === "global" || key === "tags") return key;
  return systemKeys.has(key) || key.startsWith("sys-") ? "system" : "custom";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Every leaf of a document in its order. An object without keys and a list are leaves; tags are edited as a whole elsewhere. */
export function fields(document: Record<string, unknown>, masked: readonly string[]): Field[] {
  const hidden = new Set(masked);
  const found: Field[] = [];
  const walk = (value: unknown, path: Path, section: Section, under: boolean) => {
    const place = path.join(".");
    const isMasked = under || hidden.has(place);
    if (isObject(value) && Object.keys(value).length > 0) {
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key], section, isMasked);
    } else if (!(path.length === 1 && isObject(value) && section !== "custom")) {
      found.push({ path, section, kind: kindOf(value), value, masked: isMasked, locked: section === "system" || identity.has(place) });
    }
  };
  for (const [key, value] of Object.entries(document)) {
    const section = sectionOf(key);
    if (section !== "tags") walk(value, [key], section, false);
  }
  return found;
}

export function tagsOf(document: Record<string, unknown>): string[] {
  return Array.isArray(document.tags) ? document.tags.map(String) : [];
}

/** The value that a text stands for under a kind; undefined when it stands for none. */
export function valueOf(kind: Kind, text: string): unknown {
  switch (kind) {
    case "text":
      return text;
    case "number": {
      const number = Number(text.trim());
      return text.trim() !== "" && Number.isFinite(number) ? number : undefined;
    }
    case "boolean":
      return text === "true" ? true : text === "false" ? false : undefined;
    case "empty":
      return null;
    case "json":
      try {
        const value: unknown = JSON.parse(text);
        return typeof value === "object" && value !== null ? value : undefined;
      } catch {
        return undefined;
      }
  }
}

/** A value as the field that edits it holds it. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value, null, typeof value === "object" ? 2 : undefined);
}

/** The patch that sets one place and leaves the others as they are. */
export function patchOf(path: Path, value: unknown): Record<string, unknown> {
  return path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Record<string, unknown>;
}

export function at(document: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined), document);
}

/** Whether a place is now another than it was: then a person has to look before he writes over it. */
export function moved(before: unknown, now: unknown): boolean {
  return JSON.stringify(before) !== JSON.stringify(now);
}

const refused = new Set(["__proto__", "constructor", "prototype"]);
const reservedTop = new Set(["user", "global", "tags", "channels", "live_instructions", "context"]);

export type NewKeyFault = "empty" | "reserved" | "taken";

/** The path of a new key in a section, dots between the steps; or why it may not be. */
export function newPath(document: Record<string, unknown>, section: "user" | "global" | "custom", name: string): Path | NewKeyFault {
  const steps = name.split(".").map((step) => step.trim());
  if (steps.some((step) => step === "")) return "empty";
  if (steps.some((step) => refused.has(step))) return "reserved";
  if (section === "custom" && (reservedTop.has(steps[0]!) || steps[0]!.startsWith("sys-"))) return "reserved";
  const path = section === "custom" ? steps : [section, ...steps];
  if (identity.has(path.join("."))) return "reserved";
  for (let n = section === "custom" ? 1 : 2; n <= path.length; n++) {
    const known = at(document, path.slice(0, n));
    if (known !== undefined && (n === path.length || !isObject(known))) return "taken";
  }
  return path;
}

/** Tags from what was typed: commas part them, each stands once, in order. */
export function addTags(tags: readonly string[], typed: string): string[] {
  return [...new Set([...tags, ...typed.split(",").map((tag) => tag.trim()).filter(Boolean)])];
}
