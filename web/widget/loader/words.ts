/** The few words of the launcher. */
const words = {
  en: {
    open: "Open chat",
    close: "Close chat",
    title: "Chat",
    unread: (n: number) => (n === 1 ? "1 unread message" : `${n} unread messages`),
  },
  ru: {
    open: "Открыть чат",
    close: "Закрыть чат",
    title: "Чат",
    unread: (n: number) => `непрочитанных сообщений: ${n}`,
  },
};

export type Words = (typeof words)["en"];

/** The words of a language, in English where there are none. */
export function wordsOf(locale: string): Words {
  return locale.toLowerCase().startsWith("ru") ? words.ru : words.en;
}
