import { createContext, use, useEffect, useMemo, type ReactNode } from "react";
import { I18nProvider } from "react-aria-components";
import { chooseLanguage, translator, type Language, type Translate } from "../../shared/language.ts";
import { en } from "./en.ts";
import { ru } from "./ru.ts";

export type Words = Translate<typeof en>;
export type Word = keyof typeof en & string;

const WordsContext = createContext<{ t: Words; language: Language }>({ t: translator("en", en), language: "en" });

/** Gives the texts of a language to everything inside; an empty locale is the browser's. */
export function WordsProvider({ locale, children }: { locale: string; children: ReactNode }) {
  const language = chooseLanguage(locale, navigator.languages);
  const value = useMemo(() => ({ language, t: translator<typeof en>(language, language === "ru" ? ru : en) }), [language]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return (
    <WordsContext value={value}>
      <I18nProvider locale={language === "ru" ? "ru-RU" : "en-US"}>{children}</I18nProvider>
    </WordsContext>
  );
}

export function useWords() {
  return use(WordsContext);
}

/** Whether the dictionary has a text for a word that the server chose, as a reason or a code. */
export function isWord(key: string): key is Word {
  return Object.hasOwn(en, key);
}
