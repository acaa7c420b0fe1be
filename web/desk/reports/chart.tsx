import { BarController, BarElement, CategoryScale, Chart as Drawing, Legend, LinearScale, LineController, LineElement, PointElement, Tooltip, type ChartConfiguration } from "chart.js";
import { useEffect, useId, useRef, useState } from "react";
import { Button, Disclosure, DisclosurePanel } from "react-aria-components";
import { useDesk } from "../live/desk.ts";
import { useSignal } from "../ui/signal.ts";
import { useWords } from "../words/words.tsx";

Drawing.register(BarController, BarElement, CategoryScale, Legend, LinearScale, LineController, LineElement, PointElement, Tooltip);

export interface Series {
  name: string;
  colour: `--chart-${1 | 2 | 3}`;
  values: (number | null)[];
}

/** One chart with its data as a table: who cannot see the picture, or wants the figures, reads these. */
export function Chart({ title, kind, labels, series, stacked = false, show = String }: { title: string; kind: "bar" | "line"; labels: string[]; series: Series[]; stacked?: boolean; show?: (value: number) => string }) {
  const { t } = useWords();
  const id = useId();
  const canvas = useRef<HTMLCanvasElement>(null);
  const looks = useLooks();
  useEffect(() => {
    const chart = new Drawing(canvas.current!, configuration({ kind, labels, series, stacked, show, colour: (name) => colourOf(canvas.current!, name) }));
    return () => chart.destroy();
  }, [kind, labels, series, stacked, show, looks]);
  const empty = series.every((one) => one.values.every((value) => !value));
  return (
    <figure className="chart" aria-labelledby={id}>
      <figcaption id={id}>{title}</figcaption>
      <div className="chart-box"><canvas ref={canvas} role="img" aria-label={t("chart_of", { title })} />{empty ? <p className="chart-empty">{t("chart_empty")}</p> : null}</div>
      <Disclosure className="chart-data">
        <Button slot="trigger" className="link-button">{t("chart_table")}</Button>
        <DisclosurePanel>
          <div className="table-box" tabIndex={0} role="group" aria-label={title}>
            <table>
              <thead><tr><th scope="col">{t("chart_when")}</th>{series.map((one) => <th key={one.name} scope="col">{one.name}</th>)}</tr></thead>
              <tbody>
                {labels.map((label, i) => <tr key={label}><th scope="row">{label}</th>{series.map((one) => <td key={one.name}>{one.values[i] == null ? "—" : show(one.values[i])}</td>)}</tr>)}
              </tbody>
            </table>
          </div>
        </DisclosurePanel>
      </Disclosure>
    </figure>
  );
}

/** Changes when the colours of the page do. */
function useLooks(): string {
  const desk = useDesk();
  const { theme = "auto" } = useSignal(desk.me).preferences;
  const [dark, setDark] = useState(() => matchMedia("(prefers-color-scheme: dark)").matches);
  useEffect(() => {
    const list = matchMedia("(prefers-color-scheme: dark)");
    const changed = () => setDark(list.matches);
    list.addEventListener("change", changed);
    return () => list.removeEventListener("change", changed);
  }, []);
  return `${theme} ${dark}`;
}

/** A colour of the style sheet as a canvas understands it. */
function colourOf(near: HTMLElement, name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  near.parentElement!.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function configuration({ kind, labels, series, stacked, show, colour }: { kind: "bar" | "line"; labels: string[]; series: Series[]; stacked: boolean; show: (value: number) => string; colour: (name: string) => string }): ChartConfiguration {
  const [text, line] = [colour("--quiet"), colour("--line")];
  const font = { family: "system-ui, sans-serif", size: 12 };
  return {
    type: kind,
    data: {
      labels,
      datasets: series.map((one) => ({ label: one.name, data: one.values, backgroundColor: colour(one.colour), borderColor: colour(one.colour), borderWidth: kind === "line" ? 2 : 0, pointRadius: 3, spanGaps: true, maxBarThickness: 36 })),
    },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: false,
      interaction: { mode: "index", intersect: false },
      plugins: {
        legend: { display: series.length > 1, position: "bottom", labels: { color: text, font, boxWidth: 12 } },
        tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${show(Number(item.parsed.y))}` } },
      },
      scales: {
        x: { stacked, grid: { display: false }, ticks: { color: text, font, maxRotation: 0, autoSkipPadding: 12 } },
        y: { stacked, beginAtZero: true, grid: { color: line }, ticks: { color: text, font, precision: 0, callback: (value) => show(Number(value)) } },
      },
    },
  };
}
