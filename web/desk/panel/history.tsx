import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { fullMoment } from "../../shared/moment.ts";
import { explain } from "../account/problem.ts";
import { threads } from "../api/desk.ts";
import type { ContextChange } from "../api/types.ts";
import { isWord, useWords } from "../words/words.tsx";
import { ContextTree } from "./context-tree.tsx";

const few = 5;

/** Who changed the context when, newest first. Read anew when the version moved. */
export function History({ id, version }: { id: string; version: number }) {
  const { t, language } = useWords();
  const [entries, setEntries] = useState<ContextChange[] | null>(null);
  const [all, setAll] = useState(false);
  const [fault, setFault] = useState("");
  useEffect(() => {
    let here = true;
    threads.contextHistory(id).then((found) => here && setEntries(found.entries), (error: unknown) => here && setFault(explain(error, t)));
    return () => {
      here = false;
    };
  }, [id, version, t]);
  const author = (entry: ContextChange) => {
    const by = `author_${entry.by}`;
    return entry.agent?.agent_name || (isWord(by) ? t(by) : entry.by);
  };
  if (fault) return <p className="fault" role="alert">{fault}</p>;
  if (!entries) return <p className="empty-line">{t("loading")}</p>;
  if (entries.length === 0) return <p className="quiet">{t("history_none")}</p>;
  return (
    <>
      <ol className="history">
        {entries.slice(0, all ? undefined : few).map((entry) => (
          <li key={entry.sequence}>
            <p><strong>{author(entry)}</strong> <time dateTime={new Date(entry.at).toISOString()} className="quiet">{fullMoment(entry.at, language)}</time> <span className="tag">{t("history_version", { n: entry.version })}</span></p>
            <ContextTree value={entry.patch ?? {}} masked={[]} />
          </li>
        ))}
      </ol>
      {entries.length > few && !all ? <Button className="link-button" onPress={() => setAll(true)}>{t("history_all", { n: entries.length })}</Button> : null}
    </>
  );
}
