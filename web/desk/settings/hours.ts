import type { Hours, Opening } from "../api/types.ts";

export const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof days)[number];
export type Span = { from: string; to: string };
/** The hours of a week as one edits them: by day. */
export type Week = Record<Day, Span[]>;

export function emptyWeek(): Week {
  return Object.fromEntries(days.map((day) => [day, []])) as unknown as Week;
}

export function weekOf(weekly: readonly Opening[]): Week {
  const week = emptyWeek();
  for (const { days: named, from, to } of weekly) {
    for (const name of named) {
      const day = days.find((one) => one === name.toLowerCase());
      if (day) week[day].push({ from, to });
    }
  }
  for (const day of days) week[day].sort((a, b) => a.from.localeCompare(b.from));
  return week;
}

/** The week as the server keeps it: days with the same span stand together. */
export function weeklyOf(week: Week): Opening[] {
  const spans = new Map<string, Opening>();
  for (const day of days) {
    for (const { from, to } of week[day]) {
      const key = `${from}-${to}`;
      const known = spans.get(key);
      if (!known) spans.set(key, { days: [day], from, to });
      else if (!known.days.includes(day)) known.days.push(day);
    }
  }
  return [...spans.values()];
}

const time = /^([01]\d|2[0-3]):[0-5]\d$/;
const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

export type HoursFault = { kind: "time"; day: Day } | { kind: "overlap"; day: Day } | { kind: "never" } | { kind: "zone" } | { kind: "holiday"; date: string };

/** What is wrong with hours, the first thing. A span that ends at or before its start ends on the next day. */
export function faultOf(hours: { week: Week; zone: string; holidays: readonly string[] }): HoursFault | null {
  if (!isZone(hours.zone)) return { kind: "zone" };
  const open: [number, number, Day][] = [];
  for (const [at, day] of days.entries()) {
    for (const { from, to } of hours.week[day]) {
      if (!time.test(from) || !(time.test(to) || to === "24:00")) return { kind: "time", day };
      const start = at * 1440 + minutes(from);
      open.push([start, at * 1440 + minutes(to) + (minutes(to) <= minutes(from) ? 1440 : 0), day]);
    }
  }
  if (open.length === 0) return { kind: "never" };
  open.sort((a, b) => a[0] - b[0]);
  // Sunday night runs into Monday.
  const [first] = open;
  const again = first && ([first[0] + 7 * 1440, first[1] + 7 * 1440, first[2]] as const);
  for (const [i, [, end]] of open.entries()) {
    const next = open[i + 1] ?? (open.length > 1 ? again : undefined);
    if (next && next[0] < end) return { kind: "overlap", day: next[2] };
  }
  const bad = hours.holidays.find((date) => !isDate(date));
  return bad === undefined ? null : { kind: "holiday", date: bad };
}

export function isDate(text: string): boolean {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (!found) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
}

export function isZone(name: string): boolean {
  if (!name || name === "Local") return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return !/^[+-]/.test(name); // an offset is no zone for the server
  } catch {
    return false;
  }
}

/** What new hours begin with: the usual week, where the person sits. */
export function usualHours(zone: string): Hours {
  return { time_zone: zone, weekly: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "18:00" }], holidays: [] };
}
