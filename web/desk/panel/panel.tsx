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
import { Context } from "./context-editor.tsx";
import { History } from "./history.tsx";
import { Records } from "./records.tsx";
import { Sessions } from "./sessions.tsx";

/** The fourth region: who the client is and what is known. */
export default function Panel({ id, close }: { id: string; close: () => void }) {
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
          <Contact row={row} detail={detail} />
          <Part title="context"><Context store={store} /></Part>
          <Part title="history" shut><History id={id} version={detail.version} /></Part>
          <Part title="sessions"><Sessions sessions={detail.sessions} /></Part>
          <Part title="previous"><Previous id={id} /></Part>
          <Part title="records" shut><Records row={row} /></Part>
        </div>
      ) : null}
    </aside>
  );
}

/** A part of the panel; what is shut is not drawn, so that it asks the server for nothing before somebody opens it. */
function Part({ title, shut = false, children }: { title: Word; shut?: boolean; children: ReactNode }) {
  const { t } = useWords();
  const [open, setOpen] = useState(!shut);
  return (
    <Disclosure className="part" isExpanded={open} onExpandedChange={setOpen}>
      <Heading level={3}><Button slot="trigger" className="part-title">{t(title)}</Button></Heading>
      <DisclosurePanel>{open ? children : null}</DisclosurePanel>
    </Disclosure>
  );
}

function Contact({ row, detail }: { row: Row; detail: ThreadDetail }) {
  const { t, language } = useWords();
  const facts: [Word, string | null | undefined][] = [
    ["email", row.email], ["user_id", detail.client.user_id], ["channel", row.channel], ["language", row.language], ["integration", row.integration_name],
    ["opened", row.opened_at ? fullMoment(row.opened_at, language) : ""], ["rating", row.rating ? `${row.rating} / 5` : ""],
    ["client_threads", detail.client.threads_count > 1 ? String(detail.client.threads_count) : ""], ["notes_count", detail.notes_count ? String(detail.notes_count) : ""],
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
  return <ul className="previous">{rows.map((row) => <li key={row.id}><ThreadRow row={row} now={now} isOpen={false} asked={false} /></li>)}</ul>;
}
