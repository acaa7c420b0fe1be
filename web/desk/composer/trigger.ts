/** A word under the cursor that opens a list: "/ref" for canned replies, "@an" for mentions. */
export interface Trigger {
  mark: "/" | "@";
  word: string;
  from: number; // where the mark stands
  to: number; // the cursor
}

const farthest = 40;

/** Finds the mark before the cursor. A canned reply begins the text or a line; a mention begins a word. */
export function findTrigger(text: string, cursor: number, marks: string): Trigger | null {
  for (let at = cursor - 1; at >= 0 && cursor - at <= farthest; at--) {
    const c = text[at]!;
    if (c === "\n") return null;
    if (!marks.includes(c)) continue;
    const before = text[at - 1] ?? "\n";
    const word = text.slice(at + 1, cursor);
    if (c === "/" && before === "\n" && !/\s/.test(word)) return { mark: "/", word, from: at, to: cursor };
    if (c === "@" && /[\s(]/.test(before) && word.split(" ").length <= 2) return { mark: "@", word, from: at, to: cursor };
    return null;
  }
  return null;
}

/** Puts a text in the place of a trigger; the second value is the new cursor. */
export function replaceTrigger(text: string, trigger: Trigger, by: string): [string, number] {
  const space = trigger.mark === "@" && !/^\s/.test(text.slice(trigger.to)) ? " " : "";
  return [text.slice(0, trigger.from) + by + space + text.slice(trigger.to), trigger.from + by.length + space.length];
}

/** The people whose names stand after an @ in a text. */
export function mentioned(text: string, people: { id: string; name: string }[]): string[] {
  return people.filter(({ name }) => name && text.includes(`@${name}`)).map(({ id }) => id);
}
