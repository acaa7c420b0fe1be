/** Languages of the pages. */
export const languages = ["en", "ru"] as const;
export type Language = (typeof languages)[number];

/**
 * A text of a dictionary: fixed, or with the forms of a number. In a text `{name}` stands for an argument;
 * in forms `{n}` stands for the number that chooses the form (CLDR plural categories).
 */
export type Entry = string | { one: string; few?: string; many?: string; other: string };
export type Dictionary = Record<string, Entry>;
/** The same keys as the English dictionary, checked by the compiler. */
export type Translation<D extends Dictionary> = { [K in keyof D]: D[K] extends string ? string : Exclude<Entry, string> };
export type Arguments = Record<string, string | number>;
export type Translate<D extends Dictionary> = (key: keyof D & string, args?: Arguments) => string;

/** The wanted language where we have it: a BCP 47 tag, or an empty one for the browser's. */
export function chooseLanguage(wanted: string | undefined, browser: readonly string[]): Language {
  for (const tag of wanted ? [wanted] : browser) {
    const found = languages.find((language) => tag.toLowerCase().split("-")[0] === language);
    if (found) return found;
  }
  return "en";
}

export function translator<D extends Dictionary>(language: Language, dictionary: { [K in keyof D]: Entry }): Translate<D> {
  const rules = new Intl.PluralRules(language);
  const words = dictionary as Dictionary;
  return (key, args = {}) => {
    const entry = words[key] ?? key;
    const text = typeof entry === "string" ? entry : (entry[rules.select(Number(args.n ?? 0)) as keyof typeof entry] ?? entry.other);
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in args ? String(args[name]) : whole));
  };
}
