import { useEffect, useMemo, useState, type ReactNode } from "react";
import { Input, Label, TextField, ToggleButton } from "react-aria-components";
import type { Language } from "../../shared/language.ts";
import { startOfDay } from "../../shared/moment.ts";
import { explain } from "../account/problem.ts";
import { reports } from "../api/desk.ts";
import type { Report } from "../api/types.ts";
import { Choose } from "../list/filters.tsx";
import { useDesk } from "../live/desk.ts";
import { useSignal } from "../ui/signal.ts";
import { useWords, type Word } from "../words/words.tsx";
import { middle, spread, stepOf, sum } from "./buckets.ts";
import { Chart } from "./chart.tsx";
import { span } from "./span.ts";

const day = 24 * 3_600_000;
const periods = [1, 7, 30, 90] as const;
/** The longest period that the server counts, in days. */
const longest = 92;
const refreshed = 30_000;

interface Period {
  from: number;
  to: number; // 0: now
  days: number; // of the choice; 0: by hand
}

function lastDays(days: number): Period {
  return { from: startOfDay(Date.now() - (days - 1) * day), to: 0, days };
}

/** How the desk does: now, and over a time. */
export default function Reports() {
  const desk = useDesk();
  const { t } = useWords();
  const integrations = useSignal(desk.integrations);
  const [period, setPeriod] = useState(() => lastDays(1));
  const [integration, setIntegration] = useState<string | undefined>();
  const { report, to, fault } = useReport(period, integration);
  return (
    <main id="main" className="page" tabIndex={-1}>
      <div className="page-body page-wide">
        <header className="page-head">
          <h1>{t("rail_reports")}</h1>
          <div className="report-filters">
            <div className="choice-row" role="group" aria-label={t("report_period")}>
              {periods.map((days) => (
                <ToggleButton key={days} className="button small" isSelected={period.days === days} onChange={() => setPeriod(lastDays(days))}>{days === 1 ? t("report_today") : t("report_days", { n: days })}</ToggleButton>
              ))}
            </div>
            <Dates period={period} onChoose={setPeriod} />
            {integrations.length > 1 ? <Choose label={t("integration")} none={t("anything")} value={integration} options={integrations} onChoose={setIntegration} /> : null}
          </div>
        </header>
        {fault ? <p className="fault" role="alert">{fault}</p> : null}
        {report ? <Figures report={report} from={period.from} to={to} /> : fault ? null : <p className="empty" role="status">{t("loading")}</p>}
      </div>
    </main>
  );
}

/** Reads the figures, and again now and then while somebody looks. */
function useReport(period: Period, integration: string | undefined) {
  const { t } = useWords();
  const [state, setState] = useState<{ report: Report | null; to: number; fault: string }>({ report: null, to: 0, fault: "" });
  useEffect(() => {
    let current = true;
    const read = () => {
      if (document.visibilityState === "hidden") return;
      const to = period.to || Date.now();
      reports(period.from, to, integration).then((report) => current && setState({ report, to, fault: "" }), (error: unknown) => current && setState((was) => ({ ...was, fault: explain(error, t) })));
    };
    read();
    const timer = setInterval(read, refreshed);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [period, integration, t]);
  return state;
}

/** A local date as its field has it. */
function dateText(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
}

function Dates({ period, onChoose }: { period: Period; onChoose: (period: Period) => void }) {
  const { t } = useWords();
  const from = dateText(period.from);
  const to = dateText(period.to ? period.to - 1 : Date.now());
  const choose = (first: string, last: string) => {
    const start = new Date(`${first}T00:00`).getTime();
    const end = new Date(`${last}T00:00`);
    const after = end.setDate(end.getDate() + 1);
    if (Number.isNaN(start) || Number.isNaN(after) || after <= start) return;
    onChoose({ from: Math.max(start, after - longest * day), to: after, days: 0 });
  };
  return (
    <>
      <TextField className="field date" type="date" value={from} onChange={(value) => choose(value, to)}><Label>{t("report_from")}</Label><Input max={to} /></TextField>
      <TextField className="field date" type="date" value={to} onChange={(value) => choose(from, value)}><Label>{t("report_to")}</Label><Input min={from} /></TextField>
    </>
  );
}

function Figure({ word, children, hint }: { word: Word; children: ReactNode; hint?: string }) {
  const { t } = useWords();
  return <div className="figure"><dt>{t(word)}</dt><dd>{children}{hint ? <small>{hint}</small> : null}</dd></div>;
}

function Figures({ report, from, to }: { report: Report; from: number; to: number }) {
  const { t, language } = useWords();
  const { answered_in, resolved, csat } = report;
  const answers = sum(answered_in.by_hour, (one) => one.count);
  const closed = resolved.bot + resolved.human + resolved.unanswered;
  const share = (n: number) => (closed ? new Intl.NumberFormat(language, { style: "percent" }).format(n / closed) : "");
  const time = (ms: number) => (answers ? span(ms, language) : "—");
  return (
    <>
      <section aria-labelledby="report-now">
        <h2 id="report-now">{t("report_now")}</h2>
        <dl className="figures">
          <Figure word="report_waiting">{report.waiting_now}</Figure>
          <Figure word="report_open">{report.open_now}</Figure>
          <Figure word="report_bot">{report.bot_now}</Figure>
          <Figure word="report_online">{report.agents_online}</Figure>
        </dl>
      </section>
      <section aria-labelledby="report-time">
        <h2 id="report-time">{t("report_in_time")}</h2>
        <dl className="figures">
          <Figure word="report_median" hint={t("report_answers", { n: answers })}>{time(answered_in.median_ms)}</Figure>
          <Figure word="report_p90">{time(answered_in.p90_ms)}</Figure>
          <Figure word="report_by_bot" hint={share(resolved.bot)}>{resolved.bot}</Figure>
          <Figure word="report_by_human" hint={share(resolved.human)}>{resolved.human}</Figure>
          <Figure word="report_unanswered" hint={share(resolved.unanswered)}>{resolved.unanswered}</Figure>
          <Figure word="report_csat" hint={t("report_ratings", { n: csat.count })}>{csat.count ? new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(csat.average) : "—"}</Figure>
        </dl>
        <Charts report={report} from={from} to={to} />
      </section>
    </>
  );
}

function labelOf(at: number, from: number, to: number, language: Language): string {
  const byHour = stepOf(from, to) === "hour";
  const options: Intl.DateTimeFormatOptions = byHour ? { hour: "2-digit", minute: "2-digit", ...(to - from > day ? { weekday: "short" } : {}) } : { day: "numeric", month: "short" };
  return new Intl.DateTimeFormat(language, options).format(at);
}

function Charts({ report, from, to }: { report: Report; from: number; to: number }) {
  const { t, language } = useWords();
  const drawn = useMemo(() => {
    const started = spread(report.started_by_hour, from, to);
    const resolved = spread(report.resolved.by_hour, from, to);
    return {
      labels: started.map(({ at }) => labelOf(at, from, to, language)),
      started: [{ name: t("report_started"), colour: "--chart-1" as const, values: started.map((one) => sum(one.points, (p) => p.count)) }],
      answered: [{ name: t("report_median"), colour: "--chart-1" as const, values: spread(report.answered_in.by_hour, from, to).map((one) => middle(one.points)) }],
      resolved: [
        { name: t("report_by_bot"), colour: "--chart-2" as const, values: resolved.map((one) => sum(one.points, (p) => p.bot)) },
        { name: t("report_by_human"), colour: "--chart-1" as const, values: resolved.map((one) => sum(one.points, (p) => p.human)) },
        { name: t("report_unanswered"), colour: "--chart-3" as const, values: resolved.map((one) => sum(one.points, (p) => p.unanswered)) },
      ],
      scores: [{ name: t("report_csat"), colour: "--chart-1" as const, values: [1, 2, 3, 4, 5].map((score) => report.csat.scores[score] ?? 0) }],
      stars: [1, 2, 3, 4, 5].map((score) => `${score} / 5`),
      time: (ms: number) => span(ms, language),
    };
  }, [report, from, to, language, t]);
  return (
    <div className="charts">
      <Chart kind="bar" title={t("report_started")} labels={drawn.labels} series={drawn.started} />
      <Chart kind="line" title={t("report_median")} labels={drawn.labels} series={drawn.answered} show={drawn.time} />
      <Chart kind="bar" title={t("report_resolved")} labels={drawn.labels} series={drawn.resolved} stacked />
      <Chart kind="bar" title={t("report_csat")} labels={drawn.stars} series={drawn.scores} />
    </div>
  );
}
