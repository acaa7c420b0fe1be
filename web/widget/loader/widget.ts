import type { ColorScheme, OutgoingMessage, TokenSource, Unsubscribe, Visitor, WidgetEvents, WidgetInstance, WidgetOptions } from "../parley.d.ts";
import { isParley, type Configuration, type Report } from "../protocol.ts";
import { Shelf } from "../shelf.ts";
import { Launcher } from "./launcher.ts";

type Heard = (event: never) => void;

/** One chat on the page. Calls made before its frame has loaded are kept and reach it in order. */
export class Widget implements WidgetInstance {
  unread = 0;
  isOpen = false;
  session: string | undefined;
  /** Settles when the integration's configuration is here and the launcher is drawn. */
  readonly ready: Promise<WidgetInstance>;

  private readonly launcher: Launcher;
  private shelf: Shelf;
  private readonly heard = new Map<string, Set<Heard>>();
  private readonly origin: string;
  private waiting: unknown[] = [];
  private loaded = false;
  private gone = false;
  private config: Partial<Configuration> = {};
  private token: string | TokenSource | undefined;

  constructor(private readonly base: string, private readonly options: WidgetOptions, private readonly left: () => void) {
    this.origin = new URL(base, location.href).origin;
    this.token = options.identityToken;
    this.shelf = new Shelf(options.integrationId, options.cookieless ? "memory" : (options.storage ?? "local"));
    const home = typeof options.element === "string" ? document.querySelector(options.element) : options.element;
    this.launcher = new Launcher(home ?? undefined);
    this.listen();
    if (options.hideBubble) this.hideBubble();
    this.ready = crawler() ? new Promise(() => {}) : this.start(home != null);
  }

  open(): void {
    if (this.isOpen || this.gone) return;
    this.isOpen = true;
    this.load();
    this.launcher.setOpen(true);
    this.launcher.focus();
    this.call("open");
    this.say("open", {});
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.launcher.setOpen(false);
    this.launcher.button.focus({ preventScroll: true });
    this.call("close");
    this.say("close", {});
  }

  toggle(): void {
    if (this.isOpen) this.close();
    else this.open();
  }

  openWindow(): void {
    this.open();
  }

  closeWindow(): void {
    this.close();
  }

  showBubble(): void {
    this.launcher.button.hidden = false;
  }

  hideBubble(): void {
    this.launcher.button.hidden = true;
  }

  sendMessage(message: OutgoingMessage | string): void {
    this.load();
    this.call("sendMessage", typeof message === "string" ? { text: message } : message);
  }

  updateContext(patch: Record<string, unknown>): void {
    this.call("updateContext", patch);
  }

  setUser(identifier: string, visitor: Visitor = {}): void {
    if ("hash" in visitor) return this.say("error", { code: "unsupported", message: "setUser: a hash proves nothing here; pass a signed token" });
    const { name, email, phone, avatar, token } = visitor;
    const user = { external_id: identifier, display_name: name, email, phone, avatar };
    this.updateContext({ user: JSON.parse(JSON.stringify(user)) }); // without what is undefined
    if (token) this.loginUser(token);
  }

  loginUser(token: string | TokenSource): void {
    this.token = token;
    this.call("login");
  }

  logout(): void {
    this.token = undefined;
    this.session = undefined;
    this.call("reset");
  }

  reset(): void {
    this.logout();
  }

  setCustomAttributes(attributes: Record<string, unknown>): void {
    this.updateContext({ custom_fields: attributes });
  }

  deleteCustomAttribute(name: string): void {
    this.updateContext({ custom_fields: { [name]: null } });
  }

  setConversationAttributes(attributes: Record<string, unknown>): void {
    this.updateContext(attributes);
  }

  deleteConversationAttribute(name: string): void {
    this.updateContext({ [name]: null });
  }

  setTags(tags: string[]): void {
    this.updateContext({ tags });
  }

  addTag(tag: string): void {
    this.call("addTag", tag);
  }

  removeTag(tag: string): void {
    this.call("removeTag", tag);
  }

  setCSSVariables(variables: Record<string, string>): void {
    const accent = variables["--moveo-accent-color"];
    if (accent) this.configure({ accent_color: accent });
    this.call("setCSSVariables", variables);
  }

  setLocale(locale: string): void {
    this.options.locale = locale;
    this.configure({});
    this.call("setLocale", locale);
  }

  setColorScheme(scheme: ColorScheme): void {
    this.call("setColorScheme", scheme);
  }

  popout(): void {
    const url = new URL(this.frameURL());
    url.searchParams.delete("origin");
    if (this.session) url.hash = `session=${this.session}`;
    window.open(url, "_blank", "popup,noopener,width=420,height=680");
  }

  resume(session: string): void {
    this.load();
    this.call("resume", session);
  }

  destroy(): void {
    this.gone = true;
    this.isOpen = false;
    this.launcher.remove();
    this.heard.clear();
    removeEventListener("message", this.report);
    this.left();
  }

  on<Name extends keyof WidgetEvents>(name: Name, heard: (event: WidgetEvents[Name]) => void): Unsubscribe {
    const all = this.heard.get(name) ?? new Set();
    this.heard.set(name, all.add(heard));
    return () => all.delete(heard);
  }

  onSessionCreated(heard: (event: WidgetEvents["sessionCreated"]) => void): Unsubscribe {
    return this.on("sessionCreated", heard);
  }

  onSessionClosed(heard: (event: WidgetEvents["sessionClosed"]) => void): Unsubscribe {
    return this.on("sessionClosed", heard);
  }

  onMessage(heard: (event: WidgetEvents["message"]) => void): Unsubscribe {
    return this.on("message", heard);
  }

  onOpen(heard: (event: WidgetEvents["open"]) => void): Unsubscribe {
    return this.on("open", heard);
  }

  onClose(heard: (event: WidgetEvents["close"]) => void): Unsubscribe {
    return this.on("close", heard);
  }

  private listen(): void {
    const { button, host } = this.launcher;
    const intent = () => this.load();
    button.addEventListener("pointerenter", intent);
    button.addEventListener("focus", intent);
    button.addEventListener("click", () => this.toggle());
    host.addEventListener("keydown", (e) => {
      if (e.key === "Escape") this.close();
    });
    addEventListener("message", this.report);
  }

  private async start(inline: boolean): Promise<WidgetInstance> {
    const answer = await fetch(`${this.base}/v1/web/${encodeURIComponent(this.options.integrationId)}`, { credentials: "omit" });
    if (!answer.ok) throw new Error(`Parley: no configuration of ${this.options.integrationId} (${answer.status})`);
    if (document.readyState === "loading") await new Promise((done) => document.addEventListener("DOMContentLoaded", done));
    if (this.gone) return this;
    this.configure({ ...(await answer.json()), ...this.options });
    const { integrationId, storage, cookieless } = this.options;
    if (this.config.sticky_session === false && !storage && !cookieless) this.shelf = new Shelf(integrationId, "session");
    this.launcher.show();
    if (inline || this.config.auto_open) this.open();
    else if (this.shelf.entries().state?.includes('"session"')) this.load(); // a conversation is going on: it may have unread messages
    this.say("ready", {});
    return this;
  }

  private configure(c: Partial<Configuration>): void {
    Object.assign(this.config, c);
    const language = this.config.language;
    const locale = this.options.locale ?? (language && language !== "auto" ? language : navigator.language);
    this.launcher.configure(this.config, locale, this.options.position);
  }

  private frameURL(): string {
    return `${this.base}/widget/frame?integration=${encodeURIComponent(this.options.integrationId)}&origin=${encodeURIComponent(location.origin)}`;
  }

  private load(): void {
    if (this.launcher.frame || this.gone || crawler()) return;
    const frame = this.launcher.load(this.frameURL(), this.config.header_title || this.config.name || "");
    // A frame that is moved in the document begins anew.
    frame.addEventListener("load", () => (this.loaded = this.loaded && frame.isConnected));
    this.launcher.show();
  }

  private call(name: string, ...args: unknown[]): void {
    const call = { parley: "call", name, args };
    if (this.loaded) this.launcher.frame!.contentWindow!.postMessage(call, this.origin);
    else this.waiting.push(call);
  }

  private readonly report = (e: MessageEvent): void => {
    const frame = this.launcher.frame;
    if (!frame || e.source !== frame.contentWindow || e.origin !== this.origin || !isParley(e.data)) return;
    const report = e.data as Report;
    if (report.parley === "loaded") this.begin();
    else if (report.parley === "shut") this.close();
    else if (report.parley === "keep") this.shelf.set(report.key, report.value);
    else if (report.parley === "token") void this.identify(report.id);
    else if (report.parley === "event") this.learn(report.name, report.data);
  };

  /** Tells a frame that has just started what the page wants; a frame that started again hears of it again. */
  private begin(): void {
    const { element: _, identityToken: __, ...rest } = this.options;
    const kept = this.waiting;
    this.waiting = [];
    this.loaded = true;
    this.launcher.regain();
    this.call("init", { ...JSON.parse(JSON.stringify(rest)), identity: this.token !== undefined, kept: this.shelf.entries() });
    if (this.isOpen && !kept.some((c) => (c as { name: string }).name === "open")) this.call("open");
    for (const call of kept) this.launcher.frame!.contentWindow!.postMessage(call, this.origin);
  }

  private async identify(id: number): Promise<void> {
    let token = "";
    try {
      token = (typeof this.token === "function" ? await this.token() : this.token) ?? "";
    } catch (why) {
      this.say("error", { code: "identity", message: String(why) });
    }
    this.call("token", id, token);
  }

  private learn(name: keyof WidgetEvents, data: unknown): void {
    if (name === "unread") {
      this.unread = (data as WidgetEvents["unread"]).count;
      this.launcher.setUnread(this.unread);
    }
    if (name === "sessionCreated") this.session = (data as WidgetEvents["sessionCreated"]).session_id;
    if (name === "sessionClosed" && !(data as WidgetEvents["sessionClosed"]).successor_id) this.session = undefined;
    this.say(name, data as never);
  }

  private say<Name extends keyof WidgetEvents>(name: Name, event: WidgetEvents[Name]): void {
    if (name === "error") console.error("Parley:", event);
    for (const heard of this.heard.get(name) ?? []) {
      try {
        heard(event as never);
      } catch (why) {
        console.error(why);
      }
    }
  }
}

/** Programs that read pages for search engines and previews get no chat. */
export function crawler(): boolean {
  return /bot\b|crawl|spider|slurp|preview|facebookexternalhit|lighthouse|pagespeed/i.test(navigator.userAgent);
}
