import { memo } from "react";
import { fullMoment, shortSpan } from "../../shared/moment.ts";
import type { Row } from "../api/types.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Go } from "../ui/go.tsx";
import { Icon } from "../ui/icon.tsx";
import { useWords, type Words } from "../words/words.tsx";

/** Nobody should wait longer without it showing. */
const late = 5 * 60_000;

export function nameOf(row: Row, t: Words): string {
  return row.name || t("visitor", { id: row.client_id.slice(-4) });
}

/** One thread of the list: who, the last words, how long ago, who owns it. */
export const ThreadRow = memo(function ThreadRow({ row, now, isOpen, asked }: { row: Row; now: number; isOpen: boolean; asked: boolean }) {
  const { t, language } = useWords();
  const name = nameOf(row, t);
  const waits = row.waiting_since ? now - row.waiting_since : 0;
  const preview = row.preview_author === "agent" || row.preview_author === "bot" || row.preview_author === "note" ? `${t(`by_${row.preview_author}`)}: ${row.preview}` : row.preview;
  return (
    <Go to={{ page: "threads", thread: row.id }} className="row" aria-current={isOpen ? "page" : undefined}>
      <Avatar name={name} picture={row.avatar} seed={row.client_id} />
      <span className="row-body">
        <span className="row-top">
          <strong className="row-name">{name}</strong>
          {row.waiting_since ? (
            <span className={`row-wait ${waits > late ? "late" : ""}`} title={t("waiting_since", { at: fullMoment(row.waiting_since, language) })}>
              <Icon name="clock" size={13} /><span className="unseen">{t("waiting")} </span>{shortSpan(waits, language)}
            </span>
          ) : row.last_at ? (
            <time className="row-time" dateTime={new Date(row.last_at).toISOString()} title={fullMoment(row.last_at, language)}>{shortSpan(now - row.last_at, language)}</time>
          ) : null}
        </span>
        <span className="row-middle">
          <span className="row-preview">{preview || t("no_messages")}</span>
          {asked ? <span className="badge badge-asked" title={t("mentioned")}><span aria-hidden="true">@</span><span className="unseen">{t("mentioned")}</span></span> : null}
          {row.unread > 0 ? <span className={`badge ${row.status === "bot" ? "badge-quiet" : ""}`}><span className="unseen">{t("unread")} </span>{row.unread}</span> : null}
        </span>
        <span className="row-bottom">
          <Standing row={row} t={t} />
          {(row.tags ?? []).slice(0, 2).map((tag) => <span key={tag} className="tag">{tag}</span>)}
          <span className="row-place-name">{row.integration_name}</span>
        </span>
      </span>
    </Go>
  );
});

function Standing({ row, t }: { row: Row; t: Words }) {
  if (row.status === "open" && row.owner.agent) return <span className="standing standing-open"><Icon name="person" size={13} /> {row.owner.agent.agent_name}</span>;
  const icon = { bot: "bot", queued: "people", snoozed: "snooze", resolved: "check", ended: "close", open: "person" } as const;
  return <span className={`standing standing-${row.status}`}><Icon name={icon[row.status]} size={13} /> {t(`status_${row.status}`)}</span>;
}
