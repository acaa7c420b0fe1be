import { fullMoment } from "../../shared/moment.ts";
import type { ThreadDetail } from "../api/types.ts";
import { isWord, useWords } from "../words/words.tsx";

/** The sessions of the thread, newest first: when each ended, why, and which one followed. */
export function Sessions({ sessions }: { sessions: ThreadDetail["sessions"] }) {
  const { t, language } = useWords();
  const newest = [...sessions].reverse();
  const reasonOf = (reason: string) => (isWord(`ended_${reason}`) ? t(`ended_${reason}` as never) : reason);
  const toSuccessor = (id: string) => {
    const line = document.getElementById(`session-${id}`);
    line?.focus();
    line?.scrollIntoView({ block: "nearest" });
  };
  return (
    <ol className="sessions">
      {newest.map((session) => (
        <li key={session.session_id} id={`session-${session.session_id}`} tabIndex={-1} className={session.ended_at ? "" : "session-open"}>
          <time dateTime={new Date(session.opened_at).toISOString()}>{fullMoment(session.opened_at, language)}</time>
          <span>{session.ended_at ? t("session_ended", { at: fullMoment(session.ended_at, language), reason: reasonOf(session.reason) }) : t("session_open")}</span>
          <code className="session-id">{session.session_id}</code>
          {session.successor_id ? <a href={`#session-${session.successor_id}`} onClick={(event) => { event.preventDefault(); toSuccessor(session.successor_id!); }}>{t("session_successor")}</a> : null}
        </li>
      ))}
    </ol>
  );
}
