import type { Language } from "./language.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** The hour and minute of a message. */
export function clock(at: number, language: Language): string {
  return new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" }).format(at);
}

/** The full date and time, for titles and machines' readers. */
export function fullMoment(at: number, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" }).format(at);
}

/** The name of a day: "today", "yesterday" or its date. */
export function dayName(at: number, now: number, language: Language): string {
  const days = Math.round((startOfDay(at) - startOfDay(now)) / day);
  if (days === 0 || days === -1) return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(days, "day");
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", year: sameYear ? undefined : "numeric" }).format(at);
}

/** A span of time in its greatest unit, short: "40s", "12m", "3h", "2d". Negative spans are 0. */
export function shortSpan(ms: number, language: Language): string {
  const unit = (value: number, name: string) => new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "narrow" }).format(Math.floor(value));
  const span = Math.max(0, ms);
  if (span < minute) return unit(span / 1000, "second");
  if (span < hour) return unit(span / minute, "minute");
  return span < day ? unit(span / hour, "hour") : unit(span / day, "day");
}
