import { startOfDay } from "../../shared/moment.ts";

const hour = 3_600_000;
/** Longer periods are drawn by days. */
const longestByHour = 3 * 24 * hour;

export type Step = "hour" | "day";

export function stepOf(from: number, to: number): Step {
  return to - from <= longestByHour ? "hour" : "day";
}

function startOf(at: number, step: Step): number {
  return step === "day" ? startOfDay(at) : Math.floor(at / hour) * hour;
}

/** The hours or local days of a period, ascending; a day of a clock change is one day. */
export function steps(from: number, to: number): number[] {
  const step = stepOf(from, to);
  const all: number[] = [];
  for (let at = startOf(from, step); at < to; at = step === "hour" ? at + hour : new Date(at).setDate(new Date(at).getDate() + 1)) all.push(at);
  return all;
}

/** What falls into each step of the period; steps without anything are empty lists. */
export function spread<P extends { at: number }>(points: P[], from: number, to: number): { at: number; points: P[] }[] {
  const step = stepOf(from, to);
  const found = new Map(steps(from, to).map((at) => [at, [] as P[]]));
  for (const point of points) found.get(startOf(point.at, step))?.push(point);
  return [...found].map(([at, inside]) => ({ at, points: inside }));
}

export function sum<P>(points: P[], of: (point: P) => number): number {
  return points.reduce((all, point) => all + of(point), 0);
}

/** The median of medians, each as heavy as its count: what half of the answers were near to. Null without any. */
export function middle(points: { median_ms: number; count: number }[]): number | null {
  const sorted = points.filter((point) => point.count > 0).sort((a, b) => a.median_ms - b.median_ms);
  const half = sum(sorted, (point) => point.count) / 2;
  let seen = 0;
  for (const point of sorted) {
    seen += point.count;
    if (seen >= half) return point.median_ms;
  }
  return null;
}
