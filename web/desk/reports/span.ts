import type { Language } from "../../shared/language.ts";

/** A span of time in two units where one would be coarse: "45 s", "3 min 20 s", "2 hr 5 min". */
export function span(ms: number, language: Language): string {
  const unit = (value: number, name: string) => new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "short", maximumFractionDigits: 0 }).format(value);
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return unit(seconds, "second");
  const minutes = Math.floor(seconds / 60);
  const pair = (big: number, bigName: string, small: number, smallName: string) => [unit(big, bigName), small ? unit(small, smallName) : ""].filter(Boolean).join(" ");
  if (minutes < 60) return pair(minutes, "minute", seconds % 60, "second");
  return pair(Math.floor(minutes / 60), "hour", minutes % 60, "minute");
}
