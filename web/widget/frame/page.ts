import type { ColorScheme, WidgetEvents } from "../parley.d.ts";
import { isParley, type Call, type FrameOptions, type Report } from "../protocol.ts";

/** The page that embeds the frame. Only its window and the origin it named are heard and spoken to. */
export class Page {
  readonly origin: string;
  /** In a window of its own there is no page. */
  readonly alone = window.parent === window;
  private tokens = new Map<number, (token: string) => void>();
  private serial = 0;
  private identity = false;

  constructor(origin: string, private readonly called: (call: Call) => void) {
    this.origin = origin;
    if (!this.alone) addEventListener("message", (e) => this.hear(e));
  }

  post(report: Report): void {
    if (!this.alone && this.origin) window.parent.postMessage(report, this.origin);
  }

  report<Name extends keyof WidgetEvents>(name: Name, data: WidgetEvents[Name]): void {
    this.post({ parley: "event", name, data });
  }

  /** Asks the page for the visitor's token. */
  token(): Promise<string> {
    if (this.alone || !this.identity) return Promise.resolve("");
    const id = ++this.serial;
    this.post({ parley: "token", id });
    return new Promise((told) => this.tokens.set(id, told));
  }

  private hear(e: MessageEvent): void {
    if (e.source !== window.parent || e.origin !== this.origin || !isParley(e.data) || e.data.parley !== "call") return;
    const call = e.data as Call;
    if (call.name === "token") {
      const [id, token] = call.args as [number, string];
      this.tokens.get(id)?.(token);
      this.tokens.delete(id);
      return;
    }
    if (call.name === "init") this.identity = (call.args[0] as FrameOptions).identity;
    if (call.name === "login") this.identity = true;
    if (call.name === "reset") this.identity = false;
    this.called(call);
  }
}

export function isScheme(value: unknown): value is ColorScheme {
  return value === "auto" || value === "light" || value === "dark";
}
