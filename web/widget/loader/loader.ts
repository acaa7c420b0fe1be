import type { MoveoGlobal, ParleyGlobal, WidgetInstance, WidgetOptions } from "../parley.d.ts";
import { Widget } from "./widget.ts";

/** Calls that the page's stub kept: a command with arguments and, from a stub that made a promise, how to settle it. */
type Kept = [command: string, args: unknown[], done?: (value: unknown) => void, failed?: (why: unknown) => void];

const script = document.currentScript as HTMLScriptElement | null;
const base = script?.src ? new URL(script.src).origin : location.origin;

if (window.Parley?.instance || (window.Parley && !window.Parley.q)) again();
else begin();

/** A page that runs its scripts again, as Turbo does, keeps the widget it has. */
function again(): void {
  const id = script?.dataset.integration;
  if (id) void window.MoveoAI!.init({ integrationId: id });
}

function begin(): void {
  const widgets = new Map<string, Widget>();
  let held: Kept[] = [];

  const init = (options: WidgetOptions): Promise<WidgetInstance> => {
    const id = options?.integrationId;
    if (!id) return Promise.reject(new Error("Parley: integrationId is missing"));
    let widget = widgets.get(id);
    if (!widget) {
      widget = new Widget(options.baseUrl?.replace(/\/+$/, "") ?? base, options, () => widgets.delete(id));
      widgets.set(id, widget);
      parley.instance = moveo.instance = widget;
      const calls = held;
      held = [];
      calls.forEach(run);
    }
    return widget.ready;
  };
  const command = (name: string, ...args: unknown[]): unknown => {
    if (name === "init") return init(args[0] as WidgetOptions);
    const widget = parley.instance as unknown as Record<string, (...args: unknown[]) => unknown> | undefined;
    if (!widget) return void held.push([name, args]);
    if (typeof widget[name] !== "function") throw new Error(`Parley: there is no command ${name}`);
    return widget[name]!(...args);
  };
  const run = ([name, args, done, failed]: Kept): void => {
    try {
      const value = command(name, ...args);
      if (done) Promise.resolve(value).then(done, failed);
      else if (value instanceof Promise) value.catch((why) => console.error(why));
    } catch (why) {
      console.error(why);
    }
  };

  const parley = command as unknown as ParleyGlobal;
  const moveo: MoveoGlobal = { init };
  const kept = [...readQueue(window.MoveoAI?.q), ...readQueue(window.Parley?.q)];
  window.Parley = parley;
  window.MoveoAI = moveo;
  kept.forEach(run); // an init of the page itself goes before that of the script tag
  const id = script?.dataset.integration;
  if (id) run(["init", [{ ...dataOptions(script!), integrationId: id }]]);
}

/** Stubs keep either arguments of a call or [command, arguments, done, failed]. */
function readQueue(queue: unknown[] | undefined): Kept[] {
  return (queue ?? []).map((entry) => {
    const list = Array.from(entry as ArrayLike<unknown>);
    return Array.isArray(list[1]) && typeof list[2] === "function" ? (list as Kept) : [String(list[0]), list.slice(1)];
  });
}

/** Attributes of the script tag: data-locale, data-position, data-color-scheme, data-storage, data-cookieless, data-sound, data-hide-bubble. */
function dataOptions(tag: HTMLScriptElement): Partial<WidgetOptions> {
  const { integration: _, ...rest } = tag.dataset;
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(rest)) options[name] = value === "" || value === "true" ? true : value === "false" ? false : value;
  return options;
}
