import { safeMedia } from "../../shared/link.ts";
import type { Presence } from "../api/types.ts";

const hues = 12;

function hueOf(text: string): number {
  let sum = 0;
  for (const c of text) sum = (sum * 31 + c.codePointAt(0)!) % 9973;
  return sum % hues;
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0]!, words.at(-1)!] : words;
  return letters.map((word) => [...word][0]!.toUpperCase()).join("") || "?";
}

/** A face beside a name that stands in text; it says nothing by itself. */
export function Avatar({ name, picture, seed = name, size = "m", presence }: { name: string; picture?: string | undefined; seed?: string; size?: "s" | "m" | "l"; presence?: Presence | undefined }) {
  const url = picture ? safeMedia(picture) : null;
  return (
    <span className={`avatar avatar-${size} hue-${hueOf(seed)}`} aria-hidden="true" data-initials={url ? undefined : initials(name)}>
      {url ? <img src={url} alt="" referrerPolicy="no-referrer" /> : null}
      {presence ? <span className={`dot dot-${presence}`} /> : null}
    </span>
  );
}
