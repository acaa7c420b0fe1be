import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { safeMedia } from "../../shared/link.ts";
import type { Language } from "../../shared/language.ts";
import type { Actions } from "../../shared/reply.tsx";
import type { Configuration } from "../protocol.ts";
import type { Chat } from "./chat.ts";
import { Composer } from "./composer.tsx";
import { Form } from "./form.tsx";
import { Icon } from "./icon.tsx";
import { Message, Remark } from "./message.tsx";
import { Survey } from "./survey.tsx";
import { Webview, type View } from "./webview.tsx";
import type { Words } from "./words.ts";

export interface Scene {
  chat: Chat;
  config: Configuration;
  words: Words;
  language: Language;
  integration: string;
  /** Closes the panel; absent in a window of its own. */
  shut?: () => void;
}

export function App(scene: Scene) {
  const { chat, config, words } = scene;
  const [view, setView] = useState<View | undefined>(undefined);
  const title = config.header_title || config.name || words("title");
  const actions: Actions = { say: (text) => chat.send(text), openWebview: setView };
  return (
    <div className="panel" role="dialog" aria-label={title} aria-modal={config.focus_trap || undefined} tabIndex={-1} onKeyDown={config.focus_trap ? keepFocus : undefined}>
      <Header {...scene} title={title} />
      <Banner {...scene} />
      {chat.needsForm ? (
        <Form {...scene} />
      ) : (
        <>
          <Messages {...scene} actions={actions} />
          <Below {...scene} />
          <Composer {...scene} />
        </>
      )}
      {view ? <Webview view={view} {...scene} close={() => setView(undefined)} /> : null}
    </div>
  );
}

/** Tab goes round inside of the panel (focus_trap). */
function keepFocus(e: KeyboardEvent<HTMLElement>) {
  if (e.key !== "Tab") return;
  const all = [...e.currentTarget.querySelectorAll<HTMLElement>("a[href], button, input, textarea, select, [tabindex='0']")].filter((el) => !el.matches(":disabled") && el.getClientRects().length > 0);
  const end = e.shiftKey ? all[0] : all.at(-1);
  if (document.activeElement !== end && document.activeElement !== e.currentTarget) return;
  e.preventDefault();
  (e.shiftKey ? all.at(-1) : all[0])?.focus();
}

function Header({ chat, config, words, integration, shut, title }: Scene & { title: string }) {
  const avatar = config.avatar ? safeMedia(config.avatar) : null;
  const state = chat.handover ? words("waiting") : chat.agent || (chat.connection === "connecting" ? words("connecting") : words("online"));
  const popout = () => {
    const url = new URL(location.href);
    url.search = `?integration=${encodeURIComponent(integration)}`;
    url.hash = chat.session ? `session=${chat.session}` : "";
    window.open(url, "_blank", "popup,noopener,width=420,height=680");
    shut?.();
  };
  return (
    <header>
      {avatar ? <img className="avatar" src={avatar} alt="" /> : null}
      <div className="titles">
        <h1>{title}</h1>
        <p className="state">{state}</p>
      </div>
      <Menu label={words("menu")}>
        <button type="button" onClick={() => { chat.setSound(!chat.sound); }}>{words(chat.sound ? "soundOff" : "soundOn")}</button>
        {shut ? <button type="button" onClick={popout}>{words("popout")}</button> : null}
        {chat.session ? <button type="button" onClick={() => chat.end()}>{words("end")}</button> : null}
      </Menu>
      {shut ? <button type="button" className="tool" aria-label={words("close")} onClick={shut}><Icon name="close" /></button> : null}
    </header>
  );
}

function Menu({ label, children }: { label: string; children: unknown }) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const away = (e: Event) => {
      if (!box.current?.contains(e.target as Node)) setOpen(false);
    };
    addEventListener("pointerdown", away);
    addEventListener("focusin", away);
    return () => {
      removeEventListener("pointerdown", away);
      removeEventListener("focusin", away);
    };
  }, [open]);
  return (
    <div
      className="menu" ref={box}
      onKeyDown={(e) => {
        if (e.key !== "Escape" || !open) return;
        e.preventDefault();
        setOpen(false);
        button.current?.focus();
      }}
    >
      <button type="button" className="tool" ref={button} aria-label={label} aria-expanded={open} onClick={() => setOpen(!open)}><Icon name="menu" /></button>
      {open ? <div className="choices" onClick={() => { setOpen(false); button.current?.focus(); }}>{children as never}</div> : null}
    </div>
  );
}

/** What is wrong: the connection in a status, everything else in an alert. Both regions are always there to be announced. */
function Banner({ chat, words }: Scene) {
  const problems: Record<string, Parameters<Words>[0]> = { gone: "gone", rate_limited: "busy", unavailable: "busy", invalid_identity_token: "identity" };
  const offline = chat.connection === "offline" && chat.problem !== "gone";
  return (
    <>
      <div role="status" className="banner-box">{offline ? <p className="banner">{words("offline")}</p> : null}</div>
      <div role="alert" className="banner-box">{chat.problem && chat.problem !== "offline" ? <p className="banner error">{words(problems[chat.problem] ?? "problem")}</p> : null}</div>
    </>
  );
}

function Messages({ chat, config, words, language, actions }: Scene & { actions: Actions }) {
  const box = useRef<HTMLDivElement>(null);
  const follow = useRef(true);
  const items = chat.log.items.filter((i) => i.kind === "note" || !i.hidden);
  const lastSaid = items.findLast((i) => i.kind === "said");
  const top = useRef(0);
  const stick = () => {
    const el = box.current;
    if (el && follow.current) el.scrollTop = el.scrollHeight;
  };
  useEffect(stick);
  useEffect(() => {
    const watch = new ResizeObserver(stick);
    watch.observe(box.current!);
    return () => watch.disconnect();
  }, []);
  return (
    <>
      <div
        className="log" ref={box} role="log" aria-label={words("messages")} tabIndex={0}
        onScroll={(e) => {
          const el = e.currentTarget;
          // Only a reader who scrolls up lets go of the end; a log that grows does not.
          if (el.scrollTop < top.current - 1) follow.current = false;
          if (el.scrollHeight - el.scrollTop - el.clientHeight < 40) follow.current = true;
          top.current = el.scrollTop;
        }}
      >
        {config.welcome_message ? <p className="welcome">{config.welcome_message}</p> : null}
        {items.map((item, i) =>
          item.kind === "note" ? (
            <Remark key={item.key} note={item} words={words} />
          ) : (
            <Message
              key={item.key} item={item} previous={items[i - 1]} chat={chat} config={config} words={words} language={language}
              actions={item === lastSaid ? actions : { openWebview: actions.openWebview }} newest={item === lastSaid}
            />
          ),
        )}
      </div>
      <p className="typing" aria-live="polite">
        {chat.typing === undefined ? null : <><span className="dots" aria-hidden="true"><i /><i /><i /></span>{words("typing", { name: chat.typing || (chat.agent ?? words("bot")) })}</>}
      </p>
    </>
  );
}

/** What can be done with a conversation that was closed. */
function Below({ chat, config, words }: Scene) {
  if (chat.closedUntil === 0) return null;
  return (
    <div className="below">
      {config.show_survey ? <Survey chat={chat} words={words} /> : null}
      {chat.closedUntil > Date.now() ? <button type="button" className="option" onClick={() => void chat.reopen()}>{words("reopen")}</button> : null}
    </div>
  );
}
