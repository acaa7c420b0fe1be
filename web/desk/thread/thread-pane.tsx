import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { threads } from "../api/desk.ts";
import { persist } from "../api/persist.ts";
import { Composer } from "../composer/composer.tsx";
import { nameOf } from "../list/thread-row.tsx";
import { useDesk } from "../live/desk.ts";
import { useTitle } from "../live/title.ts";
import { navigate } from "../route.ts";
import { useArrival } from "../search/arrival.ts";
import { Avatar } from "../ui/avatar.tsx";
import { IconButton } from "../ui/icon-button.tsx";
import { useSignal } from "../ui/signal.ts";
import { useWords } from "../words/words.tsx";
import { LineView } from "./line.tsx";
import type { ThreadStore, ThreadView } from "./store.ts";
import { Takeover } from "./takeover.tsx";
import { timeline, type Line } from "./timeline.ts";

/** The third region: one thread, live. */
export function ThreadPane({ id, at, panelShown, togglePanel }: { id: string; at: number | undefined; panelShown: boolean; togglePanel: () => void }) {
  const desk = useDesk();
  const { t } = useWords();
  const store = useMemo(() => desk.thread(id), [desk, id]);
  const view = useSignal(store.view);
  useEffect(() => desk.show(store), [desk, store]);
  useRead(store, view);
  useUnsent(view.outgoing.length > 0);
  useArrival(store, view, at);
  const { row } = view;
  useTitle(row ? nameOf(row, t) : "");

  if (view.phase === "missing") return <p className="empty">{t("thread_missing")}</p>;
  if (view.phase === "failed") return <div className="empty"><p>{t("thread_failed")}</p><Button className="button" onPress={() => void store.open()}>{t("try_again")}</Button></div>;
  return (
    <section className="thread" aria-label={row ? t("thread_with", { name: nameOf(row, t) }) : t("threads")} aria-busy={view.phase === "loading"}>
      <header className="thread-head">
        <IconButton data-command="shut" icon="back" label={t("back_to_list")} className="only-narrow" onPress={() => navigate({ page: "threads" })} />
        {row ? <Avatar name={nameOf(row, t)} picture={row.avatar} seed={row.client_id} size="s" /> : null}
        <div className="thread-who">
          <h1>{row ? nameOf(row, t) : " "}</h1>
          <p>{row ? [row.integration_name, row.channel, row.email].filter(Boolean).join(" · ") : " "}</p>
        </div>
        <Viewing view={view} />
        <IconButton data-command="panel" icon="panel" label={t(panelShown ? "panel_hide" : "panel_show")} aria-expanded={panelShown} onPress={togglePanel} />
      </header>
      {row ? <Takeover store={store} row={row} /> : null}
      <Log store={store} view={view} />
      {row ? <Composer key={id} store={store} row={row} /> : null}
    </section>
  );
}

/** The agent who has a thread and looks at it has read it. */
function useRead(store: ThreadStore, view: ThreadView) {
  const desk = useDesk();
  const me = useSignal(desk.me).agent.id;
  const { row } = view;
  useEffect(() => {
    if (!row) return;
    const look = () => {
      if (document.visibilityState === "visible") desk.unread.look(row);
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [row, desk]);
  const unread = view.row?.owner.agent?.agent_id === me && view.row.unread > 0 ? view.row.last_sequence : 0;
  useEffect(() => {
    if (!unread || !desk.may("answer")) return;
    let news = true;
    const read = () => {
      if (document.visibilityState === "visible" && document.hasFocus()) void store.act(persist(() => threads.read(store.id), () => news)).catch(() => undefined);
    };
    const timer = setTimeout(read, 400);
    addEventListener("focus", read);
    return () => {
      news = false;
      clearTimeout(timer);
      removeEventListener("focus", read);
    };
  }, [unread, store, desk]);
}

/** Asks before a page is left that still has something to send. */
function useUnsent(unsent: boolean) {
  useEffect(() => {
    if (!unsent) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [unsent]);
}

function Viewing({ view }: { view: ThreadView }) {
  const desk = useDesk();
  const { t } = useWords();
  const others = view.viewing.filter((agent) => agent.agent_id !== desk.me.value.agent.id);
  if (others.length === 0) return null;
  const names = others.map((agent) => agent.agent_name).join(", ");
  return (
    <div className="viewing" title={t("also_viewing", { names })}>
      <span className="unseen">{t("also_viewing", { names })}</span>
      {others.slice(0, 3).map((agent) => <Avatar key={agent.agent_id} name={agent.agent_name} picture={agent.agent_avatar} seed={agent.agent_id} size="s" />)}
    </div>
  );
}

/** Near enough to the end to follow it. */
const nearEnd = 80;

/** What was said. It stays at the end while one reads there, and where one reads while older events come. */
function Log({ store, view }: { store: ThreadStore; view: ThreadView }) {
  const { t } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [unseen, setUnseen] = useState(0);
  const { events, outgoing, marks, phase } = view;
  const lines = useMemo(() => timeline(events, outgoing, marks), [events, outgoing, marks]);
  const newest = lines.at(-1)?.key;
  const oldest = events[0]?.sequence;
  const height = useRef({ oldest, fromEnd: 0 });
  const count = useRef(lines.length);

  useLayoutEffect(() => {
    const el = box.current;
    if (!el) return;
    if (height.current.oldest !== oldest && !atEnd.current) el.scrollTop = el.scrollHeight - height.current.fromEnd;
    height.current = { oldest, fromEnd: el.scrollHeight - el.scrollTop };
    if (atEnd.current) el.scrollTop = el.scrollHeight;
    else if (count.current < lines.length && height.current.oldest === oldest) setUnseen((n) => n + lines.length - count.current);
    count.current = lines.length;
  }, [oldest, newest, lines.length]);

  // Pictures that load and panes that change their size must not move the end out of sight.
  useEffect(() => {
    const el = box.current;
    if (!el || !inner.current) return;
    const watch = new ResizeObserver(() => {
      if (atEnd.current) el.scrollTop = el.scrollHeight;
    });
    watch.observe(inner.current);
    watch.observe(el);
    return () => watch.disconnect();
  }, []);

  const scrolled = () => {
    const el = box.current!;
    atEnd.current = el.scrollHeight - el.scrollTop - el.clientHeight < nearEnd;
    height.current = { oldest, fromEnd: el.scrollHeight - el.scrollTop };
    if (atEnd.current) setUnseen(0);
    if (el.scrollTop < 200 && view.older) void store.older();
  };
  const toEnd = () => {
    atEnd.current = true;
    box.current!.scrollTop = box.current!.scrollHeight;
    setUnseen(0);
  };

  return (
    <div className="log-frame">
      <div className="log" ref={box} role="log" aria-label={t("messages")} aria-live="polite" aria-relevant="additions" tabIndex={0} onScroll={scrolled}>
        <div ref={inner} className="log-lines">
          {view.loadingOlder ? <p className="system-line">{t("loading")}</p> : null}
          {phase === "loading" ? <div className="skeletons" aria-hidden="true">{Array.from({ length: 5 }, (_, i) => <span key={i} className="skeleton bubble-skeleton" />)}</div> : null}
          {lines.map((line: Line) => <LineView key={line.key} line={line} store={store} name={view.row ? nameOf(view.row, t) : ""} picture={view.row?.avatar} seed={view.row?.client_id ?? ""} />)}
          {view.typing.map((one, i) => (
            <p key={i} className="typing">
              <span className="typing-dots" aria-hidden="true"><i /><i /><i /></span>
              {one.author === "user" ? t("typing_user", { name: view.row ? nameOf(view.row, t) : "" }) : t("typing_agent", { name: one.name ?? "" })}
              {one.text ? <q>{one.text}</q> : null}
            </p>
          ))}
        </div>
      </div>
      {unseen > 0 ? <Button className="button unseen-button" onPress={toEnd}>{t("new_messages", { n: unseen })}</Button> : null}
    </div>
  );
}
