import type { Word } from "../words/words.tsx";

/** Until when one may let a conversation sleep; mornings begin at nine. */
export function snoozeChoices(now: number): { word: Word; until: number | "reply" }[] {
  const morning = (days: number) => {
    const day = new Date(now);
    day.setDate(day.getDate() + days);
    return day.setHours(9, 0, 0, 0);
  };
  const toMonday = (8 - new Date(now).getDay()) % 7 || 7;
  return [
    { word: "snooze_reply", until: "reply" },
    { word: "snooze_hour", until: now + 3_600_000 },
    { word: "snooze_tomorrow", until: morning(1) },
    { word: "snooze_monday", until: morning(toMonday) },
  ];
}
