import type { Dictionary, Translation } from "../../shared/language.ts";

export const en = {
  search_label: "Search in messages and people",
  search_clear: "Clear",
  search_hint: "Words of messages, names, e-mails. Each word may be the beginning of one.",
  search_people: "People",
  search_messages: "Messages",
  search_found: "Messages: {messages}, people: {people}",
} as const satisfies Dictionary;

export const ru: Translation<typeof en> = {
  search_label: "Поиск по сообщениям и людям",
  search_clear: "Очистить",
  search_hint: "Слова из сообщений, имена, адреса почты. Достаточно начала каждого слова.",
  search_people: "Люди",
  search_messages: "Сообщения",
  search_found: "Сообщений: {messages}, людей: {people}",
};
