import { render } from "preact";
import { chooseLanguage, translator, type Language } from "../../shared/language.ts";
import type { Call, Configuration, FrameOptions } from "../protocol.ts";
import { App } from "./app.tsx";
import { Chat } from "./chat.ts";
import "./frame.css";
import { isScheme, Page } from "./page.ts";
import { Shelf } from "../shelf.ts";
import { Store } from "./store.ts";
import { paint, setScheme, setVariables } from "./theme.ts";
import { beep } from "./tone.ts";
import { en, ru, type Words } from "./words.ts";

const query = new URLSearchParams(location.search);
const integration = query.get("integration") ?? "";
const configured: Promise<Configuration> = fetch(`/v1/web/${encodeURIComponent(integration)}`).then((answer) => {
  if (!answer.ok) throw new Error(`no configuration: ${answer.status}`);
  return answer.json() as Promise<Configuration>;
});

let chat: Chat | undefined;
let config: Configuration;
let options: FrameOptions = { integrationId: integration, identity: false, kept: {} };
let language: Language = "en";
let words: Words = translator(language, en);
let drawing = false;

const page = new Page(query.get("origin") ?? "", (call) => {
  if (call.name === "init") options = call.args[0] as FrameOptions;
  void started.then(() => obey(call));
});
const started = page.alone ? start() : waitForInit().then(start);

function waitForInit(): Promise<void> {
  return new Promise((told) => {
    const tick = (e: MessageEvent) => {
      if (e.source !== window.parent || e.origin !== page.origin || e.data?.name !== "init") return;
      removeEventListener("message", tick);
      told();
    };
    addEventListener("message", tick);
    page.post({ parley: "loaded" });
  });
}

async function start(): Promise<void> {
  config = { ...(await configured), ...overrides(options) };
  speak(options.locale);
  paint(config);
  const scheme = options.colorScheme ?? config.theme;
  setScheme(isScheme(scheme) ? scheme : "auto");
  const store = shelve();
  const given = new URLSearchParams(location.hash.slice(1)).get("session");
  if (given && page.alone) {
    store.write({ ...store.read(), session: given });
    history.replaceState(null, "", location.pathname + location.search); // an id of a session is not for histories
  }
  chat = new Chat({
    integration, config, store,
    token: () => page.token(),
    report: (name, data) => {
      page.report(name, data);
      if (name === "message" && (data as { author: string }).author !== "user" && !chat?.visible && (chat?.sound ?? options.sound)) beep();
    },
    changed: draw,
  });
  if (options.context) chat.updateContext(options.context);
  if (page.alone) chat.show();
  draw();
}

/** In a window of its own the chat has a shelf; in a page's frame the page has it. */
function shelve(): Store {
  if (!page.alone) return new Store(options.kept, (key, value) => page.post({ parley: "keep", key, value }));
  const shelf = new Shelf(integration, "local");
  return new Store(shelf.entries(), (key, value) => shelf.set(key, value));
}

/** The keys of a configuration that a page may give itself. What protects the visitor stays the server's. */
function overrides(o: FrameOptions): Partial<Configuration> {
  const { integrationId: _, identity: __, kept: ___, context: ____, domains: _____, ...rest } = o as Record<string, unknown>;
  return rest as Partial<Configuration>;
}

function speak(locale: string | undefined): void {
  const wanted = locale ?? (config.language === "auto" ? undefined : config.language);
  language = chooseLanguage(wanted, navigator.languages);
  words = language === "ru" ? translator(language, ru) : translator(language, en);
  document.documentElement.lang = language;
  document.title = config.header_title || config.name || words("title");
}

const commands: Record<string, (...args: never[]) => void> = {
  open: () => {
    chat!.show();
    requestAnimationFrame(focusFirst);
  },
  close: () => chat!.hide(),
  sendMessage: (m: { text: string }) => chat!.send(m.text),
  updateContext: (patch: Record<string, unknown>) => chat!.updateContext(patch),
  addTag: (tag: string) => chat!.setTags((tags) => [...tags, tag]),
  removeTag: (tag: string) => chat!.setTags((tags) => tags.filter((t) => t !== tag)),
  setCSSVariables: setVariables,
  setLocale: (locale: string) => speak(locale),
  setColorScheme: (scheme: unknown) => isScheme(scheme) && setScheme(scheme),
  login: () => chat!.login(),
  reset: () => chat!.reset(),
  resume: (session: string) => chat!.resume(session),
};

function obey(call: Call): void {
  commands[call.name]?.(...(call.args as never[]));
  draw();
}

/** Where a visitor who opens the chat goes on: the form's first field, or the message. */
function focusFirst(): void {
  (document.querySelector<HTMLElement>("form.before input, .composer textarea") ?? document.querySelector<HTMLElement>("[role=dialog]"))?.focus();
}

function draw(): void {
  if (drawing || !chat) return;
  drawing = true;
  queueMicrotask(() => {
    drawing = false;
    const shut = page.alone ? undefined : () => page.post({ parley: "shut" });
    render(<App chat={chat!} config={config} words={words} language={language} integration={integration} shut={shut} />, document.getElementById("chat")!);
  });
}

addEventListener("keydown", (e) => {
  if (e.key === "Escape" && !e.defaultPrevented && !page.alone) page.post({ parley: "shut" });
});
