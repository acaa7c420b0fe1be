import { useEffect, useMemo, useState, type ReactNode } from "react";
import { Button, Disclosure, DisclosurePanel, Heading } from "react-aria-components";
import { fullMoment } from "../../shared/moment.ts";
import { threads } from "../api/desk.ts";
import type { Row, ThreadDetail } from "../api/types.ts";
import { nameOf, ThreadRow } from "../list/thread-row.tsx";
import { useDesk } from "../live/desk.ts";
import { Avatar } from "../ui/avatar.tsx";
import { useNow } from "../ui/clock.ts";
import { IconButton } from "../ui/icon-button.tsx";
import { useSignal } from "../ui/signal.ts";
import { useWords, type Word } from "../words/words.tsx";
import { ContextTree } from "./context-tree.tsx";

/** The fourth region: who the client is and what is known. */
export function Panel({ id, close }: { id: string; close: () => void }) {
  const desk = useDesk();
  const { t } = useWords();
  const store = useMemo(() => desk.thread(id), [desk, id]);
  const { detail, row } = useSignal(store.view);
  return (
    <aside className="panel-region" aria-label={t("panel")}>
      <header className="panel-head">
        <h2>{t("panel")}</h2>
        <IconButton icon="close" label={t("panel_hide")} onPress={close} />
      </header>
      {row && detail ? (
        <div className="panel-body">
          <Contact row={row} />
          <Part title="context"><ContextTree value={detail.context} masked={detail.masked ?? []} /></Part>
          <Part title="sessions"><Sessions detail={detail} /></Part>
          <Part title="previous"><Previous id={id} /></Part>
        </div>
      ) : null}
    </aside>
  );
}

function Part({ title, children }: { title: Word; children: ReactNode }) {
  const { t } = useWords();
  return (
    <Disclosure className="part" defaultExpanded>
      <Heading level={3}><Button slot="trigger" className="part-title">{t(title)}</Button></Heading>
      <DisclosurePanel>{children}</DisclosurePanel>
    </Disclosure>
  );
}

function Contact({ row }: { row: Row }) {
  const { t, language } = useWords();
  const facts: [Word, string | null | undefined][] = [
    ["email", row.email], ["channel", row.channel], ["language", row.language], ["integration", row.integration_name],
    ["opened", row.opened_at ? fullMoment(row.opened_at, language) : ""], ["rating", row.rating ? `${row.rating} / 5` : ""],
  ];
  return (
    <div className="contact">
      <Avatar name={nameOf(row, t)} picture={row.avatar} seed={row.client_id} size="l" />
      <p className="contact-name">{nameOf(row, t)}</p>
      <dl className="facts">
        {facts.filter(([, value]) => value).map(([word, value]) => <div key={word}><dt>{t(word)}</dt><dd>{value}</dd></div>)}
      </dl>
    </div>
  );
}

function Sessions({ detail }: { detail: ThreadDetail }) {
  const { t, language } = useWords();
  return (
    <ol className="sessions">
      {detail.sessions.map((session) => (
        <li key={session.session_id}>
          <time dateTime={new Date(session.opened_at).toISOString()}>{fullMoment(session.opened_at, language)}</time>
          <span>{session.ended_at ? t("session_ended", { at: fullMoment(session.ended_at, language), reason: session.reason }) : t("session_open")}</span>
          {session.successor_id ? <span>{t("session_successor")}</span> : null}
        </li>
      ))}
    </ol>
  );
}

function Previous({ id }: { id: string }) {
  const { t } = useWords();
  const now = useNow(60_000);
  const [rows, setRows] = useState<Row[] | null>(null);
  useEffect(() => {
    let here = true;
    threads.previous(id).then((found) => here && setRows(found.threads), () => here && setRows([]));
    return () => {
      here = false;
    };
  }, [id]);
  if (rows === null) return <p className="empty-line">{t("loading")}</p>;
  if (rows.length === 0) return <p className="empty-line">{t("previous_none")}</p>;
  return <ul className="previous">{rows.map((row) => <li key={row.id}><ThreadRow row={row} now={now} isOpen={false} /></li>)}</ul>;
}
