import { useId, useState } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";
import type { Language } from "../../shared/language.ts";
import type { Hours } from "../api/types.ts";
import { Entry, Toggle } from "../ui/form.tsx";
import { Icon } from "../ui/icon.tsx";
import { IconButton } from "../ui/icon-button.tsx";
import { useWords, type Words } from "../words/words.tsx";
import { days, faultOf, isDate, isZone, usualHours, weeklyOf, weekOf, type Day, type HoursFault, type Span, type Week } from "./hours.ts";

/** Hours while they are edited: holds what the server would refuse, too. */
export interface Draft {
  always: boolean;
  zone: string;
  week: Week;
  holidays: string[];
}

const here = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

export function draftOf(hours: Hours | null): Draft {
  const from = hours ?? usualHours(here());
  return { always: hours === null, zone: from.time_zone, week: weekOf(from.weekly), holidays: [...from.holidays].sort() };
}

export function hoursOf(draft: Draft): Hours | null {
  return draft.always ? null : { time_zone: draft.zone, weekly: weeklyOf(draft.week), holidays: draft.holidays };
}

export function draftFault(draft: Draft): HoursFault | null {
  return draft.always ? null : faultOf(draft);
}

/** 1 January 2024 was a Monday. */
function dayName(day: Day, language: Language, width: "long" | "short" = "long"): string {
  return new Intl.DateTimeFormat(language, { weekday: width, timeZone: "UTC" }).format(Date.UTC(2024, 0, 1 + days.indexOf(day)));
}

function explainFault(fault: HoursFault, t: Words, language: Language): string {
  switch (fault.kind) {
    case "time":
    case "overlap":
      return t(`hours_bad_${fault.kind}`, { day: dayName(fault.day, language) });
    case "holiday":
      return t("hours_bad_holiday", { date: fault.date });
    default:
      return t(`hours_bad_${fault.kind}`);
  }
}

/** When a department is there: by day, in its time zone, without its holidays. */
export function HoursEditor({ draft, onChange }: { draft: Draft; onChange: (draft: Draft) => void }) {
  const { t, language } = useWords();
  const zones = useId();
  const fault = draftFault(draft);
  const put = (day: Day, spans: Span[]) => onChange({ ...draft, week: { ...draft.week, [day]: spans } });
  return (
    <fieldset className="hours">
      <legend>{t("hours")}</legend>
      <Toggle on={draft.always} onChange={(always) => onChange({ ...draft, always })}>{t("hours_always")}</Toggle>
      {draft.always ? null : (
        <>
          <Entry label={t("hours_zone")} value={draft.zone} onChange={(zone) => onChange({ ...draft, zone: zone.trim() })} list={zones} fault={isZone(draft.zone) ? undefined : t("hours_bad_zone")} />
          <datalist id={zones}>{Intl.supportedValuesOf("timeZone").map((zone) => <option key={zone} value={zone} />)}</datalist>
          <ul className="week">
            {days.map((day) => (
              <li key={day} className="week-day">
                <span className="week-name">{dayName(day, language)}</span>
                <div className="week-spans">
                  {draft.week[day].length === 0 ? <span className="quiet">{t("hours_closed")}</span> : null}
                  {draft.week[day].map((span, i) => (
                    <SpanFields key={i} day={dayName(day, language)} span={span} onChange={(next) => put(day, draft.week[day].map((one, at) => (at === i ? next : one)))} onRemove={() => put(day, draft.week[day].filter((_, at) => at !== i))} />
                  ))}
                </div>
                <Button className="link-button" aria-label={t("hours_add_on", { day: dayName(day, language) })} onPress={() => put(day, [...draft.week[day], nextSpan(draft.week[day])])}>{t("hours_add")}</Button>
              </li>
            ))}
          </ul>
          <Holidays dates={draft.holidays} onChange={(holidays) => onChange({ ...draft, holidays })} />
          <p className={fault ? "fault" : "unseen"} role="status">{fault ? explainFault(fault, t, language) : ""}</p>
        </>
      )}
    </fieldset>
  );
}

function nextSpan(spans: Span[]): Span {
  const last = spans.at(-1)?.to;
  return last && last < "18:00" ? { from: last, to: "18:00" } : last && last < "23:00" ? { from: last, to: "23:00" } : { from: "09:00", to: "18:00" };
}

function SpanFields({ day, span, onChange, onRemove }: { day: string; span: Span; onChange: (span: Span) => void; onRemove: () => void }) {
  const { t } = useWords();
  // A time field knows no 24:00: midnight at the end is 00:00, which ends the day as well.
  return (
    <span className="week-span">
      <TextField aria-label={t("hours_from", { day })} type="time" value={span.from} onChange={(from) => onChange({ ...span, from })}><Input /></TextField>
      <span aria-hidden="true">–</span>
      <TextField aria-label={t("hours_to", { day })} type="time" value={span.to === "24:00" ? "00:00" : span.to} onChange={(to) => onChange({ ...span, to })}><Input /></TextField>
      <IconButton icon="close" label={t("hours_remove", { day, from: span.from, to: span.to })} className="small" onPress={onRemove} />
    </span>
  );
}

function Holidays({ dates, onChange }: { dates: string[]; onChange: (dates: string[]) => void }) {
  const { t, language } = useWords();
  const [date, setDate] = useState("");
  const shown = (text: string) => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(`${text}T00:00:00Z`));
  return (
    <div className="holidays">
      <div className="holiday-new">
        <TextField className="field" type="date" value={date} onChange={setDate}><Label>{t("hours_holidays")}</Label><Input /></TextField>
        <Button className="button" isDisabled={!isDate(date) || dates.includes(date)} onPress={() => { onChange([...dates, date].sort()); setDate(""); }}>{t("add")}</Button>
      </div>
      <ul className="chips">
        {dates.map((one) => (
          <li key={one} className="chip">{isDate(one) ? shown(one) : one} <Button className="chip-remove" aria-label={t("remove_of", { name: one })} onPress={() => onChange(dates.filter((other) => other !== one))}><Icon name="close" size={12} /></Button></li>
        ))}
      </ul>
    </div>
  );
}
